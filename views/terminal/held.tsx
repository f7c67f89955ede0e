import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ExitReading, PositionReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatMoney, formatNumber, formatPrice, formatSigned, formatTime, unknown } from '../format.ts'
import { elementId } from '../parts/id.ts'
import { KindTag } from '../parts/tag.tsx'

/** Where the order rests: what is on this machine dies with it. */
const places = { broker: 'broker', platform: 'this PC', unknown: 'where?' } as const

type ExitProps = { name: string; position: PositionReading; exit: ExitReading }

/** How far the last price is from an exit; what it would come to stands beneath, from the average entry. */
const Exit = ({ name, position: { instrument, last }, exit }: ExitProps) => (
  <div class="exit">
    <p>
      {name} <b class="figure">{formatPrice(instrument, exit.price)}</b>{' '}
      {last !== undefined && (
        <small class="figure" title={`${formatSigned(exit.ticks, 0)} ticks from the average entry`}>
          {formatNumber(Math.round(Math.abs(exit.price - last) * specOf(instrument).ticksPerPoint))} t off
        </small>
      )}
    </p>
    <p class="text-quiet">
      <span class="figure">{formatMoney(exit.money)}</span> <span class="figure">· {places[exit.where]}</span>
    </p>
  </div>
)

/** A position without a stop: how long already. The page counts on. */
const Naked = ({ since, wall }: { since: number; wall: number | undefined }) => (
  <div class="naked" role="alert">
    <p>
      <strong>NAKED</strong> <b data-since={since}>{ageText((wall ?? since) - since)}</b>
    </p>
    <p>no stop for all of it</p>
  </div>
)

const Stop = ({ position, wall }: { position: PositionReading; wall: number | undefined }) => {
  if (position.nakedSince !== undefined) return <Naked since={position.nakedSince} wall={wall} />
  if (position.stop) return <Exit name="stop" position={position} exit={position.stop} />
  return <div class="text-quiet">no stop yet</div>
}

/** Where it began, what the card of the same contract says of it, and whether one more may be added. */
const Link = ({ instrument, averagePrice, since, card, stack }: PositionReading) => {
  const words = [
    `from ${formatPrice(instrument, averagePrice)} since ${formatTime(since)}`,
    card?.words.join(', '),
    stack && `add: ${stack.words}`,
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <p class="link" data-agrees={card?.agrees} title={words}>
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
