import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { isOpen } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { easternAt } from '../instruments/zone.ts'
import type { Bar } from '../market/bar.ts'
import { toColumns } from '../market/series.ts'
import { auditFills, watch } from './audit.ts'
import { type History, historyOf } from './history.ts'
import { finerOf, type Simulation, simulate } from './simulate.ts'
import type { Desk, Exits, NewOrder, Player } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'
import { exitReasons, type TradeTape } from './trade-tape.ts'

/**
 * The simulator again, as plainly as it can be said: every bar is looked at, every order is asked, every price seen is kept.
 * What is fast must agree with it on random markets and random orders, to the last trade.
 */
type Working = Omit<NewOrder, 'kind'> & {
  kind: NewOrder['kind']
  id: number
  left: number
  given: number
  takenIn: number
}
type Goal = { price: number; quantity: number; takenIn: number }
type Held = {
  order: Working
  quantity: number
  base: number
  slip: number
  at: number
  stop: number | undefined
  firstStop: number | undefined
  goals: Goal[]
  prices: number[]
  bornIn: number
  takenIn: number
}
type TradeRow = Readonly<Record<string, number>>

const rowsOf = (tape: TradeTape): readonly TradeRow[] =>
  Array.from({ length: tape.length }, (_, i) =>
    Object.fromEntries(
      Object.entries(tape).flatMap(([name, column]) =>
        typeof column === 'number' ? [] : [[name, column[i] as number]],
      ),
    ),
  )

const goalsOf = (exits: Exits | undefined, given: number, quantity: number): Goal[] => {
  const targets = exits?.targets ?? []
  // One contract after the other, each to the target whose turn it is.
  const goals: Goal[] = []
  for (let unit = given; unit < given + quantity; unit++) {
    let before = 0
    const turn = targets.findIndex((one) => {
      before += one.quantity ?? Number.POSITIVE_INFINITY
      return unit < before
    })
    const chosen = targets.at(turn)
    if (chosen === undefined) continue
    const last = goals.at(-1)
    if (last?.price === chosen.price) last.quantity++
    else goals.push({ price: chosen.price, quantity: 1, takenIn: -1 })
  }
  return goals
}

