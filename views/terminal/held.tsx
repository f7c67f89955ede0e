import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { toTicks, worthOf } from '#src/domain/instruments/ticks.ts'
import type { ExitReading, PositionReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatAmount, formatMoney, formatNumber, formatPrice, formatSigned, formatTime, unknown } from '../format.ts'
import { elementId } from '../parts/id.ts'
import { KindTag } from '../parts/tag.tsx'

/** Where the order rests: what is on this machine dies with it. */
const places = { broker: 'broker', platform: 'this PC', unknown: 'where?' } as const

type ExitProps = { name: string; position: PositionReading; exit: ExitReading }

/** Its price, for how many of the position where not for all, and where the order rests. */
const Level = ({ name, position: { instrument, quantity }, exit }: ExitProps) => (
  <p>
    {name} <b class="figure">{formatPrice(instrument, exit.price)}</b>{' '}
    {exit.quantity < Math.abs(quantity) && `for ${exit.quantity} of ${Math.abs(quantity)} `}
    <small class="text-quiet">· {places[exit.where]}</small>
  </p>
)

/** How far the last price is from an exit, and what that is worth on the contracts it takes out. */
const Distance = ({ instrument, last, exit }: { instrument: InstrumentId; last: number; exit: ExitReading }) => {
  const spec = specOf(instrument)
  const ticks = Math.abs(toTicks(spec, exit.price) - toTicks(spec, last))
  return (
    <p class="figure" title={`${formatSigned(exit.ticks, 0)} ticks from the average entry`}>
      {formatNumber(ticks)} t · {formatAmount(worthOf(spec, ticks, exit.quantity))} off
    </p>
  )
}

/** An exit: where, how far from the last price, and what its contracts end at there. */
const Exit = (props: ExitProps) => {
  const { position, exit } = props
  const { instrument, last } = position
  return (
    <div class="exit">
      <Level {...props} />
      {last !== undefined && <Distance instrument={instrument} last={last} exit={exit} />}
      <p class="text-quiet" title="From the average entry, filled at its price, both sides’ fees taken off">
        ends at <span class="figure">{formatMoney(exit.money)}</span>
      </p>
    </div>
  )
}

/** A position without a stop for all of it: how long already, and the stop there is. The page counts on. */
const Naked = ({ since, position, wall }: { since: number; position: PositionReading; wall: number | undefined }) => (
  <div class="naked exit" role="alert">
    <p>
      <strong>NAKED</strong> <b data-since={since}>{ageText((wall ?? since) - since)}</b>
    </p>
    {position.stop ? <Level name="stop" position={position} exit={position.stop} /> : <p>no stop</p>}
  </div>
)

const Stop = ({ position, wall }: { position: PositionReading; wall: number | undefined }) => {
  if (position.nakedSince !== undefined) return <Naked since={position.nakedSince} position={position} wall={wall} />
  if (position.stop) return <Exit name="stop" position={position} exit={position.stop} />
  return <div class="text-quiet">no stop yet</div>
}

/** What the trader should ask himself, where it began, what its contract's card says of it, and whether one more may be added. */
const Link = ({ instrument, averagePrice, since, card, stack, lapses = [] }: PositionReading) => {
  // A narrow line is cut at its end: what is as planned may wait in its title.
  const [first, ...rest] = card?.words ?? []
  const words = [
    `from ${formatPrice(instrument, averagePrice)} since ${formatTime(since)}`,
    first,
    stack && `add: ${stack.words}`,
    ...rest,
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <p class="link" data-agrees={card?.agrees} title={[...lapses, words].join(' · ')}>
      {lapses.map((lapse) => (
        <>
          <b class="text-warn">{lapse}</b> ·{' '}
        </>
      ))}
      {card && !card.agrees && <b>Not the plan: </b>}
      {words}
    </p>
  )
}

/** One position NinjaTrader holds: side, price and age, what it earns, where it ends, and what its card says. */
export const Held = ({ position, wall }: { position: PositionReading; wall: number | undefined }) => {
  const { account, alias, kind, instrument, contract, quantity, last, lastAt, openNet, r } = position
  const age = lastAt === undefined ? undefined : (wall ?? lastAt) - lastAt
  const long = quantity > 0
  return (
    <li
      id={elementId('position', account, contract)}
      class="held"
      data-received-at={lastAt}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
    >
      <div>
        <p class="bias" data-bias={long ? 'long' : 'short'}>
          <span aria-hidden="true">{long ? '↑' : '↓'}</span> {long ? 'LONG' : 'SHORT'} {Math.abs(quantity)}{' '}
          <b>{contract}</b>
        </p>
        <p>
          {alias} <KindTag kind={kind} />
        </p>
      </div>
      <div>
        <p class="last figure" data-flash={last}>
          {formatPrice(instrument, last)}
        </p>
        <p class="age" data-age>
          {age === undefined ? 'no price' : ageText(age)}
        </p>
      </div>
      <div class="earned" data-tone={openNet === undefined || openNet === 0 ? undefined : openNet > 0 ? 'up' : 'down'}>
        <p class="last figure">{formatMoney(openNet)}</p>
        <p class="figure">{r === undefined ? unknown : `${formatSigned(r, 2)}R`}</p>
      </div>
      <Stop position={position} wall={wall} />
      {position.target ? (
        <Exit name="TP" position={position} exit={position.target} />
      ) : (
        <div class="text-quiet">no target</div>
      )}
      <Link {...position} />
    </li>
  )
}
