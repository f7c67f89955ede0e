import { expect, test } from 'vitest'
import { barWords } from './bar-words.ts'

const times = [0, 300, 600, 900]
const tell = (drawn: Partial<Parameters<typeof barWords>[2]>) => [
  ...barWords('MES', times, { boxes: [], lines: [], marks: [], ...drawn }),
]

test('a zone is told at the bar that formed it and at the one that ended it', () => {
  const gap = { kind: 'gap', side: 'long', from: 300, low: 6_700, high: 6_702.5, label: 'bull gap' } as const
  expect(tell({ boxes: [gap] })).toEqual([[300, 'bull gap 6,700.00 – 6,702.50']])
  expect(tell({ boxes: [{ ...gap, to: 900, ended: 'filled' }] })).toEqual([
    [300, 'bull gap 6,700.00 – 6,702.50'],
    [900, 'bull gap 6,700.00 – 6,702.50 filled'],
  ])
})

test('levels, turns and executions of one bar are told in one row, of an instant inside it too', () => {
  expect(
    tell({
      lines: [{ kind: 'prior', from: 600, price: 6_690, label: 'prior-day low' }],
      marks: [
        { kind: 'swing', at: 650, price: 6_688, side: 'long', label: 'low' },
        { kind: 'shift', at: 899, price: 6_695, side: 'long', label: 'CHoCH' },
        { kind: 'fill', at: 700, price: 6_694.25, side: 'buy', label: 'buy 2' },
      ],
    }),
  ).toEqual([[600, 'prior-day low 6,690.00; swing low 6,688.00; CHoCH long 6,695.00; buy 2 6,694.25']])
})

test('where volume and price stand now is told at the newest bar', () => {
  expect(tell({ lines: [{ kind: 'profile', from: 300, price: 6_700, label: 'POC' }] })).toEqual([[900, 'POC 6,700.00']])
})

test('what began before the oldest bar is not told as if it began there, but its end is', () => {
  const pool = { kind: 'pool', from: 0, to: 600, ended: 'swept', price: 6_700, label: '2 equal lows' } as const
  expect(tell({ lines: [pool] })).toEqual([[600, '2 equal lows 6,700.00 swept']])
})
