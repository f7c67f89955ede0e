import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PlanReading } from '#src/domain/picture.ts'
import { parameters } from '#src/domain/signals/parameters.ts'
import type { PlannedCard, PlanVersion } from '#src/domain/signals/transition.ts'

/** What the plan needs to know of one market to rank it. */
export type Standing = {
  readonly instrument: InstrumentId
  /** A card is drawn and not finished, or there is a bias for one. */
  readonly carded: boolean
  readonly excluded: boolean
  readonly warm: boolean
  readonly quality: number
}

const isOpen = ({ carded, excluded }: Standing): boolean => carded && !excluded

/** The best quality of a market one might trade; one without a side, or excluded, is no consolation. */
export const bestOf = (standings: readonly Standing[]): number =>
  Math.max(0, ...standings.filter(isOpen).map(({ quality }) => quality))

const order = (a: Standing, b: Standing): number => Number(isOpen(b)) - Number(isOpen(a)) || b.quality - a.quality

/** The best markets first, four at most, and the rest in the quiet row. */
export const rankMarkets = (standings: readonly Standing[]): Pick<PlanReading, 'places' | 'rest'> => {
  const ranked = [...standings].sort(order).map(({ instrument }) => instrument)
  return { places: ranked.slice(0, parameters.maximumCards), rest: ranked.slice(parameters.maximumCards) }
}

/** Why today is no day to trade; undefined when at least one card qualifies. */
export const noTradeReason = (standings: readonly Standing[]): PlanReading['noTrade'] => {
  if (standings.every(({ warm }) => !warm)) return 'warming-up'
  if (standings.every(({ excluded }) => excluded)) return 'all-excluded'
  const open = standings.filter(isOpen)
  if (open.length === 0) return 'no-side'
  return open.some(({ quality }) => quality >= parameters.tradeQuality) ? undefined : 'quality-too-low'
}

/** The day's plan, version upon version: each is hashed over its content and the hash before it. */
export type Plan = {
  readonly tradeDate: string
  readonly versions: readonly PlanVersion[]
  readonly changes: PlanReading['changes']
}

export const emptyPlan = (tradeDate: string): Plan => ({ tradeDate, versions: [], changes: [] })

/** Takes a version over, with a line on each card it drew; the first has nothing to differ from. */
export const keepVersion = (plan: Plan, version: PlanVersion, lines: readonly string[]): Plan => {
  const fresh = plan.versions.length === 0 ? [] : lines.map((text) => ({ at: version.drawnAt, text }))
  return { ...plan, versions: [...plan.versions, version], changes: [...fresh, ...plan.changes].slice(0, 12) }
}

/** Adds a version with the cards as they stand; `hash` turns text into its digest. */
export const addVersion = (
  plan: Plan,
  cards: readonly PlannedCard[],
  at: number,
  lines: readonly string[],
  hash: (text: string) => string,
): Plan => {
  const before = plan.versions.at(-1)
  const content = {
    tradeDate: plan.tradeDate,
    version: plan.versions.length + 1,
    ...(before && { previousHash: before.hash }),
    drawnAt: at,
    reason: before === undefined ? ('freeze' as const) : ('redrawn' as const),
    cards,
  }
  return keepVersion(plan, { ...content, hash: hash(JSON.stringify(content)) }, lines)
}
