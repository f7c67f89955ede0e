import { expect, test } from 'vitest'
import { dollars } from './domain/money.ts'
import type { FirmRules } from './domain/risk/firm-rules.ts'
import { presets } from './domain/risk/firms/presets.ts'
import { reportTable, toldReport } from './report-table.ts'
import { keptReport, shuffled } from './testing/lab.ts'

const { id, spec, report } = keptReport
const doubled = { ...spec, costsDoubled: true as const }

test('a run says at its head that its costs are doubled', () => {
  expect(reportTable(id, spec, report)).toMatch(/^Moving averages cross, MGC, .* \(3 trade dates\)\n/)
  expect(reportTable(id, doubled, report)).toMatch(/^Moving .* \(3 trade dates\), every cost doubled\n/)
})

const topstep = presets.find((preset) => preset.id === 'topstep-50k')?.rules as FirmRules

test('a run on an account with other fills says both, and how the account went', () => {
  const account = { plan: 'topstep-50k', instrument: 'MGC', rules: topstep } as const
  const changed = { ...spec, realism: { latencyMs: 250 }, discipline: { ...spec.discipline, account } }
  const broken = { at: Date.UTC(2026, 10, 18, 15, 2), rule: 'drawdown' } as const
  const course = { balance: dollars(47_950), lowestHeadroom: dollars(-50), lockedDates: 1, broken }
  const table = reportTable(id, changed, { ...report, account: course })
  expect(table).toMatch(/^Moving .* \(3 trade dates\), orders 250 ms late, on Topstep .*\n/)
  expect(table).toContain(
    'by its drawdown rule: everything was closed there, and nothing was traded after.\nThe firm’s daily limit was touched on 1 date.\nIt ended at $47,950.00; the least headroom was −$50.00.',
  )
})

test('costs that are doubled already are not told at four times the real ones', () => {
  expect(reportTable(id, spec, toldReport({ spec, report }))).toMatch(/\nCosts doubled +\+\$235\.00 +\+0\.38R\n/)
  expect(toldReport({ spec: doubled, report })).toEqual({ ...report, costsDoubled: undefined })
  expect(reportTable(id, doubled, toldReport({ spec: doubled, report }))).not.toContain('\nCosts doubled')
})

test('what other orders of the same trades reached is told where it is known', () => {
  const table = reportTable(id, spec, { ...report, shuffled })
  expect(table).toMatch(
    /\nDrawdown, shuffled +−\$480\.00 +in half of 1,000 orders of the same trades; 95 % reach −\$210\.00, 5 % −\$930\.00\n/,
  )
  expect(table).toMatch(/\nLost in a row, shuffled +5 +in half of them; 95 % reach 3, 5 % 9\n/)
  expect(reportTable(id, spec, report)).not.toContain('shuffled')
})
