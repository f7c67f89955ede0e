import { specOf } from '../instruments/contract-spec.ts'
import { toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import { marketOf, microsOf } from '../risk/guards.ts'
import { worstEdge } from '../signals/bracket.ts'
import type { CardOutcome } from '../signals/outcome.ts'
import { parameters } from '../signals/parameters.ts'
import type { PlannedCard } from '../signals/transition.ts'
import type { Fees } from './account.ts'
import { type Decision, decisionsOf } from './decision.ts'
import type { Trade } from './trade.ts'

/** What became of a card; `lived` where the terminal showed it while it was alive. */
export type ShadowOutcome = Omit<CardOutcome, 'components' | 'won'> & { readonly lived: boolean }

/** What a plan fixed of a card. */
type Planned = Pick<PlannedCard, 'id' | 'zone' | 'stop' | 'contracts'>

/**
 * taken — an own trade belongs to it; missed — it was shown, its entry traded, and nobody took it; unseen — it was not shown,
 * or nothing is known of own trades yet; idle — its entry never traded.
 */
export type ShadowFate = 'taken' | 'missed' | 'unseen' | 'idle'

export type ShadowLine = {
  readonly card: ShadowOutcome
  readonly fate: ShadowFate
  /** What it made at its planned size after the fees of both sides; absent where it was not entered or no plan is kept. */
  readonly money?: Money
}

/** Cards together: R before costs, Money of those whose planned size is known; `unpriced` are the others. */
export type ShadowSum = {
  readonly n: number
  readonly r: number
  readonly money: Money
  readonly unpriced: number
}

/** Own trades together; what they made is net. */
type OwnSum = { readonly n: number; readonly net: Money }

/** Every card simulated, and what the trader made of them. Nothing is compared before his first own fill. */
export type ShadowBook = {
  /** Newest first. */
  readonly lines: readonly ShadowLine[]
  /** Every card that was entered, whether taken or not. */
  readonly every: ShadowSum
  readonly compared?: {
    /** The trade date of the first own trade: earlier cards say nothing about the trader. */
    readonly since: string
    /** What the cards he took made by themselves, and what he made of them. */
    readonly taken: ShadowSum
    readonly own: OwnSum
    /** Missed cards: what was left on the table, and what was spared. */
    readonly missedWinners: ShadowSum
    readonly missedLosers: ShadowSum
    /** Trades without a card of that market and side. */
    readonly improvised: OwnSum
    /**
     * Trades larger than planned, or smaller than the plan's start; `net` is what that changed: the trade's net less what it
     * had been at the planned size.
     */
    readonly larger: OwnSum
    readonly smaller: OwnSum
  }
}

type ShadowInput = {
  readonly cards: readonly ShadowOutcome[]
  /** Plans as kept, of lived cards. */
  readonly planned: readonly Planned[]
  /** Own closed trades of all accounts. */
  readonly trades: readonly Trade[]
  /** Per side and contract. */
  readonly fees: Fees
}

/** A fill is told this much after the price that made it. */
const lagMs = 5_000

const none: OwnSum = { n: 0, net: 0 }
const add = ({ n, net }: OwnSum, more: Money): OwnSum => ({ n: n + 1, net: net + more })

/** What a card made at its planned size, by its own R, after fees. */
const moneyOf = ({ instrument, side, r }: ShadowOutcome, plan: Planned | undefined, fees: Fees): Money | undefined => {
  if (r === undefined || plan === undefined) return undefined
  const spec = specOf(instrument)
  const ticks = Math.abs(toTicks(spec, worstEdge(plan, side)) - toTicks(spec, plan.stop))
  return Math.round(worthOf(spec, r * ticks, plan.contracts)) - 2 * fees[instrument] * plan.contracts
}

const sumOf = (lines: readonly ShadowLine[]): ShadowSum => ({
  n: lines.length,
  r: lines.reduce((sum, { card }) => sum + (card.r ?? 0), 0),
  money: lines.reduce((sum, { money = 0 }) => sum + money, 0),
  unpriced: lines.filter(({ money }) => money === undefined).length,
})

/** The card a decision was made on: the newest of that market and side that was alive. */
const cardOf = (lived: readonly ShadowOutcome[], { instrument, side, openedAt }: Decision): ShadowOutcome | undefined =>
  lived.findLast(
    (card) =>
      marketOf(card.instrument) === marketOf(instrument) &&
      card.side === side &&
      openedAt >= card.drawnAt &&
      openedAt <= card.endedAt + lagMs,
  )

/** What another size than the planned one changed; undefined of a size the plan allows. */
const sizingOf = ({ instrument, quantity, net }: Decision, card: ShadowOutcome, { contracts }: Planned) => {
  const held = microsOf(instrument, quantity)
  const most = microsOf(card.instrument, contracts)
  const least = microsOf(card.instrument, Math.min(contracts, parameters.startContracts))
  const effect = (planned: number): Money => Math.round(net * (1 - planned / held))
  if (held > most) return { kind: 'larger', net: effect(most) } as const
  return held < least ? ({ kind: 'smaller', net: effect(least) } as const) : undefined
}

const fateOf = (card: ShadowOutcome, taken: ReadonlySet<string>, since: string | undefined): ShadowFate => {
  if (taken.has(card.cardId)) return 'taken'
  if (card.enteredAt === undefined) return 'idle'
  return card.lived && since !== undefined && card.tradeDate >= since ? 'missed' : 'unseen'
}

/** Judges decisions by the cards they were made on. */
const judge = (
  decisions: readonly Decision[],
  lived: readonly ShadowOutcome[],
  plans: ReadonlyMap<string, Planned>,
) => {
  const taken = new Set<string>()
  let [own, improvised, larger, smaller] = [none, none, none, none]
  for (const decision of decisions) {
    const card = cardOf(lived, decision)
    if (card === undefined) {
      improvised = add(improvised, decision.net)
      continue
    }
    taken.add(card.cardId)
    own = add(own, decision.net)
    const plan = plans.get(card.cardId)
    const sizing = plan && sizingOf(decision, card, plan)
    if (sizing?.kind === 'larger') larger = add(larger, sizing.net)
    if (sizing?.kind === 'smaller') smaller = add(smaller, sizing.net)
  }
  return { taken, own, improvised, larger, smaller }
}

const isWinner = ({ card }: ShadowLine): boolean => (card.r ?? 0) > 0

/**
 * Lays every card beside what the trader did: what waiting cost him, what trading without a card made, and what other sizes
 * than the planned ones changed. A trade belongs to a card of its market and side that was alive when it was opened; a trade
 * copied to several accounts is one. Only cards the terminal showed can be taken or missed.
 */
export const shadowBookOf = ({ cards, planned, trades, fees }: ShadowInput): ShadowBook => {
  const plans = new Map(planned.map((plan) => [plan.id, plan]))
  const inTime = cards.toSorted((a, b) => a.drawnAt - b.drawnAt)
  const since = trades.map(({ tradeDate }) => tradeDate).sort()[0]
  const { taken, ...own } = judge(
    decisionsOf(trades),
    inTime.filter(({ lived }) => lived),
    plans,
  )
  const lines = inTime.toReversed().map((card): ShadowLine => {
    const money = moneyOf(card, plans.get(card.cardId), fees)
    return { card, fate: fateOf(card, taken, since), ...(money !== undefined && { money }) }
  })
  const missed = lines.filter(({ fate }) => fate === 'missed')
  return {
    lines,
    every: sumOf(lines.filter(({ card }) => card.enteredAt !== undefined)),
    ...(since !== undefined && {
      compared: {
        since,
        taken: sumOf(lines.filter(({ card, fate }) => fate === 'taken' && card.enteredAt !== undefined)),
        ...own,
        missedWinners: sumOf(missed.filter(isWinner)),
        missedLosers: sumOf(missed.filter((line) => !isWinner(line))),
      },
    }),
  }
}
