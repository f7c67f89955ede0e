import { pathToFileURL } from 'node:url'
import { chartSchool } from './oracle-table/chart-school.ts'
import { type Comparison, compareWith, type OracleCase } from './oracle-table/compare-with.ts'
import { lean } from './oracle-table/lean.ts'
import { stockIndicators } from './oracle-table/stock-indicators.ts'
import { tradingView } from './oracle-table/tradingview.ts'

export { compareWith } from './oracle-table/compare-with.ts'

/** Every answer of others that an indicator is held against. */
export const oracleCases: readonly OracleCase[] = [...tradingView, ...stockIndicators, ...lean, ...chartSchool]

const lineOf = (some: readonly Comparison[]): string => {
  const rows = some.reduce((sum, each) => sum + each.rows, 0)
  const worst = Math.max(...some.map((each) => each.worst))
  const cells = [
    some[0]?.oracle,
    some.map(({ indicator }) => indicator).join(', '),
    rows.toLocaleString('en-US'),
    worst === 0 ? '0' : worst.toExponential(1),
    some[0]?.note,
  ]
  return `| ${cells.join(' | ')} |`
}

/** The comparisons as a Markdown table, those of one file for one reason in one line, with what was compared in all. */
export const tableOf = (comparisons: readonly Comparison[]): string => {
  const lines = new Map<string, Comparison[]>()
  for (const each of comparisons) {
    const key = `${each.oracle} ${each.note}`
    lines.set(key, [...(lines.get(key) ?? []), each])
  }
  const rows = comparisons.reduce((sum, each) => sum + each.rows, 0)
  return [
    '| oracle | indicators | rows compared | worst difference | where a convention differs |',
    '|---|---|---:|---:|---|',
    ...[...lines.values()].map(lineOf),
    '',
    `${comparisons.length} columns, ${rows.toLocaleString('en-US')} rows.`,
  ].join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(`${tableOf(oracleCases.map(compareWith))}\n`)
