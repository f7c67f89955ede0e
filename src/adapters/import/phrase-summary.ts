import { easternAt } from '#src/domain/instruments/zone.ts'
import type { ImportSummary } from './import-file.ts'
import type { RowRefusal } from './parse-row.ts'

const phrases: Record<RowRefusal, string> = {
  'missing-column': 'a column is missing',
  'unparsable-time': 'the time cannot be read',
  'no-zone': 'the time has no zone; say it with --zone',
  'ambiguous-time': 'the clock showed this time twice',
  'not-a-whole-minute': 'the time is not a whole minute',
  'unparsable-price': 'a price cannot be read',
  'unparsable-volume': 'the volume is not a whole number',
  'negative-volume': 'the volume is negative',
  'no-price': 'a price is 0 or less',
  'off-grid-price': 'a price is between two ticks',
  'high-below-low': 'the high is below the low',
  'outside-high-low': 'open or close is outside high and low',
  'unknown-contract': 'the contract is not a month as yyyymm',
  'duplicate-time': 'the file has this minute of this contract already',
  'far-from-others': 'a price is half as much again as its neighbors, or more, or as far below them',
}

const rows = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`

const timeOf = (ms: number): string => {
  const { date, minute } = easternAt(ms)
  return `${date} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')} ET`
}

const countIf = (count: number, words: string): readonly string[] => (count > 0 ? [`  ${rows(count)} ${words}`] : [])

/** Says what an import did, one fact a line. */
export const phraseSummary = (file: string, summary: ImportSummary): string => {
  const {
    format,
    read,
    stored,
    unchanged,
    replaced,
    outranked,
    whileClosed,
    refused,
    refusals,
    first,
    last,
    contracts,
  } = summary
  return [
    `${file}: ${rows(read)} read as ${format}`,
    `  ${rows(stored)} stored, ${rows(unchanged)} unchanged`,
    ...countIf(replaced, 'of them in place of another bar of that minute'),
    ...countIf(outranked, 'left out: a better bar of that minute is held'),
    ...countIf(whileClosed, 'in hours when the calendar says the market is closed'),
    ...Object.entries(refused).map(([reason, count]) => `  ${rows(count)} refused: ${phrases[reason as RowRefusal]}`),
    ...refusals.map(({ line, reason }) => `    line ${line}: ${phrases[reason]}`),
    ...(first === undefined || last === undefined ? [] : [`  from ${timeOf(first)} to ${timeOf(last)}`]),
    ...(contracts.length > 0 ? [`  contracts ${contracts.join(', ')}`] : []),
  ].join('\n')
}
