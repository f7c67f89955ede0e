import type { KeptReport } from '#src/adapters/db/reports.ts'
import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { Interval } from '#src/domain/backtest/bootstrap.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import type { Slice } from '#src/domain/backtest/slice.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import { formatFixed, formatMoney, formatNumber, formatShare, unknown } from '#views/format.ts'
import { accountSentences, exitWords, inR, otherwise, percent, titleOf, weekdays } from '#views/lab/words.ts'

/** Lays cells out in columns two blanks apart; what is a number in every row below the first stands right. */
export const aligned = (rows: readonly (readonly string[])[]): string => {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''))
  const widths = columns.map((cells) => Math.max(...cells.map(({ length }) => length)))
  const isNumber = columns.map((cells) => cells.slice(1).every((cell) => /^[+−–$\d—]/.test(cell)))
  const padded = (cell: string, column: number): string =>
    isNumber[column] && column > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n')
}

/** The names of a strategy's parameters, in its own order: a database hands them back in another. */
export const parameterNames = (strategy: string): readonly string[] => Object.keys(strategyOf(strategy).space)

/** 'stop=1.5 target=2', as --set reads it. */
export const writeParameters = (strategy: string, parameters: Parameters): string =>
  parameterNames(strategy)
    .map((name) => `${name}=${parameters[name]}`)
    .join(' ')

const between = (interval: Interval | undefined, write: (value: number | null) => string): string =>
  interval === undefined || interval.low === null ? '' : `95 %: ${write(interval.low)} to ${write(interval.high)}`

const ratio = (value: number | null): string => formatFixed(value, 2)

const shuffledRows = ({ shuffled }: Report): readonly (readonly string[])[] => {
  if (shuffled === undefined) return []
  const { paths, drawdown, losingStreak } = shuffled
  const money = (depth: number): string => formatMoney(0 - depth)
  return [
    [
      'Drawdown, shuffled',
      money(drawdown.p50),
      `in half of ${formatNumber(paths)} orders of the same trades; 95 % reach ${money(drawdown.p5)}, 5 % ${money(drawdown.p95)}`,
    ],
    [
      'Lost in a row, shuffled',
      formatNumber(losingStreak.p50),
      `in half of them; 95 % reach ${formatNumber(losingStreak.p5)}, 5 % ${formatNumber(losingStreak.p95)}`,
    ],
  ]
}

const figures = (report: Report): readonly (readonly string[])[] => {
  const { net, gross, fees, slipped, trades, winners, losers, winRate, expectancy, drawdown, intervals } = report
  const { costsDoubled, streaks, exposure, sqn, sharpe, sortino, calmar, profitFactor } = report
  return [
    ['Net', formatMoney(net), between(intervals?.netPerDay, (money) => `${formatMoney(money)} a day`)],
    ['  before fees', formatMoney(gross), `fees ${formatMoney(-fees)}, slippage and spread ${formatMoney(-slipped)}`],
    ['Trades', formatNumber(trades), `${winners} won, ${losers} lost; at most ${streaks.losing} lost in a row`],
    ['Won', percent(winRate), between(intervals?.winRate, percent)],
    ['A trade', inR(expectancy.r), between(intervals?.expectancyR, inR)],
    ['', formatMoney(expectancy.money), ''],
    ['Profit factor', ratio(profitFactor), between(intervals?.profitFactor, ratio)],
    ['Sharpe', ratio(sharpe), between(intervals?.sharpe, ratio)],
    ['Sortino, Calmar', ratio(sortino), ratio(calmar)],
    ['SQN', ratio(sqn), ''],
    [
      'Drawdown',
      formatMoney(drawdown?.money ?? 0),
      drawdown === null ? '' : `${drawdown.dates} dates below the high, from ${drawdown.from}`,
    ],
    ...shuffledRows(report),
    ['In the market', formatShare(exposure), 'of the bars'],
    ...(costsDoubled ? [['Costs doubled', formatMoney(costsDoubled.net), inR(costsDoubled.expectancyR)]] : []),
  ]
}

const sliceRows = <Trait>(name: string, slices: readonly Slice<Trait>[], words: (of: Trait) => string) => [
  [name, 'trades', 'won', 'net', 'a trade'],
  ...slices.map(({ of, n, won, net, r }) => [words(of), String(n), percent(won / n), formatMoney(net), inR(r)]),
]

/** A report as it is told: of doubled costs nothing at twice of them, which were four times the real ones. */
export const toldReport = ({ spec, report }: Pick<KeptReport, 'spec' | 'report'>): Report => {
  const { costsDoubled: _, ...own } = report
  return spec.costsDoubled ? own : report
}

/** A backtest as a person at a command line reads it. */
export const reportTable = (id: string, spec: BacktestSpec, report: Report): string => {
  const { instrument, strategy, parameters, dataHash, codeVersion, seed } = spec
  const { by, from, to, dates, trades, account } = report
  const head = [
    `${titleOf(strategy)}, ${instrument}, ${from} to ${to} (${dates} trade dates)${otherwise(spec)}`,
    writeParameters(strategy, parameters),
    ...(account ? accountSentences(account) : []),
  ].join('\n')
  const slices = [
    sliceRows('Entered', by.hour, (hour) => `${String(hour).padStart(2, '0')}:00 ET`),
    sliceRows('Weekday', by.weekday, (day) => weekdays[day] ?? unknown),
    sliceRows('Left by', by.reason, (reason) => exitWords[reason]),
  ]
  return [
    head,
    aligned(figures(report)),
    ...(trades > 0 ? slices.map(aligned) : []),
    `report ${id.slice(0, 12)}, bars ${dataHash.slice(0, 12)}, code ${codeVersion}, seed ${seed}`,
  ].join('\n\n')
}
