import { expect, test } from 'vitest'
import { keptReport } from '#src/testing/lab.ts'
import { tradesCsv } from './lab-csv.ts'

const lastOf = (strategy: string, change = {}): string | undefined => {
  const { spec, report } = keptReport
  const list = report.list.slice(2).map((trade) => ({ ...trade, ...change }))
  return tradesCsv({ ...keptReport, spec: { ...spec, strategy }, report: { ...report, list } }).split('\r\n')[1]
}
const until = '2026-11-19,2026-11-19T13:31:00.000Z,2026-11-19T14:02:00.000Z,long,2'

test('prices have the market’s decimals, a mean of fills two more, and R has four digits', () => {
  const left = { entry: 4_120, exit: 3_867.766666666666, r: -0.12345678901234 }
  expect(lastOf('sma-cross', left)).toBe(`${until},4120.0,3867.767,113.12,-0.1235,64,-18,target,A,number 1`)
  expect(lastOf('sma-cross', { ...left, r: null })).toBe(`${until},4120.0,3867.767,113.12,,64,-18,target,A,number 1`)
})

test('a regime is its word where the strategy names it', () => {
  expect(lastOf('focus-plan')).toBe(`${until},4120.3,4126.1,113.12,1.4100,64,-18,target,A,VOLATILE`)
})