const reference = (history: History, player: Player, { terms, discipline, finer, to }: Simulation): TradeRow[] => {
  const rows: TradeRow[] = []
  const end = to ?? history.minute.length
  const slip = terms.slippageTicks + Math.ceil(terms.spreadTicks / 2)
  const through = terms.limitThrough
  let held: Held[] = []
  let book: Working[] = []
  let ids = 0
  let bar = 0
  let meeting = 0
  let room = Number.POSITIVE_INFINITY
  const day = { date: -1, opened: 0, losses: 0, made: 0, trip: 0 }

  const position = (): number => held.reduce((sum, one) => sum + one.order.side * one.quantity, 0)
  const late = (at: number): number => (history.minute[at] as number) + (1440 - 1080)
  const session = (at: number): number => late(at) % 1440
  const over = (at: number): boolean => discipline !== undefined && session(at) >= (discipline.flatBy + 360) % 1440
  /** Whether the exchange's day, which ends at 18:00, is not the one its trades count to. */
  const isHoliday = (at: number): boolean =>
    easternAt((history.columns.time[at] as number) + 6 * 3_600_000).date !== history.dates[history.date[at] as number]
  const may = (opens: boolean): boolean => {
    if (discipline === undefined) return true
    if (day.date !== history.date[bar]) Object.assign(day, { date: history.date[bar], opened: 0, losses: 0, made: 0 })
    const { entriesFrom, entriesUntil, tradesPerDay, lossesInRow, dailyLoss, dailyGoal } = discipline
    if (over(bar) || isHoliday(bar)) return false
    if (session(bar) < (entriesFrom + 360) % 1440 || session(bar) >= (entriesUntil + 360) % 1440) return false
    if (lossesInRow !== undefined && day.losses >= lossesInRow) return false
    if (dailyLoss !== undefined && day.made <= -dailyLoss) return false
    if (dailyGoal !== undefined && day.made >= dailyGoal) return false
    return !(opens && tradesPerDay !== undefined && day.opened >= tradesPerDay)
  }

  const leave = (one: Held, quantity: number, base: number, slipped: number, why: string, at = base): void => {
    const { side } = one.order
    const was = position()
    one.prices.push(at, base)
    const entry = one.base + side * one.slip
    const exit = base - side * slipped
    const fees = 2 * terms.feePerSide * quantity
    const gross = (exit - entry) * side * quantity * terms.tickValue
    const moves = one.prices.map((price) => (price - entry) * side)
    const loss =
      one.firstStop === undefined
        ? Number.NaN
        : ((entry - one.firstStop) * side + slip) * quantity * terms.tickValue + fees
    rows.push({
      side,
      quantity,
      enteredAt: one.at,
      leftAt: bar,
      entry,
      exit,
      gross: gross + 0,
      fees,
      slipped: (one.slip + slipped) * quantity * terms.tickValue,
      best: Math.max(0, ...moves) + 0,
      worst: Math.min(0, ...moves) + 0,
      risked: loss > 0 ? loss : Number.NaN,
      reason: exitReasons.indexOf(why as 'end'),
      grade: one.order.grade ?? -1,
      regime: one.order.regime ?? -1,
      setup: one.order.setup ?? -1,
    })
    one.quantity -= quantity
    held = held.filter((other) => other.quantity > 0)
    may(false)
    day.made += gross - fees
    day.trip += gross - fees
    if (was !== 0 && position() === 0) day.losses = day.trip < 0 ? day.losses + 1 : 0
  }

  const leaveOldest = (quantity: number, base: number, slipped: number, why: string): void => {
    let rest = quantity
    for (const one of [...held]) {
      const part = Math.min(rest, one.quantity)
      if (part > 0) leave(one, part, base, slipped, why)
      rest -= part
    }
  }

  const fill = (order: Working, base: number, isNew: boolean): void => {
    const size = Math.min(order.left, room)
    const cost = order.kind === 'limit' ? 0 : slip
    order.takenIn = meeting
    if (order.kind === 'stop') order.kind = 'market'
    if (size === 0) return
    const against = position() * order.side < 0 ? Math.min(size, Math.abs(position())) : 0
    const why = order.kind === 'limit' ? 'limit' : order.price === undefined ? 'signal' : 'stop'
    leaveOldest(against, base, cost, why)
    order.left -= against
    const rest = size - against
    if (rest > 0 && !order.reduces) {
      if (may(position() === 0)) {
        if (position() === 0) {
          day.opened++
          day.trip = 0
        }
        const entry = base + order.side * cost
        const away = order.exitsFromFill
        const stop = order.exits?.stop ?? (away?.stop === undefined ? undefined : entry - order.side * away.stop)
        held.push({
          order,
          quantity: rest,
          base,
          slip: cost,
          at: bar,
          stop,
          firstStop: stop,
          goals:
            order.exits === undefined && away?.target !== undefined
              ? [{ price: entry + order.side * away.target, quantity: rest, takenIn: -1 }]
              : goalsOf(order.exits, order.given, rest),
          prices: [base],
          bornIn: isNew ? meeting : -1,
          takenIn: -1,
        })
        order.given += rest
        order.left -= rest
      } else order.left = 0
    }
    if (order.oco) book = book.filter((other) => other === order || other.oco !== order.oco)
    book = book.filter((other) => other.left > 0)
  }

  const stopOut = (one: Held, base: number): void => {
    const size = Math.min(one.quantity, room)
    one.takenIn = meeting
    if (size < one.quantity) one.stop = one.order.side * Number.POSITIVE_INFINITY
    if (size > 0) leave(one, size, base, slip, 'stop')
  }

  const goal = (one: Held, goal: Goal, base: number, at: number): void => {
    const size = Math.min(goal.quantity, one.quantity, room)
    goal.takenIn = meeting
    if (size <= 0) return
    goal.quantity -= size
    one.goals = one.goals.filter(({ quantity }) => quantity > 0)
    leave(one, size, base, 0, 'target', at)
  }

  const able = (order: Working): boolean =>
    book.includes(order) && order.takenIn !== meeting && (!order.reduces || position() * order.side < 0)
  /** Where the market must trade, and whether it has to rise for it. */
  const trigger = ({ kind, side, price = Number.NaN }: Working): number =>
    kind === 'market' ? -side * Number.POSITIVE_INFINITY : kind === 'limit' ? price - side * through : price
  const rises = ({ kind, side }: Working): boolean => (kind === 'limit' ? side < 0 : side > 0)
  const reached = (order: Working, at: number): boolean => (rises(order) ? at >= trigger(order) : at <= trigger(order))
  const stopped = (one: Held, at: number): boolean =>
    one.stop !== undefined && (one.order.side > 0 ? at <= one.stop : at >= one.stop)
  const won = (one: Held, { price }: Goal, at: number): boolean =>
    one.order.side > 0 ? at >= price + through : at <= price - through

  const better = (side: number, a: number, b: number): number => (side > 0 ? Math.min(a, b) : Math.max(a, b))

  type Prices = { open: number; high: number; low: number; close: number }

  const unkindly = ({ open, high, low, close }: Prices): void => {
    const worst = (one: Held): number => (one.order.side > 0 ? low : high)
    const best = (one: Held): number => (one.order.side > 0 ? high : low)
    for (const one of held) one.prices.push(open)
    for (let count = -1; count !== 0; ) {
      count = 0
      for (const one of [...held]) {
        if (one.takenIn !== meeting && stopped(one, open)) {
          stopOut(one, open)
          count++
        }
        for (const each of [...one.goals])
          if (one.takenIn !== meeting && each.takenIn !== meeting && won(one, each, open)) {
            goal(one, each, open, open)
            count++
          }
      }
      for (const order of [...book])
        if (able(order) && reached(order, open)) {
          fill(order, open, false)
          count++
        }
    }
    for (const one of [...held])
      if (one.takenIn !== meeting && stopped(one, worst(one))) stopOut(one, one.stop as number)
    const pass = (isMeant: (order: Working) => boolean, isEntry: boolean): void => {
      for (;;) {
        const hit = book.filter(
          (order) => isMeant(order) && able(order) && (reached(order, high) || reached(order, low)),
        )
        const nearest = (up: boolean): Working | undefined =>
          hit
            .filter((order) => rises(order) === up)
            .sort((a, b) => (trigger(a) - trigger(b)) * (rises(a) ? 1 : -1) || a.id - b.id)[0]
        const chosen = [nearest(true), nearest(false)]
          .filter((order) => order !== undefined)
          .sort((a, b) => (close - (a.price ?? 0)) * a.side - (close - (b.price ?? 0)) * b.side || a.id - b.id)[0]
        if (chosen === undefined) return
        const price = chosen.price as number
        const born = held[0]?.bornIn === meeting ? held[0].base : open
        if (chosen.kind === 'limit') fill(chosen, better(chosen.side, price, open), true)
        else fill(chosen, !isEntry && reached(chosen, born) ? born : price, true)
        const one = held.at(-1)
        if (!isEntry || one?.bornIn !== meeting || one.takenIn === meeting) continue
        if (stopped(one, worst(one))) stopOut(one, stopped(one, one.base) ? one.base : (one.stop as number))
        if (one.quantity > 0) one.prices.push(worst(one), chosen.kind === 'limit' ? close : best(one))
      }
    }
    const isStop = (order: Working): boolean => order.reduces === true && order.kind !== 'limit'
    pass(isStop, false)
    pass((order) => !order.reduces, true)
    pass(isStop, false)
    const goals = (isNew: boolean): void => {
      for (const one of [...held])
        for (const each of [...one.goals])
          if (one.takenIn !== meeting && each.takenIn !== meeting && (one.bornIn === meeting) === isNew)
            if (won(one, each, isNew ? close : best(one)))
              goal(one, each, better(-one.order.side, each.price, isNew ? one.base : open), worst(one))
    }
    goals(false)
    for (;;) {
      const proof = held[0]?.bornIn === meeting ? [close] : [high, low]
      const next = book
        .filter(
          (order) => order.reduces && order.kind === 'limit' && able(order) && proof.some((at) => reached(order, at)),
        )
        .sort((a, b) => (trigger(a) - trigger(b)) * (rises(a) ? 1 : -1) || a.id - b.id)[0]
      if (next === undefined) break
      for (const one of held) one.prices.push(worst(one))
      const born = held[0]?.bornIn === meeting ? held[0].base : open
      fill(next, better(next.side, next.price as number, born), true)
    }
    goals(true)
    for (const one of held) if (one.bornIn !== meeting) one.prices.push(high, low)
  }

  /** Tick by tick along the path. */
  const alongPath = ({ open, high, low, close }: Prices): void => {
    const start = (one: Held | undefined): number => (one?.bornIn === meeting ? one.base : open)
    const corners = high - open < open - low ? [open, high, low, close] : [open, low, high, close]
    const ticks = [open]
    for (const corner of corners) {
      let at = ticks.at(-1) as number
      while (at !== corner) {
        at += Math.sign(corner - at)
        ticks.push(at)
      }
    }
    ticks.forEach((at, i) => {
      const before = ticks[Math.max(0, i - 1)] as number
      // What filled at a tick may bring what fills there too; a limit reached just now fills at its own price.
      for (;;) {
        for (const one of held) one.prices.push(at)
        const deeds: (() => void)[] = []
        for (const one of held) {
          if (one.takenIn === meeting) continue
          if (stopped(one, at)) deeds.push(() => stopOut(one, at))
          for (const each of one.goals)
            if (each.takenIn !== meeting && won(one, each, at))
              deeds.push(() =>
                goal(
                  one,
                  each,
                  i > 0 && !won(one, each, before) ? better(-one.order.side, each.price, start(one)) : at,
                  at,
                ),
              )
        }
        for (const order of book)
          if (able(order) && reached(order, at))
            deeds.push(() =>
              fill(
                order,
                order.kind === 'limit' && i > 0 && !reached(order, before)
                  ? better(order.side, order.price as number, order.reduces ? start(held[0]) : open)
                  : at,
                true,
              ),
            )
        if (deeds.length === 0) return
        deeds[0]?.()
      }
    })
  }

  const meet = (from: History, at: number): void => {
    meeting++
    const { open, high, low, close } = from.ticks
    const prices = { open: open[at], high: high[at], low: low[at], close: close[at] } as Prices
    if (terms.volumeShare < 1) room = Math.floor(terms.volumeShare * (from.columns.volume[at] as number))
    if (terms.path === 'stop-first') unkindly(prices)
    else alongPath(prices)
  }

  const send = (order: NewOrder): number => {
    const id = ++ids
    if (order.until === undefined || order.until > bar)
      book.push({ ...order, id, left: order.quantity, given: 0, takenIn: -1 })
    return id
  }
  const desk: Desk = {
    get position() {
      return position()
    },
    get entry() {
      const cost = held.reduce((sum, one) => sum + one.quantity * (one.base + one.order.side * one.slip), 0)
      return cost / Math.abs(position())
    },
    get waiting() {
      return book.filter((order) => !order.reduces).length
    },
    get net() {
      return rows.reduce((sum, row) => sum + (row['gross'] as number) - (row['fees'] as number), 0)
    },
    get closed() {
      return rows.length
    },
    send,
    cancel: (id) => {
      book = book.filter((order) => order.id !== id)
    },
    cancelAll: () => {
      book = []
    },
    leave: () => {
      book = []
      const side = position() > 0 ? -1 : 1
      if (position() !== 0) send({ kind: 'market', side, quantity: Math.abs(position()), reduces: true })
    },
    protect: (exits) => {
      let given = 0
      for (const one of held) {
        if (Math.abs(one.stop ?? 0) !== Number.POSITIVE_INFINITY) one.stop = exits.stop
        one.firstStop ??= exits.stop
        one.goals = goalsOf(exits, given, one.quantity)
        given += one.quantity
      }
    },
  }

  const leaveAll = (base: number, why: string): void => leaveOldest(Number.POSITIVE_INFINITY, base, slip, why)
  for (bar = 0; bar < end; bar++) {
    if (over(bar)) {
      leaveAll(history.ticks.open[bar] as number, 'flat-by')
      book = []
    }
    const opens = position() === 0
    book = book.filter((order) => order.reduces || position() * order.side < 0 || may(opens))
    const [first, next] = [finer?.first[bar] ?? 0, finer?.first[bar + 1] ?? 0]
    if (finer === undefined || first === next) meet(history, bar)
    else for (let at = first; at < next; at++) meet(finer.history, at)
    const isLast = bar + 1 < history.date.length && history.date[bar + 1] !== history.date[bar]
    if (discipline !== undefined && isLast) {
      leaveAll(history.ticks.close[bar] as number, 'flat-by')
      book = []
    }
    book = book.filter((order) => (order.until ?? Number.POSITIVE_INFINITY) > bar)
    if (player.next(bar, desk) === bar) player.act(bar, desk)
  }
  bar = end - 1
  leaveAll(history.ticks.close[bar] as number, 'end')
  return rows
}

