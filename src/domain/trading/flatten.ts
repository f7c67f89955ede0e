import { isFinal, type OrderState } from './order.ts'

/** A holding of the account: what the platform says of it, and what it must come to after every execution heard. Signed. */
type HeldNet = {
  readonly holding: string
  readonly told: number
  readonly byFills: number
  /** When either of the two last changed, epoch ms. */
  readonly changedAt: number
}

/** What the platform says of one account now. Orders that are final are absent; `closes` marks those this flatten sent. */
export type FlattenTruth = {
  readonly connected: boolean
  /** Since when every execution is heard, epoch ms: the start, or the end of the last broken connection. */
  readonly heardSince: number
  readonly nets: readonly HeldNet[]
  readonly orders: readonly { readonly orderId: string; readonly state: OrderState; readonly closes: boolean }[]
}

/** How far a flatten has come. */
export type FlattenState = {
  readonly round: number
  readonly roundAt: number
  /** Orders whose cancellation was asked for in this round. */
  readonly asked: readonly string[]
  /** Whether this round has sent its closing orders. */
  readonly closed: boolean
  /** Since when the account is flat with nothing working. */
  readonly flatSince?: number
}

/** A market order against a whole holding. */
type ClosingOrder = { readonly holding: string; readonly side: 'buy' | 'sell'; readonly quantity: number }

export type FlattenStep =
  | { readonly do: 'cancel'; readonly orderIds: readonly string[]; readonly state: FlattenState }
  | { readonly do: 'close'; readonly orders: readonly ClosingOrder[]; readonly state: FlattenState }
  | { readonly do: 'wait'; readonly state: FlattenState }
  | { readonly do: 'done' }
  | { readonly do: 'give-up'; readonly reason: 'not-flat' }

const mostRounds = 10
/** How long a round waits for its cancels, and then for its closing orders, before it gives way to the next. */
const roundMs = 3_000
/** A platform that refuses at once is not asked again at once. */
const pauseMs = 300
/** Executions run ahead of positions by a tenth of a second; past this the platform's word stands. */
export const settleMs = 2_000
/** Flat is believed when it lasts. */
const lookAgainMs = 250

const openRound = (round: number, now: number): FlattenState => ({ round, roundAt: now, asked: [], closed: false })

/** The state a flatten begins with; `now` is epoch ms. */
export const startFlatten = (now: number): FlattenState => openRound(1, now)

const isSettled = (truth: FlattenTruth, now: number): boolean =>
  now - truth.heardSince >= settleMs &&
  truth.nets.every(({ told, byFills, changedAt }) => told === byFills || now - changedAt >= settleMs)

/** NinjaTrader refuses a cancel while a change or a cancel is pending. */
const isCancellable = (state: OrderState): boolean => state !== 'cancel-pending' && state !== 'change-pending'

const closingOrders = (truth: FlattenTruth): readonly ClosingOrder[] =>
  truth.nets
    .filter(({ told }) => told !== 0)
    .map(({ holding, told }) => ({ holding, side: told > 0 ? 'sell' : 'buy', quantity: Math.abs(told) }))

const nextRound = (state: FlattenState, now: number): FlattenStep =>
  state.round >= mostRounds
    ? { do: 'give-up', reason: 'not-flat' }
    : { do: 'wait', state: openRound(state.round + 1, now) }

const lookAtFlat = (state: FlattenState, now: number): FlattenStep => {
  const flatSince = state.flatSince ?? now
  return now - flatSince >= lookAgainMs ? { do: 'done' } : { do: 'wait', state: { ...state, flatSince } }
}

/**
 * What to do next to get one account flat, given what the platform says of it now (epoch ms); asked anew after each
 * change and every tenth of a second. Cancel all, wait until nothing works, close the net, look again. A closing order
 * goes out only while nothing else can fill and every fill is in the position it is measured by, and the next one only
 * after it is final: so none can turn a position around. Ten rounds, then it gives up.
 */
export const nextFlattenStep = (before: FlattenState, truth: FlattenTruth, now: number): FlattenStep => {
  const { flatSince, ...unsure } = before
  if (now - before.roundAt >= roundMs) return nextRound(unsure, now)
  if (!truth.connected) return { do: 'wait', state: unsure }
  const working = truth.orders.filter(({ state }) => !isFinal(state))
  const toCancel = working
    .filter(
      ({ orderId, state, closes }) =>
        isCancellable(state) && !(closes && before.closed) && !before.asked.includes(orderId),
    )
    .map(({ orderId }) => orderId)
  if (toCancel.length > 0)
    return { do: 'cancel', orderIds: toCancel, state: { ...unsure, asked: [...before.asked, ...toCancel] } }
  if (working.length > 0 || !isSettled(truth, now)) return { do: 'wait', state: unsure }
  const orders = closingOrders(truth)
  if (orders.length === 0) return lookAtFlat(before, now)
  // The closing orders have a whole round's time, however long the waiting before them was.
  if (!before.closed) return { do: 'close', orders, state: { ...unsure, closed: true, roundAt: now } }
  return now - before.roundAt >= pauseMs ? nextRound(unsure, now) : { do: 'wait', state: unsure }
}
