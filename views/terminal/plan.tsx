import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Picture, PlanReading } from '#src/domain/picture.ts'
import { parameters } from '#src/domain/signals/parameters.ts'
import { formatTime } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { noTradeWords } from '../words.ts'
import { FocusCard } from './focus-card.tsx'
import { QuietMarket } from './quiet-market.tsx'

type PlanProps = Oob & { picture: Partial<Picture>; instruments: readonly InstrumentId[] }

/** One market wherever the plan puts it: a card, or a line of the quiet row. */
export const Focus = ({ picture, instrument, oob }: Oob & { picture: Partial<Picture>; instrument: InstrumentId }) => {
  const card = picture[`focus:${instrument}`]
  const { clock, calibration, odds } = picture
  const shared = { price: picture[`price:${instrument}`], clock, calibration, oob }
  return card && picture.plan?.places.includes(instrument) ? (
    <FocusCard card={card} odds={odds} {...shared} />
  ) : (
    <QuietMarket instrument={instrument} card={card} {...shared} />
  )
}

const Version = ({ plan }: { plan: PlanReading }) => (
  <span>
    trade date {plan.tradeDate} ·{' '}
    {plan.frozenAt === undefined
      ? 'draft, not frozen yet'
      : `version ${plan.version}, frozen ${formatTime(plan.frozenAt)}`}
    {plan.hash && ` · ${plan.hash.slice(0, 8)}`}
    {plan.changes.length > 0 && (
      <>
        {' · '}
        <button type="button" class="why" popovertarget="plan-changes">
          {plan.changes.length} {plan.changes.length === 1 ? 'change' : 'changes'} since
        </button>
      </>
    )}
  </span>
)

const Changes = ({ plan }: { plan: PlanReading }) => (
  <div id="plan-changes" popover="auto" class="panel wide" role="note">
    <h4>What changed since the freeze</h4>
    <table>
      {plan.changes.map(({ at, text }) => (
        <tr>
          <th scope="row">{formatTime(at)}</th>
          <td>{text}</td>
        </tr>
      ))}
    </table>
  </div>
)

const NoTrade = ({ plan, why }: { plan: PlanReading; why: NonNullable<PlanReading['noTrade']> }) => (
  <div class="no-trade" role="status">
    <p>
      <span class="forbidden" aria-hidden="true">
        🚫
      </span>{' '}
      <strong>NO TRADE</strong> <span>sit on hands</span>
    </p>
    <p class="text-ink">
      {noTradeWords[why].why}
      {why === 'quality-too-low' && ` Best ${Math.floor(plan.bestQuality)} %, needed ${parameters.tradeQuality} %.`}
    </p>
    <p>{noTradeWords[why].next}</p>
  </div>
)

const Undrawn = () => (
  <div class="no-trade" role="status">
    <p>
      <span>The plan is not drawn yet</span>
    </p>
    <p>It appears here as soon as the engine has read its history. Until then there is nothing to trade.</p>
  </div>
)

/** Today's plan: at most four cards, the markets left alone, or NO TRADE. */
export const Plan = ({ picture, instruments, oob }: PlanProps) => {
  const { plan } = picture
  const places = plan?.places.filter((id) => picture[`focus:${id}`]) ?? []
  const rest = [...new Set([...(plan?.places ?? []), ...(plan?.rest ?? []), ...instruments])].filter(
    (id) => !places.includes(id),
  )
  return (
    <section id="plan" aria-label="Today’s plan" hx-swap-oob={swapOf(oob)}>
      <header class="box-title">
        <h2>Today’s plan</h2>
        {plan && <Version plan={plan} />}
      </header>
      {!plan && <Undrawn />}
      {plan?.noTrade && <NoTrade plan={plan} why={plan.noTrade} />}
      {places.length > 0 && (
        <div class="cards">
          {places.map((instrument) => (
            <Focus picture={picture} instrument={instrument} />
          ))}
          {places.length < parameters.maximumCards && (
            <p class="vacant">No other market qualifies. Fewer trades, better trades.</p>
          )}
        </div>
      )}
      <div class="quiet-row">
        {rest.map((instrument) => (
          <Focus picture={picture} instrument={instrument} />
        ))}
      </div>
      {plan && <Changes plan={plan} />}
    </section>
  )
}
