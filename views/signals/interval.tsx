import type { Proportion } from '#src/domain/signals/calibration.ts'

const width = 200

/** A share between nothing and all: the interval as a bar, the share as a stroke, half as a mark on the rail. */
export const Interval = ({ share, low, high }: Proportion) => (
  <svg class="interval" viewBox={`0 0 ${width} 12`} aria-hidden="true">
    <rect x="0" y="5" width={width} height="2" rx="1" class="rail" />
    <rect x={width / 2 - 0.5} y="2" width="1" height="8" class="rail" />
    <rect x={low * width} y="3.5" width={Math.max((high - low) * width, 1)} height="5" rx="2" class="reach" />
    <rect x={share * width - 1} y="1" width="2" height="10" rx="1" class="mark" />
  </svg>
)
