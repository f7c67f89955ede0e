import type { History } from './history.ts'
import { simulate } from './simulate.ts'
import type { Desk, NewOrder, Player, Stage, Strategy } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'
import { exitReasons, type TradeTape } from './trade-tape.ts'

/** How a backtest can fool its reader, by name. */
type Fault =
  | 'look-ahead'
  | 'free-fill'
  | 'same-bar'
  | 'better-than-open'
  | 'out-of-range'
  | 'missing-fee'
  | 'missing-slippage'
  | 'wrong-sum'
  | 'past-flat-by'

type FillFault = Exclude<Fault, 'look-ahead'>

/** `at` is the trade's row on the tape; of a look-ahead the bar whose decision knew what came after it. */
export type Finding = { readonly fault: Fault; readonly at: number; readonly words: string }

/** An order with the bar at whose close it was sent. */
type Sent = { readonly bar: number; readonly order: NewOrder }

/** Writes down what a player sends, and every other command as words; the player does not notice. */
export const watch = (player: Player) => {
  const sent: Sent[] = []
  const told: { readonly bar: number; readonly words: string }[] = []
  const act = (bar: number, desk: Desk): void => {
    const tell = (words: string): void => {
      told.push({ bar, words })
    }
    player.act(
      bar,
      new Proxy(desk, {
        get: (target, name: keyof Desk) => {
          const verb = target[name]
          if (typeof verb !== 'function') return verb
          return (given?: never) => {
            if (name === 'send') sent.push({ bar, order: given as unknown as NewOrder })
            tell(`${name} ${JSON.stringify(given ?? null)}`)
            return verb(given as never)
          }
        },
      }),
    )
  }
  return { player: { next: player.next, act } satisfies Player, sent, told }
}

const unslipped = ['target', 'limit']

// Reckoned anew, and on purpose: what the broker's own fill model got wrong must not be wrong here too.

/** What a market or stop order has to pay beyond its price, ticks: the slippage, and half the spread rounded up. */
const slipDue = ({ slippageTicks, spreadTicks }: Terms): number => slippageTicks + Math.ceil(spreadTicks / 2)

/** Whether a limit of this side was due in a bar, its extreme on that side being `extreme`: `through` ticks beyond its price. */
const isDue = (side: 1 | -1, price: number, extreme: number, through: number): boolean =>
  side * (price - extreme) >= through

/** What a limit gives in a bar: the open where that is better for its side. */
const limitDue = (side: 1 | -1, price: number, open: number): number => side * Math.min(side * price, side * open)

/** What a row says of one trade, the prices in ticks without what slippage and spread took. */
const rowAt = (tape: TradeTape, row: number, { tickValue }: Terms, slip: number) => {
  const side = tape.side[row] === 1 ? 1 : -1
  const quantity = tape.quantity[row] as number
  const reason = exitReasons[tape.reason[row] as number] ?? 'end'
  const slipOut = unslipped.includes(reason) ? 0 : slip
  const slipIn = Math.round((tape.slipped[row] as number) / (quantity * tickValue)) - slipOut
  const entry = tape.entry[row] as number
  const exit = tape.exit[row] as number
  const [enteredAt, leftAt] = [tape.enteredAt[row] as number, tape.leftAt[row] as number]
  return {
    side,
    quantity,
    reason,
    slipIn,
    entry,
    exit,
    enteredAt,
    leftAt,
    bought: entry - side * slipIn,
    sold: exit + side * slipOut,
  } as const
}

type TapeRow = ReturnType<typeof rowAt>

const isWithin = ({ ticks }: History, bar: number, price: number): boolean =>
  price >= (ticks.low[bar] as number) && price <= (ticks.high[bar] as number)

/** Whether a bar traded through a limit, or the price is the open's, at which anyone could trade. */
const isEarned = ({ ticks }: History, bar: number, side: 1 | -1, price: number, through: number): boolean =>
  price === ticks.open[bar] || isDue(side, price, (side > 0 ? ticks.low[bar] : ticks.high[bar]) as number, through)

const opposite = (side: 1 | -1): 1 | -1 => (side > 0 ? -1 : 1)

/** Whether an order may have bought (or sold) at this price in a bar. */
const explains = ({ order }: Sent, history: History, row: TapeRow, through: number): boolean => {
  const open = history.ticks.open[row.enteredAt] as number
  const { kind, side, price = Number.NaN } = order
  if (side !== row.side || order.reduces) return false
  if (kind === 'market') return row.bought === open
  if (kind === 'stop') return row.bought === (side > 0 ? Math.max(price, open) : Math.min(price, open))
  const extreme = (side > 0 ? history.ticks.low[row.enteredAt] : history.ticks.high[row.enteredAt]) as number
  if (row.bought !== limitDue(side, price, open)) return false
  return isDue(side, price, extreme, through)
}

