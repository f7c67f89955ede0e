import type { ClockReading } from '#src/domain/picture.ts'
import { countdown } from '../age.ts'
import { formatClock, formatDay, formatTime, unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

const Phase = ({ clock }: { clock: ClockReading }) => (
  <Cell label={`${clock.nextPhase} at ${formatTime(clock.phaseEndsAt)}`} class="w-34">
    <strong>{clock.phase}</strong> <span class="figure">{countdown(clock.phaseEndsAt - clock.at)}</span>
  </Cell>
)

const dayOf = ({ at, stopped }: ClockReading): string => (stopped ? 'Clock stopped' : formatDay(at))

/** The running clock of the market in New York time, with the phase of the day and what is left of it. */
export const Clock = ({ clock, oob }: Oob & { clock: ClockReading | undefined }) => (
  <div id="clock" class="flex gap-4" data-wall={clock?.wall} hx-swap-oob={swapOf(oob)}>
    <Cell label={clock ? dayOf(clock) : 'Clock'} class="w-32">
      <time class="clock figure">{clock ? formatClock(clock.at) : unknown}</time> <abbr title="New York time">ET</abbr>
      {clock && clock.speed !== 1 && <span class="text-warn"> ×{clock.speed}</span>}
    </Cell>
    {clock ? (
      <Phase clock={clock} />
    ) : (
      <Cell label="Phase" class="w-34">
        {unknown}
      </Cell>
    )}
  </div>
)