const spec = { ...specOf('MES'), ticksPerPoint: 1, tickValue: 12_500 }

/** Half-hours around a holiday whose date has two sessions, and ten minutes within each. */
const marketOf = (chance: () => number, count: number): { history: History; finer: History } => {
  const pick = (reach: number): number => Math.floor(chance() * (2 * reach + 1)) - reach
  const minutes: Bar[] = []
  const bars: Bar[] = []
  let price = 1_000
  let time = Date.UTC(2024, 0, 12, 8) + Math.floor(chance() * 96) * 1_800_000
  for (; bars.length < count; time += 1_800_000) {
    if (!isOpen(spec.group, time)) continue
    const parts: Bar[] = []
    for (let part = 0; part < 3; part++) {
      const open = price + (chance() < 0.3 ? pick(4) : 0)
      const close = open + pick(5)
      const high = Math.max(open, close) + Math.max(0, pick(4))
      const low = Math.min(open, close) - Math.max(0, pick(4))
      parts.push({ time: time + part * 600_000, open, high, low, close, volume: Math.floor(chance() * 60) })
      price = close
    }
    const [head, tail] = [parts[0] as Bar, parts[2] as Bar]
    if (chance() < 0.9) minutes.push(...parts)
    bars.push({
      time,
      open: head.open,
      high: Math.max(...parts.map(({ high }) => high)),
      low: Math.min(...parts.map(({ low }) => low)),
      close: tail.close,
      volume: parts.reduce((sum, { volume }) => sum + volume, 0),
    })
  }
  return { history: historyOf(spec, toColumns(bars)), finer: historyOf(spec, toColumns(minutes)) }
}

