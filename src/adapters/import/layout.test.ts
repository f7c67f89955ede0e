import { expect, test } from 'vitest'
import { detectFormat, type Told, toLayout } from './layout.ts'

const lean = 'ts_utc,contract,open,high,low,close,volume'
const ninjatrader = '20131007 093000;1676.75;1677.25;1673.5;1675.25;1884'

const refusal = (line: string, told: Told): string | undefined => {
  const decided = toLayout(line, told)
  return decided.ok ? undefined : decided.argument
}

test.each([
  [lean, 'lean'],
  [ninjatrader, 'ninjatrader'],
  ['time,open,high,low,close,volume', 'generic'],
  ['Date;Open;High;Low;Close;Volume', 'generic'],
  ['"Timestamp"\t"Open"\t"High"\t"Low"\t"Close"\t"Volume"', 'generic'],
  ['1381152600,1,2,3,4,5', undefined],
  ['time,open,high,low,close', undefined],
  ['', undefined],
])('the line "%s" shows the format %s', (line, format) => {
  expect(detectFormat(line)).toBe(format)
})

test('a LEAN file tells all that is needed', () => {
  expect(toLayout(lean, {})).toEqual({
    ok: true,
    layout: {
      format: 'lean',
      delimiter: ',',
      hasHeader: true,
      at: { time: 0, contract: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 },
      stamp: 'start',
      zone: 'UTC',
      contract: undefined,
    },
  })
})

test('a NinjaTrader export stamps the end of a bar, in UTC unless told otherwise, and needs its contract', () => {
  expect(refusal(ninjatrader, {})).toBe('--contract')
  const rows = { delimiter: ';', hasHeader: false, stamp: 'end' }
  expect(toLayout(ninjatrader, { contract: 201312 })).toMatchObject({ layout: { ...rows, zone: 'UTC' } })
  expect(toLayout(ninjatrader, { contract: 201312, zone: 'America/New_York' })).toMatchObject({
    layout: { ...rows, zone: 'America/New_York' },
  })
})

test('a generic file needs to be told which instant of a bar it stamps', () => {
  const header = 'time,open,high,low,close,volume'
  expect(refusal(header, { contract: 201312 })).toBe('--stamp')
  expect(refusal(header, { contract: 'front', stamp: 'end' })).toBeUndefined()
})

test('columns can be told for a file without a header, in any order', () => {
  const columns = ['-', 'time', 'close', 'high', 'low', 'open', 'volume']
  const told: Told = { columns, stamp: 'start', contract: 201312 }
  expect(toLayout('x;1381152600;4;5;1;2;9', told)).toMatchObject({
    layout: { delimiter: ';', hasHeader: false, at: { time: 1, close: 2, high: 3, low: 4, open: 5, volume: 6 } },
  })
  expect(toLayout('a,b,c,d,e,f,g', told)).toMatchObject({ layout: { hasHeader: true } })
  expect(refusal('1381152600,4,5', told)).toBe('--columns')
  expect(refusal('1381152600,1,2,3,4,5', { ...told, columns: ['time', 'open'] })).toBe('--columns')
})

test('a file that could be anything asks for its columns', () => {
  expect(refusal('1381152600,1,2,3,4,5', {})).toBe('--columns')
})

test('what is told must not contradict the file', () => {
  expect(refusal(lean, { contract: 201312 })).toBe('--contract')
  expect(refusal(lean, { format: 'lean', columns: ['time'] })).toBe('--columns')
  expect(refusal('1381152600,1,2,3,4,5', { format: 'lean' })).toBe('--format')
})