/** What is wrong with how a trade was entered, the orders being known. */
const unordered = (
  history: History,
  row: TapeRow,
  { limitThrough }: Terms,
  sent: readonly Sent[],
): FillFault | undefined => {
  const before = sent.filter(({ bar }) => bar < row.enteredAt)
  if (before.some((one) => explains(one, history, row, limitThrough))) return undefined
  if (before.some((one) => explains(one, history, row, 0))) return 'free-fill'
  const isSame = sent.some(({ bar, order }) => bar === row.enteredAt && order.side === row.side && !order.reduces)
  return isSame ? 'same-bar' : 'free-fill'
}

/** Bars on which nothing may be held any more at their close. */
const isPast = ({ minute }: History, bar: number, { flatBy }: Discipline): boolean =>
  ((minute[bar] as number) + 360) % 1440 >= ((flatBy + 360) % 1440 || 1440)

const isHeldPast = (history: History, { enteredAt, leftAt, sold }: TapeRow, discipline: Discipline): boolean => {
  if (history.date[enteredAt] !== history.date[leftAt]) return true
  for (let bar = enteredAt; bar < leftAt; bar++) if (isPast(history, bar, discipline)) return true
  return isPast(history, leftAt, discipline) && sold !== history.ticks.open[leftAt]
}

/** What the bars and the terms do not allow of one row. */
const faultsOf = (history: History, tape: TradeTape, at: number, terms: Terms, rest: Audit): readonly FillFault[] => {
  const { limitThrough: through, tickValue, feePerSide, feeShare, latencyMs, volumeShare } = terms
  const slip = slipDue(terms)
  const row = rowAt(tape, at, terms, slip)
  const { side, quantity, reason, enteredAt, leftAt, bought, sold } = row
  const { open, close } = history.ticks
  const found: FillFault[] = []
  const say = (fault: FillFault, isSo: boolean): void => {
    if (isSo) found.push(fault)
  }
  // What comes late or in parts meets prices within the bar.
  const isPrompt = latencyMs === 0 && volumeShare >= 1
  const isLimitEntry = slip > 0 && row.slipIn === 0
  say('out-of-range', leftAt < enteredAt || !isWithin(history, enteredAt, bought) || !isWithin(history, leftAt, sold))
  say('missing-slippage', row.slipIn < 0 || (row.slipIn > 0 && row.slipIn < slip))
  say('free-fill', isLimitEntry && isPrompt && !isEarned(history, enteredAt, side, bought, through))
  say('better-than-open', !isLimitEntry && slip > 0 && isPrompt && side * (bought - (open[enteredAt] as number)) < 0)
  // What has no gain in the bar of its entry took what the market gave at once.
  const isWon = leftAt > enteredAt || side * (sold - bought) > 0
  if (unslipped.includes(reason)) say('free-fill', isWon && !isEarned(history, leftAt, opposite(side), sold, through))
  else if (reason === 'end') say('better-than-open', sold !== close[leftAt])
  else if (reason === 'flat-by') say('better-than-open', sold !== open[leftAt] && sold !== close[leftAt])
  else say('better-than-open', isPrompt && leftAt > enteredAt && side * (sold - (open[leftAt] as number)) > 0)
  const fees = quantity * (2 * feePerSide + feeShare * tickValue * (row.entry + row.exit))
  say('missing-fee', (tape.fees[at] as number) < fees - 1)
  const gross = (row.exit - row.entry) * side * quantity * tickValue
  say('wrong-sum', Math.abs((tape.gross[at] as number) - gross) > 1)
  say('past-flat-by', rest.discipline !== undefined && isHeldPast(history, row, rest.discipline))
  const unexplained = rest.sent && isPrompt ? unordered(history, row, terms, rest.sent) : undefined
  if (unexplained !== undefined && !found.includes(unexplained)) found.push(unexplained)
  return found
}

type Audit = {
  readonly discipline?: Discipline
  /** What was sent (`watch`): with it every entry must have its order. */
  readonly sent?: readonly Sent[]
}

const reproach: Readonly<Record<FillFault, string>> = {
  'free-fill': 'filled at a limit the market did not trade through',
  'same-bar': 'filled in the bar that decided it',
  'better-than-open': 'filled better than the market stood',
  'out-of-range': 'filled at a price its bar did not trade',
  'missing-fee': 'paid less than the fees of both sides',
  'missing-slippage': 'paid less slippage and spread than a market or stop order does',
  'wrong-sum': 'made another sum than its prices tell',
  'past-flat-by': 'was held past flat-by',
}

/**
 * Checks every closed trade again, against nothing but the bars and the terms it should have had: not the code that made it.
 * A run resolved by finer bars is checked against these.
 */
