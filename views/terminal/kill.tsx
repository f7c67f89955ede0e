import type { AccountReading } from '#src/domain/picture.ts'
import { formatClock } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { killWords } from '../words.ts'

/** The kill switch's state above everything else, on every page; not there while it is off. */
export const Kill = ({ account, oob }: Oob & { account: AccountReading | undefined }) => {
  const { state, since, detail } = account?.kill ?? { state: 'off', since: 0, detail: '' }
  const words = state === 'off' ? undefined : killWords[state]
  return (
    <div id="kill" data-state={state} role="alert" hidden={words === undefined} hx-swap-oob={swapOf(oob)}>
      {words && (
        <>
          <strong>{words.word}</strong>
          <span>
            {detail && `${detail}. `}
            {words.next}
          </span>
          <time class="figure">since {formatClock(since)} ET</time>
        </>
      )}
    </div>
  )
}
