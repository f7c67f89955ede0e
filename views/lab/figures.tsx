import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import { fewest, type Interval } from '#src/domain/backtest/bootstrap.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import { formatFixed, formatMoney, formatNumber, unknown } from '../format.ts'
import { inR, percent } from './words.ts'

type Write = (value: number | null) => string

/** A number of a report as pages write it. */
export type Figure = {
  readonly name: string
  readonly value: (report: Report) => number | null
  readonly write: Write
  /** Its 95 % interval, where one is made. */
  readonly interval?: (report: Report) => Interval | undefined
  /** What it is told by, where few of them tell nothing. */
  readonly of?: 'trades' | 'dates'
  /** How it is defined, where its name does not say. */
  readonly means?: string
}

/** A ratio that may lie below nothing: '1.21', '−0.40'. */
const ratio: Write = (value) => formatFixed(value, 2)
const share: Write = (value) => (value === null ? unknown : `${formatFixed(value * 100, 2)} %`)
const count: Write = (value) => formatNumber(value)

/** What decides about a run, the most telling first. */
export const headline: readonly Figure[] = [
  { name: 'Net', value: ({ net }) => net, write: formatMoney },
  { name: 'Trades', value: ({ trades }) => trades, write: count },
  {
    name: 'R a trade',
    value: ({ expectancy }) => expectancy.r,
    write: inR,
    interval: ({ intervals }) => intervals?.expectancyR,
    of: 'trades',
    means: 'mean net over what was risked at the first stop',
  },
  {
    name: 'Win rate',
    value: ({ winRate }) => winRate,
    write: percent,
    interval: ({ intervals }) => intervals?.winRate,
    of: 'trades',
  },
  {
    name: 'Profit factor',
    value: ({ profitFactor }) => profitFactor,
    write: ratio,
    interval: ({ intervals }) => intervals?.profitFactor,
    of: 'trades',
    means: 'what the winners made over what the losers lost',
  },
  {
    name: 'Net a day',
    value: ({ net, dates }) => (dates === 0 ? null : net / dates),
    write: formatMoney,
    interval: ({ intervals }) => intervals?.netPerDay,
    of: 'dates',
  },
  {
    name: 'Sharpe',
    value: ({ sharpe }) => sharpe,
    write: ratio,
    interval: ({ intervals }) => intervals?.sharpe,
    of: 'dates',
    means: 'mean of a day over its deviation, a year',
  },
  {
    name: 'Deepest drawdown',
    value: ({ drawdown }) => drawdown?.money ?? 0,
    write: formatMoney,
    interval: ({ intervals }) => intervals?.maxDrawdown,
    of: 'dates',
  },
]

/** What else is known of a run. */
export const others: readonly Figure[] = [
  {
    name: 'Sortino',
    value: ({ sortino }) => sortino,
    write: ratio,
    of: 'dates',
    means: 'like Sharpe, by the losing days alone',
  },
  {
    name: 'Calmar',
    value: ({ calmar }) => calmar,
    write: ratio,
    of: 'dates',
    means: 'a year’s net over the deepest drawdown',
  },
  { name: 'System quality', value: ({ sqn }) => sqn, write: ratio, means: '√n · mean ÷ deviation of R a trade' },
  { name: 'Volatility a year', value: ({ volatility }) => volatility, write: share },
  {
    name: 'Tail ratio',
    value: ({ tailRatio }) => tailRatio,
    write: ratio,
    means: 'best twentieth of days over the worst',
  },
  {
    name: 'Straightness',
    value: ({ straightness }) => straightness,
    write: ratio,
    means: 'r² of the equity over time',
  },
  { name: 'Beta to the market', value: ({ market }) => market.beta, write: ratio },
  { name: 'Average win', value: ({ averageWin }) => averageWin, write: formatMoney },
  { name: 'Average loss', value: ({ averageLoss }) => averageLoss, write: formatMoney },
  { name: 'Most wins in a row', value: ({ streaks }) => streaks.winning, write: count },
  { name: 'Most losses in a row', value: ({ streaks }) => streaks.losing, write: count },
  {
    name: 'Held, minutes',
    value: ({ averageLength }) => averageLength.minutes,
    write: (value) => formatFixed(value, 0),
  },
  {
    name: 'In the market',
    value: ({ exposure }) => exposure,
    write: share,
    means: 'share of the bars with a position',
  },
]

const costs: readonly Figure[] = [
  { name: 'Before costs', value: ({ gross, slipped }) => gross + slipped, write: formatMoney },
  { name: 'Slippage and spread', value: ({ slipped }) => -slipped, write: formatMoney },
  { name: 'Fees', value: ({ fees }) => -fees, write: formatMoney },
  { name: 'Fees, of what winners grossed', value: ({ feesShare }) => feesShare, write: share },
  { name: 'Net', value: ({ net }) => net, write: formatMoney },
]

const atTwice: readonly Figure[] = [
  { name: 'Net at twice the costs', value: ({ costsDoubled }) => costsDoubled?.net ?? null, write: formatMoney },
  {
    name: 'R a trade at twice the costs',
    value: ({ costsDoubled }) => costsDoubled?.expectancyR ?? null,
    write: inR,
  },
]

/** What trading cost, and would at twice the costs; not of a run whose costs are doubled already. */
export const costsOf = ({ costsDoubled }: Pick<BacktestSpec, 'costsDoubled'>): readonly Figure[] =>
  costsDoubled ? costs : [...costs, ...atTwice]

/** What stands small beside a figure: its interval in words, '−0.02R to +0.31R', or why there is none. */
export const noteOf = ({ value, write, interval, of }: Figure, report: Report): string => {
  const told = interval?.(report)
  if (told !== undefined && told.low !== null && told.high !== null) return `${write(told.low)} to ${write(told.high)}`
  const isUntold = interval !== undefined || value(report) === null
  return isUntold && of !== undefined && report[of] < fewest ? `too few ${of} to say` : ''
}
