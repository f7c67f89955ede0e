import type { Money } from '../money.ts'
import type { Day } from './day-rules.ts'
import {
  anyPrice,
  type Direction,
  isHighFirst,
  isLimitReached,
  isStopReached,
  limitFill,
  limitTrigger,
  slipOf,
  stopFill,
} from './fill-model.ts'
import type { AccountCourse } from './firm-account.ts'
import type { History } from './history.ts'
import type { Desk, Exits, NewOrder } from './strategy.ts'
import { createTape, type Lot, type Target } from './tape-writer.ts'
import type { Terms } from './terms.ts'
import type { TradeTape } from './trade-tape.ts'
import { distanceTo, dust, less, type Order, reasonByKind, reasonOf, share, spanOf } from './working-order.ts'

/** What a run leaves: its trades, and how its account went where it was played on one. */
export type Played = TradeTape & { readonly account?: AccountCourse }

/** Bars within bars: those of `history` from `first[i]` to before `first[i + 1]` make up bar i. */
export type Finer = { readonly history: History; readonly first: Int32Array }

/**
 * Bars that are passed without a thought. Before: the prices (ticks) at or above, and at or below, which something may happen.
 * After: the extremes of the bars passed.
 */
export type Stretch = { above: number; below: number; top: number; bottom: number }

/** Beyond every price in ticks. */
export const highest = 0x7fffffff
export const lowest = -0x80000000

/** Passes of the worst order of things within a bar. */
const reducingStop = 0
const entering = 1
const reducingLimit = 2

/**
 * Holds what was sent and what is held, and lets them meet the bars. Within one bar the prices' order is hidden:
 *
 * - 'stop-first' takes the unkind one. At the open: what the open has reached fills there, exits before entries. Then, within
 *   the bar, protective stops; then what enters or turns, nearest to the open first, and of two on either side of it the one
 *   that stands worse at the close; what was entered so is at once exposed to the whole bar's range against it. Targets come
 *   last, and of a position entered within the bar only when the close proves them.
 * - 'nearest-extreme' walks from the open to the nearer extreme, the farther and the close, filling what it meets.
 */