type Deed = (desk: Desk, close: number) => void

/** Every kind of command there is, at random. */
const deedOf = (chance: () => number, bar: number): Deed => {
  const side = chance() < 0.5 ? 1 : -1
  const quantity = 1 + Math.floor(chance() * 3)
  const tag = { setup: bar, grade: bar % 3, regime: bar % 2 }
  const reach = (): number => 1 + Math.floor(chance() * 12)
  const [a, b, c, d] = [reach(), reach(), reach(), reach()]
  const until = chance() < 0.5 ? { until: bar + 1 + Math.floor(chance() * 8) } : {}
  const oco = chance() < 0.4 ? { oco: 1 + Math.floor(chance() * 2) } : {}
  const reduces = chance() < 0.3 ? { reduces: true } : {}
  const kind = Math.floor(chance() * 12)
  const exits = (close: number): Exits => ({
    ...(a > 2 && { stop: close - side * a }),
    targets: [
      { price: close + side * b, quantity: 1 },
      { price: close + side * (b + c), quantity: 2 },
    ],
  })
  return (desk, close) => {
    if (kind === 0)
      desk.send({ kind: 'market', side, quantity, ...tag, ...reduces, exitsFromFill: { stop: a, target: b } })
    else if (kind <= 2) desk.send({ kind: 'market', side, quantity, ...tag, exits: exits(close) })
    else if (kind <= 5)
      desk.send({
        kind: 'limit',
        side,
        quantity,
        price: close - side * d,
        ...tag,
        ...until,
        ...oco,
        ...reduces,
        exits: exits(close),
      })
    else if (kind <= 8)
      desk.send({
        kind: 'stop',
        side,
        quantity,
        price: close + side * d,
        ...tag,
        ...until,
        ...oco,
        ...reduces,
        exitsFromFill: { stop: a, target: c },
      })
    else if (kind === 9) desk.leave()
    else if (kind === 10) {
      if (desk.position !== 0) desk.protect(exits(close))
      else desk.cancelAll()
    } else desk.cancel(Math.floor(bar / 2))
  }
}