export const auditFills = (history: History, tape: TradeTape, terms: Terms, audit: Audit = {}): readonly Finding[] =>
  Array.from({ length: tape.length }, (_, at) =>
    faultsOf(history, tape, at, terms, audit).map((fault) => ({
      fault,
      at,
      words: `Trade ${at + 1} ${reproach[fault]}.`,
    })),
  ).flat()

/** The first bars of a history, as if the rest had not come yet. */
const headOf = (history: History, count: number): History => {
  const cut = <T extends Record<string, { subarray: (from: number, to: number) => unknown }>>(columns: T): T =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, count)])) as T
  const dates = (history.date[count - 1] as number) + 1
  const firstOf = history.firstOf.slice(0, dates + 1)
  firstOf[dates] = count
  return {
    columns: cut(history.columns),
    ticks: cut(history.ticks),
    date: history.date.subarray(0, count),
    minute: history.minute.subarray(0, count),
    dates: history.dates.slice(0, dates),
    firstOf,
  }
}

/** The same history up to bar `count`; from there on every move goes the other way, and volumes come in the other order. */
const turnedAt = (history: History, count: number): History => {
  const { columns, ticks } = history
  const mirrored = <T extends Float64Array | Int32Array>(own: T, from: T, pivot: number): T => {
    const turned = own.slice() as T
    for (let i = count; i < own.length; i++) turned[i] = 2 * pivot - (from[i] as number)
    return turned
  }
  const { time, open, high, low, close } = columns
  const [point, tick] = [close[count - 1] as number, ticks.close[count - 1] as number]
  const volume = columns.volume.slice()
  volume.set(columns.volume.slice(count).reverse(), count)
  return {
    ...history,
    columns: {
      time,
      open: mirrored(open, open, point),
      high: mirrored(high, low, point),
      low: mirrored(low, high, point),
      close: mirrored(close, close, point),
      volume,
    },
    ticks: {
      open: mirrored(ticks.open, ticks.open, tick),
      high: mirrored(ticks.high, ticks.low, tick),
      low: mirrored(ticks.low, ticks.high, tick),
      close: mirrored(ticks.close, ticks.close, tick),
    },
  }
}

type FutureAudit = {
  readonly strategy: Strategy
  readonly stage: Stage
  readonly parameters: Parameters<Strategy['play']>[1]
  readonly terms: Terms
  readonly discipline?: Discipline
  /** Places at which the future is taken away; half of them just after a decision. */
  readonly cuts: number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** What a strategy decides on a history up to the close of the bar before `to`, everything prepared anew. */
const decisionsOn = (history: History, to: number, { strategy, stage, parameters, terms, discipline }: FutureAudit) => {
  const memos = new Map<string, unknown>()
  const memo: Stage['memo'] = <T>(name: string, make: () => T): T => {
    if (!memos.has(name)) memos.set(name, make())
    return memos.get(name) as T
  }
  const prepared = strategy.prepare(stage.spec, history, (kind, length) => new kind(length))
  const { player, told } = watch(strategy.play({ ...stage, history, prepared, memo }, parameters))
  simulate(history, player, { terms, to, ...(discipline && { discipline }) })
  return told
}

/** Cuts within a trade date: where one ends the whole knows that it does, and a prefix cannot. */
const cutsOf = ({ date }: History, decided: readonly { readonly bar: number }[], cuts: number, random: () => number) =>
  Array.from({ length: cuts }, (_, i) => {
    const one = i % 2 === 0 ? decided[Math.floor(random() * decided.length)] : undefined
    let cut = Math.max(1, one === undefined ? Math.floor(random() * date.length) : one.bar + 1)
    while (cut < date.length && date[cut] !== date[cut - 1]) cut++
    return cut
  }).filter((cut) => cut < date.length)

/**
 * Looks for knowledge of the future: what a strategy decides up to a bar must stay the same when the bars after it are cut off,
 * and when they bring other prices. One finding for each cut that changed a decision; none for an honest strategy.
 */
export const auditFuture = (audit: FutureAudit): readonly Finding[] => {
  const { history } = audit.stage
  const whole = decisionsOn(history, history.date.length, audit)
  return cutsOf(history, whole, audit.cuts, audit.random).flatMap((cut) => {
    const known = whole.filter(({ bar }) => bar < cut)
    for (const other of [headOf(history, cut), turnedAt(history, cut)]) {
      const decided = decisionsOn(other, cut, audit)
      const first = Math.max(known.length, decided.length)
      for (let i = 0; i < first; i++) {
        const [mine, theirs] = [known[i], decided[i]]
        if (mine?.bar === theirs?.bar && mine?.words === theirs?.words) continue
        const at = Math.min(mine?.bar ?? cut, theirs?.bar ?? cut)
        return [
          { fault: 'look-ahead', at, words: `What was decided at bar ${at} changes with prices that came later.` },
        ]
      }
    }
    return []
  })
}
