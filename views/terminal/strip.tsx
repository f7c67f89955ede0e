import type { MarketStrip } from '#src/domain/picture.ts'
import { formatFixed, formatNext, unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

const futuresWords = { open: 'open', maintenance: 'maintenance hour', closed: 'closed' } as const

const Spikes = ({ spikes }: { spikes: MarketStrip['spikes'] }) => (
  <Cell label="Volume" tone={spikes.length > 0 ? 'warn' : undefined} class="w-22">
    <i class="light" />{' '}
    {spikes.length === 0
      ? 'normal'
      : spikes.map(({ instrument, ratio }) => `${instrument} ${formatFixed(ratio, 1)}×`).join(' ')}
  </Cell>
)

/** The world's hours: Tokyo, London, New York, their overlap, the futures exchange, and the volume-spike light. */
export const Strip = ({ strip, now, oob }: Oob & { strip: MarketStrip | undefined; now: number | undefined }) => {
  const next = (at: number): string => formatNext(at, now ?? at)
  return (
    <div id="strip" class="strip" hx-swap-oob={swapOf(oob)}>
      {strip?.venues.map(({ venue, open, changesAt }) => (
        <Cell label={venue} tone={open ? 'open' : 'shut'} class="w-28">
          <i class="light" /> {open ? 'open till' : 'opens'} {next(changesAt)}
        </Cell>
      ))}
      {strip && (
        <>
          <Cell label="Overlap" class="w-12">
            {strip.overlap ? 'yes' : 'no'}
          </Cell>
          <Cell label="Futures" tone={strip.futures === 'open' ? 'open' : 'shut'} class="w-34">
            <i class="light" /> {futuresWords[strip.futures]} till {next(strip.futuresChangesAt)}
          </Cell>
          <Spikes spikes={strip.spikes} />
        </>
      )}
      {!strip && <Cell label="Markets">{unknown}</Cell>}
    </div>
  )
}