type Seen = readonly number[]

/** Acts on some bars while flat and on others while not, and writes down what its desk shows. */
const playerOf = (history: History, seed: number, seen: Seen[]): Player => {
  const chance = createChance(seed)
  const { close } = history.ticks
  const plan = Array.from(close, (_, bar) => ({
    flat: chance() < 0.3,
    held: chance() < 0.2,
    deed: deedOf(chance, bar),
  }))
  return {
    next: (from, desk) => {
      const at = plan.findIndex(({ flat, held }, bar) => bar >= from && (desk.position === 0 ? flat : held))
      return at < 0 ? plan.length : at
    },
    act: (bar, desk) => {
      seen.push([bar, desk.position, desk.entry, desk.waiting, desk.net, desk.closed])
      plan[bar]?.deed(desk, close[bar] as number)
    },
  }
}

const optional = <T>(chance: () => number, value: T): T | undefined => (chance() < 0.4 ? value : undefined)

const simulationOf = (chance: () => number, history: History, minutes: History): Simulation => {
  const whole = (most: number): number => Math.floor(chance() * (most + 1))
  const terms: Terms = {
    ticksPerPoint: 1,
    tickValue: spec.tickValue,
    feePerSide: 100 * whole(50),
    feeShare: 0,
    slippageTicks: whole(2),
    spreadTicks: whole(2),
    limitThrough: whole(2),
    path: chance() < 0.6 ? 'stop-first' : 'nearest-extreme',
    latencyMs: 0,
    volumeShare: chance() < 0.2 ? 0.05 : 1,
  }
  const limits = {
    tradesPerDay: optional(chance, 1 + whole(4)),
    lossesInRow: optional(chance, 1 + whole(2)),
    dailyLoss: optional(chance, 50_000 + whole(500_000)),
    dailyGoal: optional(chance, 50_000 + whole(500_000)),
  }
  const discipline = {
    entriesFrom: 30 * whole(14),
    entriesUntil: 500 + 30 * whole(12),
    flatBy: 600 + 30 * whole(12),
    ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
  } as Discipline
  return {
    terms,
    ...(chance() < 0.7 && { discipline }),
    ...(chance() < 0.3 && { finer: finerOf(history, minutes) }),
  }
}

