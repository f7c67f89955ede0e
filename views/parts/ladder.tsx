import type { Bracket } from '#src/domain/signals/focus-card.ts'

const width = 320
const margin = 18

/** Where a price falls on a ladder from `low` to `high`, in drawing units, held inside the drawing. */
export const ladderX = (price: number, low: number, high: number): number => {
  const share = (Math.min(Math.max(price, low), high) - low) / (high - low || 1)
  return Math.round((margin + share * (width - 2 * margin)) * 10) / 10
}

const Mark = ({ x, name, kind }: { x: number; name: string; kind: string }) => (
  <g class={kind}>
    <line x1={x} x2={x} y1="12" y2="24" stroke="currentColor" stroke-width="2" />
    <text x={x} y="36" text-anchor="middle">
      {name}
    </text>
  </g>
)

/** Stop, zone, price and targets to scale, low prices left: a long has its stop on the left, a short on the right. */
export const Ladder = ({ bracket, last }: { bracket: Bracket; last?: number | undefined }) => {
  const { stop, zone, target1, target2 } = bracket
  const low = Math.min(stop, target2)
  const high = Math.max(stop, target2)
  const x = (price: number): number => ladderX(price, low, high)
  const beyond = last !== undefined && (last < low || last > high)
  return (
    <svg class="ladder" viewBox={`0 0 ${width} 40`} aria-hidden="true">
      <line x1={x(low)} x2={x(high)} y1="18" y2="18" class="rail" />
      <line x1={x(zone.low)} x2={x(target1)} y1="18" y2="18" class="reach" />
      <rect x={x(zone.low)} y="12" width={Math.max(x(zone.high) - x(zone.low), 3)} height="12" rx="2" class="zone" />
      <Mark x={x(stop)} name="stop" kind="halt" />
      <Mark x={x(target1)} name="TP1" kind="goal" />
      <Mark x={x(target2)} name="TP2" kind="goal" />
      {last !== undefined && (
        <path d={`M${x(last)} 11l-4.5 -7h9z`} class={beyond ? 'price-mark beyond' : 'price-mark'} />
      )}
    </svg>
  )
}
