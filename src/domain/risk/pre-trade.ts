import { specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { isOnGrid, toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import { parameters } from '../signals/parameters.ts'
import type { AccountKind } from '../trading/account.ts'
import type { OrderSide } from '../trading/fill.ts'
import { riskCaps } from './allowance.ts'
import type { FirmRules } from './firm-rules.ts'
import { microsOf } from './guards.ts'
import type { Limits } from './limits.ts'
import type { Lock } from './lockout.ts'
import type { Standing } from './standing.ts'

/** Why an order is not sent, in the order in which it is looked for. */
export const orderRefusals = [
  'locked-out',
  'kill-on',
  'gate-closed',
  'no-stop',
  'stop-on-wrong-side',
  'off-the-grid',
  'quantity-not-positive',
  'above-contract-cap',
  'above-firm-cap',
  'risk-above-trade-cap',
  'risk-above-daily-share',
  'risk-above-drawdown-share',
  'price-far-from-last',
  'feed-stale',
  'wrong-mode',
  'duplicate',
  'too-fast',
] as const
export type OrderRefusal = (typeof orderRefusals)[number]

/** An order as it is asked for; a market order has no limit. Prices in points, targets may be none. */
export type WantedOrder = {
  /** Unique for ever; the same id asked twice is one order. */
  readonly id: string
  readonly instrument: InstrumentId
  readonly side: OrderSide
  readonly quantity: number
  readonly limit?: number
  readonly stop?: number
  readonly targets: readonly number[]
}

/** What is known at the moment an order is asked for, of the account it is for. */
export type Circumstances = {
  /** Machine time, epoch ms; also that of `sentAt`. */
  readonly at: number
  readonly lock: Lock | undefined
  readonly isKillOff: boolean
  /** Whether the gate is open, for this market too: its news window counts. */
  readonly isGateOpen: boolean
  /** Contracts of one market the platform's own cap and ours allow, and those held and working already. */
  readonly maxContracts: number
  readonly contracts: number
  /** Micros held and working already, the firm's count. */
  readonly micros: number
  readonly rules: FirmRules
  readonly standing: Standing
  /** What the trader's own daily limit leaves, Money. */
  readonly ownDailyLeft: Money
  readonly accountSize: Money
  readonly limits: Limits
  readonly last: number | undefined
  readonly isFeedLive: boolean
  readonly kind: AccountKind
  /** The kinds of account that orders may go to in this mode of the product. */
  readonly kinds: readonly AccountKind[]
  readonly isKnown: (id: string) => boolean
  /** When orders were sent, newest last. */
  readonly sentAt: readonly number[]
}

/** The price an order is taken to fill at: its limit, or the last price. */
const entryOf = ({ limit }: WantedOrder, last: number | undefined): number | undefined => limit ?? last

/**
 * The loss if the stop is filled two ticks beyond, Money: ticks of the stop and of slippage, and the fees of both sides.
 * Undefined without a stop or without a price to measure it from.
 */
export const worstCase = (wanted: WantedOrder, last: number | undefined, limits: Limits): Money | undefined => {
  const { instrument, quantity, stop } = wanted
  const entry = entryOf(wanted, last)
  if (entry === undefined || stop === undefined) return undefined
  const spec = specOf(instrument)
  const ticks = Math.abs(toTicks(spec, entry) - toTicks(spec, stop)) + parameters.slippageTicks
  return worthOf(spec, ticks, quantity) + 2 * limits.fees[instrument] * quantity
}

/** Every price that is named, with what an order without any of them is measured from. */
const pricesOf = ({ limit, stop, targets }: WantedOrder): readonly number[] =>
  [limit, stop, ...targets].filter((price) => price !== undefined)

const isWrongSide = ({ side, stop }: WantedOrder, entry: number | undefined): boolean =>
  stop !== undefined && entry !== undefined && (side === 'buy' ? stop >= entry : stop <= entry)

/** One percent, compared in ticks; without a last price nothing is near it. */
const isFar = ({ instrument }: WantedOrder, entry: number | undefined, last: number | undefined): boolean => {
  if (entry === undefined || last === undefined) return true
  const spec = specOf(instrument)
  return Math.abs(toTicks(spec, entry) - toTicks(spec, last)) * 100 > Math.abs(toTicks(spec, last))
}

const maxPerSecond = 5

/** Every reason an order could be refused for, with whether it is, in the order they are looked for. */
const checks = (wanted: WantedOrder, now: Circumstances): readonly (readonly [OrderRefusal, () => boolean])[] => {
  const { quantity, instrument, stop } = wanted
  const { last, standing, rules, limits } = now
  const entry = entryOf(wanted, last)
  const caps = riskCaps(now, standing, now.ownDailyLeft)
  // A loss nobody can measure is above every cap.
  const risk = worstCase(wanted, last, limits) ?? Number.POSITIVE_INFINITY
  const micros = now.micros + microsOf(instrument, quantity, rules.maxContracts.microsPerMini)
  return [
    ['locked-out', () => now.lock !== undefined],
    ['kill-on', () => !now.isKillOff],
    ['gate-closed', () => !now.isGateOpen],
    ['no-stop', () => stop === undefined],
    ['stop-on-wrong-side', () => isWrongSide(wanted, entry)],
    ['off-the-grid', () => pricesOf(wanted).some((price) => !isOnGrid(specOf(instrument), price))],
    ['quantity-not-positive', () => !(Number.isInteger(quantity) && quantity > 0)],
    ['above-contract-cap', () => now.contracts + quantity > now.maxContracts],
    ['above-firm-cap', () => micros > standing.maxMicros],
    ['risk-above-trade-cap', () => risk > caps.trade],
    ['risk-above-daily-share', () => risk > caps.daily],
    ['risk-above-drawdown-share', () => risk > caps.drawdown],
    ['price-far-from-last', () => isFar(wanted, entry, last)],
    ['feed-stale', () => !now.isFeedLive],
    ['wrong-mode', () => !now.kinds.includes(now.kind)],
    ['duplicate', () => now.isKnown(wanted.id)],
    ['too-fast', () => now.sentAt.filter((sent) => sent > now.at - 1000).length >= maxPerSecond],
  ]
}

/** Whether an order may be sent, and what it can lose (Money); else the first reason that stops it. */
export const checkOrder = (
  wanted: WantedOrder,
  now: Circumstances,
): { readonly ok: true; readonly risk: Money } | { readonly ok: false; readonly reason: OrderRefusal } => {
  const refused = checks(wanted, now).find(([, applies]) => applies())
  return refused === undefined
    ? { ok: true, risk: worstCase(wanted, now.last, now.limits) ?? 0 }
    : { ok: false, reason: refused[0] }
}