const caseOf = (seed: number, count: number) => {
  const chance = createChance(seed)
  const { history, finer } = marketOf(chance, count)
  return { history, simulation: simulationOf(chance, history, finer) }
}

describe('on random markets under random orders', () => {
  test('the simulator tells the same trades as the plain one, and shows the same desk', () => {
    let trades = 0
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { history, simulation } = caseOf(seed, 150)
        const [seen, expected]: [Seen[], Seen[]] = [[], []]
        const tape = simulate(history, playerOf(history, seed, seen), simulation)
        const plain = reference(history, playerOf(history, seed, expected), simulation)
        expect(rowsOf(tape)).toEqual(plain)
        expect(seen).toEqual(expected)
        trades += tape.length
      }),
      { numRuns: 300, seed: 1 },
    )
    // Random orders must not have been withdrawn before they could differ.
    expect(trades).toBeGreaterThan(3_000)
  })

  test('no trade is found at fault', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { history, simulation } = caseOf(seed, 150)
        const { terms, discipline } = simulation
        const { player, sent } = watch(playerOf(history, seed, []))
        const tape = simulate(history, player, { terms, ...(discipline && { discipline }) })
        expect(auditFills(history, tape, terms, { sent, ...(discipline && { discipline }) })).toEqual([])
      }),
      { numRuns: 200, seed: 3 },
    )
  })

  test('what a prefix closes is what the whole closes by then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 150 }), (seed, to) => {
        const { history, simulation } = caseOf(seed, 150)
        const whole = rowsOf(simulate(history, playerOf(history, seed, []), simulation))
        const prefix = rowsOf(simulate(history, playerOf(history, seed, []), { ...simulation, to }))
        const end = exitReasons.indexOf('end')
        expect(prefix.filter(({ reason }) => reason !== end)).toEqual(
          whole.filter(({ leftAt, reason }) => (leftAt as number) < to && reason !== end),
        )
      }),
      { numRuns: 200, seed: 2 },
    )
  })
})
