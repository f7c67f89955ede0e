import type { QualityComponent } from '#src/domain/signals/focus-card.ts'
import { formatNumber } from '../format.ts'

const width = 320
const gap = 3

/** The components of a quality side by side, each as wide as its maximum, filled to its points, which stand beneath. */
export const QualityBar = ({ components }: { components: readonly QualityComponent[] }) => {
  const total = components.reduce((sum, { max }) => sum + max, 0) || 1
  let x = 0
  return (
    <svg
      class="quality-bar"
      viewBox={`0 0 ${width} 18`}
      role="img"
      aria-label={components.map(({ name, points }) => `${name} ${formatNumber(Math.round(points))}`).join(' + ')}
    >
      {components.map(({ max, points }) => {
        const left = x
        const room = (max / total) * width
        x += room
        return (
          <>
            <rect x={left} y="0" width={room - gap} height="4" rx="1.5" class="rail" />
            <rect
              x={left}
              y="0"
              width={Math.max((room - gap) * (points / (max || 1)), 0)}
              height="4"
              rx="1.5"
              class="fill"
            />
            <text x={left + (room - gap) / 2} y="15.5" text-anchor="middle">
              {formatNumber(Math.round(points))}
            </text>
          </>
        )
      })}
    </svg>
  )
}
