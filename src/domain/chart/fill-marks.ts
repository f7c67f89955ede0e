import type { Fill } from '../trading/fill.ts'
import type { ChartMark } from './chart.ts'

/** Executions at their price and time, oldest first: 'buy 2'. */
export const fillMarks = (fills: readonly Fill[]): readonly ChartMark[] =>
  fills.map(({ side, quantity, price, at }) => ({ kind: 'fill', at, price, side, label: `${side} ${quantity}` }))
