import { backtest, type IBar, type IStrategy, type ITrade } from 'grademark'
import { randomBars } from '#src/testing/bars.ts'
import type { Row } from '#src/testing/bench.ts'
import { smaOf } from '../indicators/columns.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toColumns } from '../market/series.ts'
import { dollars } from '../money.ts'
import { historyOf } from './history.ts'
import { simulate } from './simulate.ts'
import type { Player } from './strategy.ts'
import type { Terms } from './terms.ts'
import type { TradeTape } from './trade-tape.ts'

/** A year of minutes: SMA 10/30 crosses long and short, a stop, a target, fees; against grademark on the same bars. */
export const name = 'Backtest: 345,000 bars'

const count = 345_000
/** In points; a bar spans about three. */
const [stop, target] = [15, 30]

const spec = specOf('ES')
const bars = randomBars(1, count)
const history = historyOf(spec, toColumns(bars))
const { close } = history.columns

const terms: Terms = {
  ticksPerPoint: spec.ticksPerPoint,
  tickValue: spec.tickValue,
  feePerSide: dollars(2.1),
  feeShare: 0,
  slippageTicks: 0,
  spreadTicks: 0,
  limitThrough: 0,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}

const fast = new Float64Array(count)
const slow = new Float64Array(count)

/** The first bar from `from` on at which the fast average has changed sides. */
const nextCross = (from: number): number => {
  let i = Math.max(from, 30)
  let was = (fast[i - 1] as number) > (slow[i - 1] as number)
  for (; i < count; i++) {
    const is = (fast[i] as number) > (slow[i] as number)
    if (is !== was) return i
    was = is
  }
  return count
}

const crosses: Player = {
  next: (from, { position, waiting }) => (position === 0 && waiting === 0 ? nextCross(from) : count),
  act: (bar, desk) => {
    desk.send({
      kind: 'market',
      side: (fast[bar] as number) > (slow[bar] as number) ? 1 : -1,
      quantity: 1,
      exitsFromFill: { stop: stop * spec.ticksPerPoint, target: target * spec.ticksPerPoint },
    })
  },
}

/** Everything from the prices to the trades, the averages included. */
const ours = (): TradeTape => {
  smaOf(close, 10, fast)
  smaOf(close, 30, slow)
  return simulate(history, crosses, { terms })
}

type Crossed = IBar & { readonly side: number }

/** The same bars with the averages' cross already known: grademark is spared to compute it. */
const crossed = (): readonly Crossed[] =>
  bars.map((bar, i) => {
    const is = (fast[i] as number) > (slow[i] as number)
    const was = (fast[i - 1] as number) > (slow[i - 1] as number)
    return { ...bar, time: new Date(bar.time), side: i < 30 || is === was ? 0 : is ? 1 : -1 }
  })

type Direction = NonNullable<NonNullable<Parameters<Parameters<IStrategy<Crossed>['entryRule']>[0]>[0]>['direction']>

/** grademark does not export the words it takes. */
const [long, short] = ['long', 'short'] as unknown as [Direction, Direction]

const peerStrategy: IStrategy<Crossed> = {
  entryRule: (enter, { bar }) => {
    if (bar.side !== 0) enter({ direction: bar.side > 0 ? long : short })
  },
  stopLoss: () => stop,
  profitTarget: () => target,
}

/** What grademark reads of a data frame, at its cheapest. */
const seriesOf = (rows: readonly Crossed[]) =>
  ({
    count: () => rows.length,
    none: () => rows.length === 0,
    last: () => rows.at(-1),
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  }) as unknown as Parameters<typeof backtest<Crossed, Crossed, unknown, number>>[1]

const net = (tape: TradeTape): number => {
  let sum = 0
  for (let row = 0; row < tape.length; row++) sum += (tape.gross[row] as number) - (tape.fees[row] as number)
  return sum
}

/** The least, as what a busy machine adds is nobody's own. */
const best = (values: readonly number[]): number => Math.min(...values)

const timed = <T>(work: () => T): [T, number] => {
  const begun = performance.now()
  const made = work()
  return [made, performance.now() - begun]
}

/** The share of our trades that grademark entered on the same bar, the same way, at the same price. */
const agreement = (tape: TradeTape, trades: readonly ITrade[]): number => {
  const theirs = new Set(trades.map((one) => `${one.entryTime.getTime()} ${one.direction} ${one.entryPrice}`))
  let same = 0
  for (let row = 0; row < tape.length; row++) {
    const at = tape.enteredAt[row] as number
    const price = (tape.entry[row] as number) / spec.ticksPerPoint
    if (theirs.has(`${history.columns.time[at]} ${(tape.side[row] as number) > 0 ? 'long' : 'short'} ${price}`)) same++
  }
  return same / tape.length
}

const perSecond = (ms: number): string => `${(count / ms / 1000).toFixed(ms > 100 ? 2 : 0)} M bars/s`

export const run = async (): Promise<Row[]> => {
  for (let i = 0; i < 20; i++) ours()
  const rows = crossed()
  const own: number[] = []
  const peer: number[] = []
  let consumed = 0
  let tape = ours()
  let trades: ITrade[] = []
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 20; i++) {
      const [made, ms] = timed(() => {
        tape = ours()
        return net(tape)
      })
      own.push(ms)
      consumed += made
    }
    const [made, ms] = timed(() => {
      trades = backtest(peerStrategy, seriesOf(rows)) as ITrade[]
      return trades.reduce((sum, one) => sum + one.profit - 4.2, 0)
    })
    peer.push(ms)
    consumed += made
  }
  if (!Number.isFinite(consumed)) throw new Error('every answer must be a number')
  const same = agreement(tape, trades)
  // Otherwise they do not play the same game.
  if (same < 0.85) throw new Error(`only ${same} of the trades are entered alike`)
  return [
    {
      what: `SMA 10/30, ${tape.length} trades, ${(100 * same).toFixed(0)} % entered alike`,
      ours: perSecond(best(own)),
      peer: `grademark ${perSecond(best(peer))}, ${trades.length} trades`,
      ratio: best(peer) / best(own),
    },
  ]
}
