import type { AccountReading, ClockReading } from '#src/domain/picture.ts'
import { formatClock } from '../format.ts'
import { onMarketClock } from '../market-clock.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { killWords } from '../words.ts'

type KillProps = Oob & { account: AccountReading | undefined; clock: ClockReading | undefined }

/** The kill switch's state above everything else, on every page; not there while it is off. */
export const Kill = ({ account, clock, oob }: KillProps) => {
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
          <time class="figure">since {formatClock(onMarketClock(clock, since))} ET</time>
        </>
      )}
    </div>
  )
}
