import { IndicatorsSync } from '@ixjb94/indicators'
import * as indicatorts from 'indicatorts'
import * as technical from 'technicalindicators'
import * as signals from 'trading-signals'
import { randomBars } from '#src/testing/bars.ts'
import type { Row } from '#src/testing/bench.ts'
import { toColumns } from '../market/series.ts'
import { atrOf, emaOf, rsiOf, smaOf } from './columns.ts'

/** A year of minutes through four indicators, against four libraries, each in its fastest documented way. */
export const name = 'Indicators: 345,000 bars'

const count = 345_000
const rounds = 11

const bars = randomBars(1, count)
const columns = toColumns(bars)
const high = bars.map((bar) => bar.high)
const low = bars.map((bar) => bar.low)
const closes = bars.map((bar) => bar.close)
const out = new Float64Array(count)
const ixjb = new IndicatorsSync()

type Pass = () => ArrayLike<number | null>
type Peers = Readonly<Record<string, Pass>>

/** A library that streams, kept to what it answers. */
const streamed = <Input>(
  inputs: readonly Input[],
  create: () => { update: (input: Input, replace: boolean) => number | null },
) => {
  const stream = create()
  const answers: (number | null)[] = []
  for (const input of inputs) answers.push(stream.update(input, false))
  return answers
}

const contests: readonly { readonly what: string; readonly ours: Pass; readonly peers: Peers }[] = [
  {
    what: 'SMA(20)',
    ours: () => smaOf(columns.close, 20, out),
    peers: {
      'trading-signals': () => streamed(closes, () => new signals.SMA(20)),
      technicalindicators: () => technical.SMA.calculate({ period: 20, values: closes }),
      indicatorts: () => indicatorts.sma(closes, { period: 20 }),
      '@ixjb94/indicators': () => ixjb.sma(closes, 20),
    },
  },
  {
    what: 'EMA(20)',
    ours: () => emaOf(columns.close, 20, out),
    peers: {
      'trading-signals': () => streamed(closes, () => new signals.EMA(20)),
      technicalindicators: () => technical.EMA.calculate({ period: 20, values: closes }),
      indicatorts: () => indicatorts.ema(closes, { period: 20 }),
      '@ixjb94/indicators': () => ixjb.ema(closes, 20),
    },
  },
  {
    what: 'RSI(14)',
    ours: () => rsiOf(columns.close, 14, out),
    peers: {
      'trading-signals': () => streamed(closes, () => new signals.RSI(14)),
      technicalindicators: () => technical.RSI.calculate({ period: 14, values: closes }),
      indicatorts: () => indicatorts.rsi(closes, { period: 14 }),
      '@ixjb94/indicators': () => ixjb.rsi(closes, 14),
    },
  },
  {
    what: 'ATR(14)',
    ours: () => atrOf(columns, 14, out),
    peers: {
      'trading-signals': () => streamed(bars, () => new signals.ATR(14)),
      technicalindicators: () => technical.ATR.calculate({ period: 14, high, low, close: closes }),
      indicatorts: () => indicatorts.atr(high, low, closes, { period: 14 }).atrLine,
      '@ixjb94/indicators': () => ixjb.atr(high, low, closes, 14),
    },
  },
]

let consumed = 0

const time = (pass: Pass): number => {
  const begun = performance.now()
  const answers = pass()
  const taken = performance.now() - begun
  // What nobody reads a clever compiler might leave out.
  for (let i = 0; i < answers.length; i++) consumed += answers[i] || 0
  return taken
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

/** Median milliseconds of each pass, in turns, so that a busy moment of the machine meets all alike. */
const race = (passes: readonly Pass[]): readonly number[] => {
  for (const pass of passes) for (let i = 0; i < 3; i++) time(pass)
  const taken = passes.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    passes.forEach((pass, i) => {
      taken[i]?.push(time(pass))
    })
  return taken.map(median)
}

const rate = (ms: number): string => `${(count / ms / 1000).toFixed(0)} M bars/s`

export const run = async (): Promise<Row[]> => {
  const rows = contests.map(({ what, ours, peers }) => {
    const names = Object.keys(peers)
    const [own = Number.NaN, ...others] = race([ours, ...Object.values(peers)])
    const fastest = Math.min(...others)
    return {
      what: `${what} into a column`,
      ours: rate(own),
      peer: `${names[others.indexOf(fastest)]} ${rate(fastest)}`,
      ratio: fastest / own,
    }
  })
  if (Number.isNaN(consumed)) throw new Error('every answer must be a number')
  return rows
}
