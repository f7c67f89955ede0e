import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
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
    text: `${spec.name} ${side} ${said[step.to]}${cause} at ${step.price.toFixed(spec.decimals)}`,
  }
}

/** One line on a newly drawn card, for the list of what changed since the freeze. */
export const drawnLine = (spec: ContractSpec, card: Card): string => {
  const { side, bracket } = card.life
  const price = (value: number): string => value.toFixed(spec.decimals)
  return `${spec.name} ${side === 'long' ? 'LONG' : 'SHORT'} ${price(bracket.zone.low)}–${price(bracket.zone.high)}, stop ${price(bracket.stop)}`
}

/** The alert of a feed that is lost while it should speak, or is back. */
export const feedAlert = (source: string, state: FeedState, at: number): NewAlert => ({
  key: `feed:${state}:${at}`,
  kind: 'feed',
  severity: state === 'live' ? 'notice' : 'urgent',
  at,
  text: state === 'live' ? `Prices are live again: ${source}` : `Prices are ${state}: ${source}`,
})

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
