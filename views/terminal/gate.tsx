import type { GateFact, Gate as GateReading } from '#src/domain/picture.ts'
import { formatSince } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { gateReason } from '../words.ts'

/** Characters of a detail that may stand beside a fact's name. */
const shortDetail = 12

const idWords = (id: string): string => id.replaceAll('-', ' ')

/** `now` is market time: what holds since another day says so. */
type Now = { readonly now: number | undefined }

const Blocking = ({ fact, now }: Now & { fact: GateFact }) => (
  <li>
    <b>{idWords(fact.id)}</b> {gateReason(fact)}
    {fact.detail && `: ${fact.detail}`}{' '}
    <span class="text-quiet">
      {fact.source}, since {formatSince(fact.since, now ?? fact.since)}
    </span>
  </li>
)

/** So many reasons have room in full; of more the first has, and the others are named. */
const shownInFull = 2

const Also = ({ facts }: { facts: readonly GateFact[] }) => (
  <li>
    also{' '}
    {facts.map((fact, i) => (
      <>
        {i > 0 && ', '}
        <b>{idWords(fact.id)}</b>
        {fact.detail && fact.detail.length <= shortDetail && ` ${fact.detail}`}
      </>
    ))}
  </li>
)

const standing = (fact: GateFact): 'not watched' | 'ok' | 'blocks' =>
  fact.watched ? (fact.ok ? 'ok' : 'blocks') : 'not watched'

const Facts = ({ facts, now }: Now & { facts: readonly GateFact[] }) => (
  <div id="gate-facts" popover="auto" class="panel wide" role="note">
    <h4>May I trade? Every fact</h4>
    <table>
      {facts.map((fact) => (
        <tr data-standing={standing(fact).replace(' ', '-')}>
          <th scope="row">{idWords(fact.id)}</th>
          <td>{standing(fact)}</td>
          <td>
            {gateReason(fact)}
            {fact.detail && `: ${fact.detail}`}
          </td>
          <td class="text-quiet">{fact.source}</td>
          <td class="text-quiet">since {formatSince(fact.since, now ?? fact.since)}</td>
        </tr>
      ))}
    </table>
    <p>A fact that is not watched never counts as fulfilled; look after it yourself.</p>
  </div>
)

const Reasons = ({ facts, now }: Now & { facts: readonly GateFact[] }) => {
  const watched = facts.filter((fact) => fact.watched)
  const blocking = watched.filter((fact) => !fact.ok)
  const rest = facts.flatMap(({ id, watched, unwatched }) => (watched ? (unwatched ?? []) : idWords(id)))
  return (
    <div class="facts min-w-0 grow">
      {blocking.length > 0 ? (
        <ul class="reasons">
          {blocking.slice(0, blocking.length > shownInFull ? 1 : shownInFull).map((fact) => (
            <Blocking fact={fact} now={now} />
          ))}
          {blocking.length > shownInFull && <Also facts={blocking.slice(1)} />}
        </ul>
      ) : (
        <p>
          All {watched.length} watched facts hold: {watched.map((fact) => idWords(fact.id)).join(', ')}.
        </p>
      )}
      {rest.length > 0 && <p class="text-quiet">Not watched: {rest.join(', ')}.</p>}
    </div>
  )
}

type GateProps = Oob &
  Now & {
    gate: GateReading | undefined
    /** Without the panel of every fact. */
    brief?: boolean
  }

/** May I trade? One word, and the facts it rests on. Without a reading the answer is NO. */
export const Gate = ({ gate, now, brief, oob }: GateProps) => (
  <section
    id="gate"
    class="box gate"
    data-open={String(gate?.open ?? false)}
    aria-label="May I trade?"
    hx-swap-oob={swapOf(oob)}
  >
    <div class="shrink-0">
      <h2 class="label">May I trade?</h2>
      <strong class="answer">{gate?.open ? 'YES' : 'NO'}</strong>
    </div>
    {gate ? (
      <Reasons facts={gate.facts} now={now} />
    ) : (
      <p class="grow">The engine has not spoken yet. It answers when history is read.</p>
    )}
    {gate && !brief && (
      <>
        <button type="button" class="quiet-button" popovertarget="gate-facts">
          all facts
        </button>
        <Facts facts={gate.facts} now={now} />
      </>
    )}
  </section>
)
