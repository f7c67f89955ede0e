import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { priceWords } from '#src/domain/patterns/wording.ts'
import type { FeedState, PlanReading } from '#src/domain/picture.ts'
import type { Card } from '#src/domain/signals/card.ts'
import type { LifeStep } from '#src/domain/signals/card-life.ts'
import type { CardState } from '#src/domain/signals/focus-card.ts'
import type { CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'

const severities: Readonly<Record<CardState, NewAlert['severity']>> = {
  watching: 'quiet',
  near: 'notice',
  'in-zone': 'urgent',
  triggered: 'urgent',
  'target-1': 'notice',
  'target-2': 'notice',
  stopped: 'urgent',
  invalid: 'notice',
  expired: 'quiet',
}

const said: Readonly<Record<CardState, string>> = {
  watching: 'away from its zone',
  near: 'near its zone',
  'in-zone': 'in its zone',
  triggered: 'triggered',
  'target-1': 'reached target 1',
  'target-2': 'reached target 2',
  stopped: 'stopped',
  invalid: 'is no longer valid',
  expired: 'expired',
}

const causes: Readonly<Record<NonNullable<CardTransition['cause']>, string>> = {
  'bias-lost': ': its bias is gone',
  'stop-before-entry': ': the stop traded before the entry',
  'flat-by': ' at flat-by',
  excluded: ': too volatile',
  'left-behind': ': price left the zone behind',
}

/** The alert of a card's change of state; one per card and state for ever. Falling back to watching is no news. */
export const cardAlert = (spec: ContractSpec, card: Card, step: LifeStep, at: number): NewAlert | undefined => {
  if (step.to === 'watching') return undefined
  const side = card.life.side === 'long' ? 'LONG' : 'SHORT'
  const cause = step.cause === undefined ? '' : causes[step.cause]
  return {
    key: `${card.id}:${step.to}`,
    kind: 'card',
    severity: severities[step.to],
    instrument: spec.id,
    at,
    text: `${spec.name} ${side} ${said[step.to]}${cause} at ${priceWords(spec, step.price)}`,
  }
}

/** One line on a newly drawn card, for the list of what changed since the freeze. */
export const drawnLine = (spec: ContractSpec, card: Card): string => {
  const { side, bracket } = card.life
  const price = (value: number): string => priceWords(spec, value)
  return `${spec.name} ${side === 'long' ? 'LONG' : 'SHORT'} ${price(bracket.zone.low)}–${price(bracket.zone.high)}, stop ${price(bracket.stop)}`
}

/** The alert of a feed that is lost while it should speak, or is back; `detail` says why in the feed's own words. */
export const feedAlert = (source: string, state: FeedState, at: number, detail = ''): NewAlert => ({
  key: `feed:${state}:${at}`,
  kind: 'feed',
  severity: state === 'live' ? 'notice' : 'urgent',
  at,
  text:
    state === 'live'
      ? `Prices are live again: ${source}`
      : `Prices are ${state}: ${source}${detail === '' || detail === source ? '' : `, ${detail}`}`,
})

/** The alert of one market that fell silent while the others speak. */
export const stalledAlert = (spec: ContractSpec, contract: string, at: number): NewAlert => ({
  key: `stalled:${spec.id}:${at}`,
  kind: 'feed',
  severity: 'notice',
  instrument: spec.id,
  at,
  text: `${spec.name} · ${contract} fell silent; the other markets speak`,
})

/** The alert of prices that come late; `lag` in ms. */
export const lagAlert = (lag: number, at: number): NewAlert => ({
  key: `lag:${at}`,
  kind: 'feed',
  severity: 'urgent',
  at,
  text: `Prices come ${(lag / 1000).toFixed(1)} s late`,
})

/** The alert of a machine whose clock is off; `skew` in ms, estimated from the times of the feed's events. */
export const skewAlert = (skew: number, at: number): NewAlert => ({
  key: `skew:${at}`,
  kind: 'feed',
  severity: 'notice',
  at,
  text: `This machine's clock seems ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew < 0 ? 'slow' : 'fast'} (estimated)`,
})

/** The alert of two sources that disagree on a market's price; both contracts are named, they may be why. */
export const disagreementAlert = (
  spec: ContractSpec,
  feed: { readonly source: string; readonly contract: string; readonly price: number },
  second: { readonly source: string; readonly contract: string; readonly price: number },
  at: number,
): NewAlert => ({
  key: `disagreement:${spec.id}:${at}`,
  kind: 'feed',
  severity: 'urgent',
  instrument: spec.id,
  at,
  text: disagreementText(spec, feed, second),
})

/** The alert of a change of contract. */
export const rollAlert = (spec: ContractSpec, from: string, to: string, at: number): NewAlert => ({
  key: `roll:${spec.id}:${to}`,
  kind: 'feed',
  severity: 'notice',
  instrument: spec.id,
  at,
  text: `${spec.name} rolls from ${from} to ${to}`,
})

/** The alert of a source that does not give what is asked; `detail` is its own word. */
export const sourceAlert = (source: string, detail: string, at: number): NewAlert => ({
  key: `source:${source}:${detail}`,
  kind: 'feed',
  severity: 'urgent',
  at,
  text: `${source}: ${detail}`,
})

type Quoted = { readonly source: string; readonly contract: string; readonly price: number }

/** What two sources say of one market: 'feed MGC Z6 4120.0, Tradovate MGC G7 4221.3: not the same contract'. */
export const disagreementText = ({ decimals }: ContractSpec, feed: Quoted, second: Quoted): string => {
  const words = ({ source, contract, price }: Quoted): string => `${source} ${contract} ${price.toFixed(decimals)}`
  const why = feed.contract === second.contract ? 'prices disagree' : 'not the same contract'
  return `${words(feed)}, ${words(second)}: ${why}`
}

const planText = ({ tradeDate, version, drawnAt, cards }: PlanVersion, changes: PlanReading['changes']): string => {
  const lines = changes.filter(({ at }) => at === drawnAt).map(({ text }) => text)
  return version === 1
    ? `Plan of ${tradeDate} frozen with ${cards.length === 1 ? '1 card' : `${cards.length} cards`}`
    : `Plan of ${tradeDate} changed: ${lines.join('; ')}`
}

/** The alert a version of the plan is announced with. */
export const planAlert = (version: PlanVersion, changes: PlanReading['changes']): NewAlert => ({
  key: `plan:${version.tradeDate}:${version.version}`,
  kind: 'plan',
  severity: version.version === 1 ? 'notice' : 'quiet',
  at: version.drawnAt,
  text: planText(version, changes),
})