export const createBroker = (history: History, terms: Terms, day: Day | undefined, finer: Finer | undefined) => {
  const { limitThrough: through, latencyMs, volumeShare } = terms
  const { open, close } = history.ticks
  const { time } = history.columns
  const slip = slipOf(terms)
  const stopFirst = terms.path === 'stop-first'
  const span = latencyMs > 0 ? spanOf(time) : 0
  const tape = createTape(terms, slip)
  const lots: Lot[] = []
  const orders: Order[] = []
  /** Commands on their way to the market. */
  let inbox: { readonly arrives: number; readonly deed: () => void }[] = []
  let numbers = 0
  let position = 0
  let changed = false
  /** The last bar that has closed, the bar that is met, and how many walks there were. */
  let seen = -1
  let now = 0
  let nowMs = 0
  let walk = 0
  let room = Number.POSITIVE_INFINITY
  /** The prices of the walk. */
  let from = 0
  let top = 0
  let bottom = 0
  let closes = close
  let met = 0
  let isWithin = false
  const account = day?.account

  // ── what was seen
  const mark = (lot: Lot, price: number): void => {
    if (price > lot.high) lot.high = price
    if (price < lot.low) lot.low = price
  }

  const markAll = (price: number): void => {
    for (let i = 0; i < lots.length; i++) mark(lots[i] as Lot, price)
  }

  /** Where the walk ends. Asked for only where it matters: a column that is not read costs nothing. */
  const final = (): number => closes[met] as number

  // ── leaving
  const leave = (lot: Lot, quantity: number, base: number, slipped: number, reason: number): void => {
    mark(lot, base)
    const net = tape.write(lot, quantity, base - lot.side * slipped, slipped, now, reason)
    lot.quantity = less(lot.quantity, quantity)
    desk.net += net
    desk.closed++
    changed = true
    day?.closed(now, net)
  }

  /** Forgets lots that are gone, and counts what is held. */
  const sweep = (): void => {
    const held = position !== 0
    let kept = 0
    position = 0
    for (let i = 0; i < lots.length; i++) {
      const lot = lots[i] as Lot
      if (lot.quantity === 0) continue
      lots[kept++] = lot
      position += lot.side * lot.quantity
    }
    while (lots.length > kept) lots.pop()
    if (held && kept === 0) day?.flat(now)
  }

  const stopOut = (lot: Lot, base: number): void => {
    const quantity = Math.min(lot.quantity, room)
    lot.touched = walk
    if (quantity < lot.quantity) lot.stop = anyPrice(-lot.side as Direction)
    if (quantity > 0) leave(lot, quantity, base, slip, reasonOf.stop)
  }

  const takeTarget = (lot: Lot, one: Target, base: number): void => {
    const quantity = Math.min(one.quantity, lot.quantity, room)
    one.touched = walk
    if (quantity <= 0) return
    one.quantity = less(one.quantity, quantity)
    if (one.quantity === 0) lot.targets = lot.targets.filter((other) => other !== one)
    leave(lot, quantity, base, 0, reasonOf.target)
  }

  const leaveFirst = (quantity: number, base: number, slipped: number, reason: number): void => {
    let rest = quantity
    for (let i = 0; i < lots.length && rest > dust; i++) {
      const lot = lots[i] as Lot
      const taken = Math.min(lot.quantity, rest)
      rest -= taken
      leave(lot, taken, base, slipped, reason)
    }
    sweep()
  }

  const leaveAll = (base: number, reason: number): void => {
    leaveFirst(Number.POSITIVE_INFINITY, base, slip, reason)
  }

  // ── the firm
  const openNet = (price: number): Money => lots.reduce((sum, lot) => sum + tape.worthOf(lot, price), 0)

  /** The account as it stands at a price (ticks); where its firm's limits are touched everything is left there. */
  const judge = (price: number): void => {
    if (!account?.tell(now, openNet(price), terms.feePerSide * Math.abs(position))) return
    leaveAll(price, reasonOf.firm)
    clear()
  }

  /** Where a limit of the firm is touched, ticks; NaN where nothing is held. What is open changes evenly with the price. */
  const firmLimit = (): number => {
    if (account === undefined || position === 0) return Number.NaN
    const open = openNet(from)
    const aTick = openNet(from + 1) - open
    const at = from + (account.leastOpenNet() - open) / aTick
    return aTick > 0 ? Math.floor(at) : Math.ceil(at)
  }

  /** The best a bar shows before what hurts: its extreme, or the nearest target on the way, which is taken last. */
  const bestAhead = (): number =>
    lots
      .flatMap((lot) => lot.targets.map((one) => targetTrigger(lot, one)))
      .reduce((best, at) => (position > 0 ? Math.min(best, at) : Math.max(best, at)), position > 0 ? top : bottom)

  /** Stops before the firm's limit are reached first, and each moves it; what is still held at the limit leaves there. */
  const meetFirm = (): void => {
    for (let limit = firmLimit(); ; limit = firmLimit()) {
      const side = position > 0 ? 1 : -1
      const out = -side as Direction
      if (!isStopReached(out, limit, against(side))) return
      let nearest: Lot | undefined
      for (const lot of lots) {
        if (lot.touched === walk || !(side * (lot.stop - limit) >= 0)) continue
        if (nearest === undefined || side * (lot.stop - nearest.stop) > 0) nearest = lot
      }
      if (nearest === undefined) {
        judge(stopFill(out, limit, startOf(lots.at(-1))))
        return
      }
      stopOut(nearest, stopFill(out, nearest.stop, startOf(nearest)))
      sweep()
    }
  }

  // ── entering
  const enter = (order: Order, quantity: number, base: number, slipped: number): void => {
    const { side, sent } = order
    if (position === 0) day?.opened(now)
    const entry = base + side * slipped
    const { exits, exitsFromFill: away } = sent
    const stop = exits?.stop ?? (away?.stop === undefined ? Number.NaN : entry - side * away.stop)
    let targets: Target[] = []
    if (exits?.targets !== undefined) targets = share(exits.targets, order.opened, quantity)
    else if (away?.target !== undefined) targets = [{ price: entry + side * away.target, quantity, touched: -1 }]
    order.opened += quantity
    position += side * quantity
    changed = true
    lots.push({
      side,
      quantity,
      entry,
      slip: slipped,
      enteredAt: now,
      stop,
      firstStop: stop,
      targets,
      high: base,
      low: base,
      within: isWithin ? walk : -1,
      touched: -1,
      setup: sent.setup ?? -1,
      grade: sent.grade ?? -1,
      regime: sent.regime ?? -1,
    })
  }

  const finish = (order: Order): void => {
    order.left = 0
    changed = true
  }

  const fill = (order: Order, base: number): void => {
    const wanted = Math.min(order.left, room)
    const slipped = order.limit ? 0 : slip
    order.touched = walk
    if (!order.limit) order.price = anyPrice(order.side)
    if (wanted <= 0) return
    changed = true
    let taken = position * order.side < 0 ? Math.min(wanted, Math.abs(position)) : 0
    if (taken > 0) leaveFirst(taken, base, slipped, order.reason)
    if (wanted - taken > dust && !order.reduces) {
      const open = wanted - taken
      const allowed = day === undefined ? open : day.allowed(now, open, Math.abs(position))
      if (allowed > 0) enter(order, allowed, base, slipped)
      taken += allowed
      if (allowed < open) order.left = taken
    }
    order.left = less(order.left, taken)
    if (order.oco !== 0) for (const other of orders) if (other !== order && other.oco === order.oco) other.left = 0
  }

  const canFill = (order: Order): boolean =>
    order.left > 0 && order.touched !== walk && order.arrives <= nowMs && (!order.reduces || position * order.side < 0)

  const isReached = (order: Order, at: number): boolean =>
    order.limit ? isLimitReached(order.side, order.price, at, through) : isStopReached(order.side, order.price, at)

  /** Where the market must trade for an order to be reached. */
  const triggerOf = ({ limit, side, price }: Order): number => (limit ? limitTrigger(side, price, through) : price)

  const targetTrigger = ({ side }: Lot, { price }: Target): number => limitTrigger(-side as Direction, price, through)

  const rises = (order: Order): boolean => (order.limit ? order.side < 0 : order.side > 0)

  // ── meeting prices
  /** Forgets orders that are done. */
  const tidy = (): void => {
    let kept = 0
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i] as Order
      if (order.left > 0) orders[kept++] = order
    }
    while (orders.length > kept) {
      orders.pop()
      changed = true
    }
  }

  /** Everything reached at the price `at` where the market opens; once more when something filled, as that brought exits. */
  const meetOpen = (at: number): void => {
    for (let again = true; again; ) {
      again = false
      for (let i = 0; i < lots.length; i++) {
        const lot = lots[i] as Lot
        if (lot.touched !== walk && isStopReached(-lot.side as Direction, lot.stop, at)) {
          stopOut(lot, at)
          again = true
        }
        for (const one of lot.targets)
          if (
            one.touched !== walk &&
            lot.touched !== walk &&
            isLimitReached(-lot.side as Direction, one.price, at, through)
          ) {
            takeTarget(lot, one, at)
            again = true
          }
      }
      if (again) sweep()
      for (let i = 0; i < orders.length; i++) {
        const order = orders[i] as Order
        if (!canFill(order) || !isReached(order, at)) continue
        fill(order, at)
        again = true
      }
      if (again) tidy()
    }
  }

  /** Of the orders of one pass the one that the bar reaches first, undefined when it reaches none. */
  const nextWithin = (pass: number): Order | undefined => {
    let above: Order | undefined
    let below: Order | undefined
    const isNew = pass === reducingLimit && lots[0]?.within === walk
    for (const order of orders) {
      if (!canFill(order)) continue
      if ((order.reduces ? (order.limit ? reducingLimit : reducingStop) : entering) !== pass) continue
      const trigger = triggerOf(order)
      if (rises(order)) {
        if (trigger <= (isNew ? final() : top) && (above === undefined || trigger < triggerOf(above))) above = order
      } else if (trigger >= (isNew ? final() : bottom) && (below === undefined || trigger > triggerOf(below)))
        below = order
    }
    if (above === undefined || below === undefined) return above ?? below
    const [up, down] = [(final() - above.price) * above.side, (final() - below.price) * below.side]
    if (up === down) return above.number < below.number ? above : below
    return up < down ? above : below
  }

  const along = (side: Direction): number => (side > 0 ? top : bottom)
  const against = (side: Direction): number => (side > 0 ? bottom : top)
  const isStopped = (lot: Lot): boolean => isStopReached(-lot.side as Direction, lot.stop, against(lot.side))

  /** Where the market stood when a lot was entered on the way, or else the bar began: what is reached there already fills there. */
  const startOf = (lot: Lot | undefined): number => (lot?.within === walk ? lot.entry - lot.side * lot.slip : from)

  /** What the bar's stops have left is worth its worst. */
  const endure = (): void => {
    if (account !== undefined && position !== 0) judge(against(position > 0 ? 1 : -1))
  }

  /** What was just entered within the bar is exposed to the whole range against it. */
  const expose = (lot: Lot, isLimit: boolean): void => {
    meetFirm()
    if (isStopped(lot)) stopOut(lot, stopFill(-lot.side as Direction, lot.stop, startOf(lot)))
    if (lot.quantity === 0) return
    mark(lot, against(lot.side))
    endure()
    // A stop order fills on the way to the extreme, which is seen after it; of a limit only the close surely is.
    mark(lot, isLimit ? final() : along(lot.side))
    if (account !== undefined) judge(isLimit ? final() : along(lot.side))
  }

  const meetOrders = (pass: number): void => {
    for (let order = nextWithin(pass); order !== undefined; order = nextWithin(pass)) {
      const { side, price, limit } = order
      const start = pass === entering ? from : startOf(lots[0])
      if (pass === reducingLimit) markAll(against(-side as Direction))
      fill(order, limit ? limitFill(side, price, start) : stopFill(side, price, start))
      const lot = lots.at(-1)
      if (pass !== entering || lot?.within !== walk || lot.touched === walk) continue
      expose(lot, limit)
      sweep()
    }
  }

  /** Targets the bar reaches; of what was entered on the way (`isNew`) those the close proves. */
  const meetTargets = (isNew: boolean): void => {
    for (let i = 0; i < lots.length; i++) {
      const lot = lots[i] as Lot
      if (lot.touched === walk || (lot.within === walk) !== isNew) continue
      const side = -lot.side as Direction
      for (const one of lot.targets) {
        if (one.touched === walk || !isLimitReached(side, one.price, isNew ? final() : along(lot.side), through))
          continue
        mark(lot, against(lot.side))
        takeTarget(lot, one, limitFill(side, one.price, startOf(lot)))
      }
    }
    sweep()
  }

  /** The worst that can have happened within the bar. */
  const meetWorst = (): void => {
    isWithin = true
    if (account !== undefined && position !== 0) {
      judge(bestAhead())
      meetFirm()
    }
    for (let i = 0; i < lots.length; i++) {
      const lot = lots[i] as Lot
      if (lot.touched !== walk && isStopped(lot)) stopOut(lot, lot.stop)
    }
    sweep()
    endure()
    if (orders.length > 0) {
      meetOrders(reducingStop)
      meetOrders(entering)
      meetOrders(reducingStop)
    }
    if (lots.length > 0) {
      meetTargets(false)
      if (orders.length > 0) meetOrders(reducingLimit)
      meetTargets(true)
    }
    for (let i = 0; i < lots.length; i++) {
      const lot = lots[i] as Lot
      if (lot.within === walk) continue
      mark(lot, top)
      mark(lot, bottom)
    }
  }

  /** Walks from `begin` to `end`, filling what it meets on its way, nearest first; exits before orders, as they were sent. */
  const walkTo = (begin: number, end: number): void => {
    const way = end > begin ? 1 : -1
    let at = begin
    for (;;) {
      let nearest = Number.POSITIVE_INFINITY
      let lot: Lot | undefined
      let one: Target | undefined
      let order: Order | undefined
      for (const held of lots) {
        if (held.touched === walk) continue
        const far = distanceTo(held.stop, held.side < 0, at, end)
        if (far < nearest) [nearest, lot, one] = [far, held, undefined]
        for (const each of held.targets) {
          if (each.touched === walk) continue
          const far = distanceTo(targetTrigger(held, each), held.side > 0, at, end)
          if (far < nearest) [nearest, lot, one] = [far, held, each]
        }
      }
      const toFirm = distanceTo(firmLimit(), position < 0, at, end)
      if (toFirm < nearest) [nearest, lot, one] = [toFirm, undefined, undefined]
      for (const each of orders) {
        if (!canFill(each)) continue
        const far = distanceTo(triggerOf(each), rises(each), at, end)
        if (far < nearest) [nearest, order] = [far, each]
      }
      if (nearest === Number.POSITIVE_INFINITY) break
      at += way * nearest
      markAll(at)
      // A limit was reached on the way here, unless the market was through it all along.
      const limitAt = (side: Direction, price: number, start: number): number =>
        isLimitReached(side, price, begin, through) ? at : limitFill(side, price, start)
      if (order !== undefined) {
        const start = order.reduces ? startOf(lots[0]) : from
        fill(order, order.limit ? limitAt(order.side, order.price, start) : at)
      } else if (lot !== undefined && one === undefined) stopOut(lot, at)
      else if (lot !== undefined && one !== undefined)
        takeTarget(lot, one, limitAt(-lot.side as Direction, one.price, startOf(lot)))
      else {
        judge(at)
        if (position !== 0) break
      }
      sweep()
    }
    markAll(end)
    if (account !== undefined) judge(end)
  }

  const meetPath = (): void => {
    walkTo(from, from)
    isWithin = true
    const isUp = isHighFirst(from, top, bottom)
    walkTo(from, isUp ? top : bottom)
    walkTo(isUp ? top : bottom, isUp ? bottom : top)
    walkTo(isUp ? bottom : top, final())
  }

  const deliver = (): void => {
    while (inbox[0] !== undefined && inbox[0].arrives <= nowMs) inbox.shift()?.deed()
  }

  const meet = (prices: History, at: number): void => {
    walk++
    if (latencyMs > 0) {
      nowMs = prices.columns.time[at] as number
      deliver()
    }
    if (volumeShare < 1) room = Math.floor(volumeShare * (prices.columns.volume[at] as number))
    from = prices.ticks.open[at] as number
    top = prices.ticks.high[at] as number
    bottom = prices.ticks.low[at] as number
    closes = prices.ticks.close
    met = at
    isWithin = false
    if (stopFirst) {
      markAll(from)
      meetOpen(from)
      if (account !== undefined) judge(from)
      meetWorst()
      if (account !== undefined) judge(final())
    } else meetPath()
  }

  // ── the book
  const withdraw = (isGone: (order: Order) => boolean): void => {
    for (const order of orders) if (isGone(order)) finish(order)
  }

  const turns = (order: Order): boolean => order.reduces || position * order.side < 0

  const clear = (): void => {
    inbox = []
    withdraw(() => true)
  }

  const protect = ({ stop = Number.NaN, targets = [] }: Exits): void => {
    let shared = 0
    for (const lot of lots) {
      // A stop that was reached is at the market already.
      if (lot.stop !== anyPrice(-lot.side as Direction)) lot.stop = stop
      if (Number.isNaN(lot.firstStop)) lot.firstStop = stop
      lot.targets = share(targets, shared, lot.quantity)
      shared += lot.quantity
    }
  }

  const arrival = (): number => (latencyMs > 0 ? (time[seen] as number) + span + latencyMs : 0)

  const command = (deed: () => void): void => {
    if (latencyMs > 0) inbox.push({ arrives: arrival(), deed })
    else deed()
  }

  const send = (sent: NewOrder): number => {
    const { kind, side, quantity, price, oco = 0, reduces = false, until = Number.POSITIVE_INFINITY } = sent
    if (kind !== 'market' && price === undefined) throw new RangeError(`a ${kind} order needs a price`)
    const number = ++numbers
    if (!(quantity > 0) || until <= seen) return number
    orders.push({
      number,
      side,
      limit: kind === 'limit',
      reduces,
      oco,
      until,
      reason: reasonByKind[kind],
      sent,
      arrives: arrival(),
      price: kind === 'market' ? anyPrice(side) : (price as number),
      left: quantity,
      opened: 0,
      touched: -1,
    })
    if (!reduces) desk.waiting++
    return number
  }

  const cancel = (isMeant: (order: Order) => boolean): void =>
    command(() => {
      withdraw(isMeant)
      tidy()
      countWaiting()
    })

  const cancelAll = (): void => {
    const sent = numbers
    cancel(({ number }) => number <= sent)
  }

  const countWaiting = (): void => {
    desk.waiting = 0
    for (const order of orders) if (!order.reduces) desk.waiting++
  }

  const desk: { -readonly [name in keyof Desk]: Desk[name] } = {
    position: 0,
    entry: Number.NaN,
    waiting: 0,
    net: 0,
    closed: 0,
    send,
    cancel: (number) => cancel((order) => order.number === number),
    cancelAll,
    leave: () => {
      cancelAll()
      if (position !== 0)
        send({ kind: 'market', side: position > 0 ? -1 : 1, quantity: Math.abs(position), reduces: true })
    },
    protect: (exits) => command(() => protect(exits)),
  }

  /** Shows the desk how things stand. */
  const show = (): void => {
    tidy()
    countWaiting()
    desk.position = position
    let cost = 0
    for (const lot of lots) cost += lot.quantity * lot.entry
    desk.entry = lots.length === 1 ? (lots[0] as Lot).entry : position === 0 ? Number.NaN : cost / Math.abs(position)
  }

  const meetBar = (bar: number): void => {
    if (finer === undefined || finer.first[bar] === finer.first[bar + 1]) {
      meet(history, bar)
      return
    }
    const end = finer.first[bar + 1] as number
    for (let at = finer.first[bar] as number; at < end; at++) meet(finer.history, at)
  }

  return {
    desk: desk as Desk,
    tape: (): Played => (account === undefined ? tape.tape() : { ...tape.tape(), account: account.course() }),
    /** Whether the firm has ended the account: nothing is traded any more. */
    isBroken: (): boolean => account?.isBroken() === true,
    isIdle: (): boolean => lots.length === 0 && orders.length === 0 && inbox.length === 0,
    /** The player sees this bar closed. */
    closes: (bar: number): void => {
      seen = bar
    },
    /** Bars were passed without a thought; these were their extremes, ticks. */
    pass: (stretch: Stretch): void => {
      markAll(stretch.top)
      markAll(stretch.bottom)
    },
    /** Lets a bar happen; whether anything has changed by it. */
    step: (bar: number): boolean => {
      changed = false
      now = bar
      if (day?.isOver(bar)) {
        leaveAll(open[bar] as number, reasonOf.flatBy)
        clear()
      } else if (day !== undefined && orders.length > 0 && !day.mayEnter(bar, position === 0))
        withdraw((order) => !turns(order))
      meetBar(bar)
      if (day?.isLast(bar)) {
        leaveAll(close[bar] as number, reasonOf.flatBy)
        clear()
      }
      for (let i = 0; i < orders.length; i++) if ((orders[i] as Order).until <= bar) finish(orders[i] as Order)
      show()
      return changed
    },
    /** Leaves everything at the close of a bar, as the run is over. */
    end: (bar: number): void => {
      now = bar
      leaveAll(close[bar] as number, reasonOf.end)
    },
    /** Sets the prices up to which the market may go either way before anything can happen, ticks. */
    aim: (stretch: Stretch): void => {
      let above = highest
      let below = lowest
      for (let i = 0; i < lots.length; i++) {
        const lot = lots[i] as Lot
        if (lot.side > 0 ? lot.stop > below : lot.stop < above) {
          if (lot.side > 0) below = lot.stop
          else above = lot.stop
        }
        for (const one of lot.targets) {
          if (lot.side > 0) above = Math.min(above, targetTrigger(lot, one))
          else below = Math.max(below, targetTrigger(lot, one))
        }
      }
      for (let i = 0; i < orders.length; i++) {
        const order = orders[i] as Order
        if (order.reduces && position * order.side >= 0) continue
        const trigger = triggerOf(order)
        if (rises(order)) above = Math.min(above, trigger)
        else below = Math.max(below, trigger)
      }
      stretch.above = Math.max(lowest, Math.ceil(above))
      stretch.below = Math.min(highest, Math.floor(below))
    },
    /** The first bar from `bar` on that has to be looked at whatever its prices. */
    edge: (bar: number): number => {
      // What an account is worth is asked at every bar.
      if (inbox.length > 0 || account !== undefined) return bar
      let edge = day === undefined ? Number.POSITIVE_INFINITY : day.leavesAt(bar)
      for (let i = 0; i < orders.length; i++) {
        const order = orders[i] as Order
        if (order.until < edge) edge = order.until
        if (day !== undefined && !turns(order)) edge = Math.min(edge, day.withdrawsAt(bar, position === 0))
      }
      return edge
    },
  }
}
