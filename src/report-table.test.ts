import { expect, test } from 'vitest'
import { reportTable, toldReport } from './report-table.ts'
import { keptReport } from './testing/lab.ts'

const { id, spec, report } = keptReport
const doubled = { ...spec, costsDoubled: true as const }

test('a run says at its head that its costs are doubled', () => {
  expect(reportTable(id, spec, report)).toMatch(/^Moving averages cross, MGC, .* \(3 trade dates\)\n/)
  expect(reportTable(id, doubled, report)).toMatch(/^Moving .* \(3 trade dates\), every cost doubled\n/)
})

test('costs that are doubled already are not told at four times the real ones', () => {
  expect(reportTable(id, spec, toldReport({ spec, report }))).toMatch(/\nCosts doubled +\+\$235\.00 +\+0\.38R\n/)
  expect(toldReport({ spec: doubled, report })).toEqual({ ...report, costsDoubled: undefined })
  expect(reportTable(id, doubled, toldReport({ spec: doubled, report }))).not.toContain('\nCosts doubled')
})
