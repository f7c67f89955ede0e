import type { MarketStrip } from '#src/domain/picture.ts'
import { formatFixed, formatNext, unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

const futuresWords = { open: 'open till', maintenance: 'break till', closed: 'opens' } as const

const spikeWords = ({ instrument, ratio }: MarketStrip['spikes'][number]): string =>
  `${instrument} ${formatFixed(ratio, 1)}×`

/** The strongest spike by name, the others by their number: a line that grows would push the header about. */
const Spikes = ({ spikes }: { spikes: MarketStrip['spikes'] }) => {
  const byRatio = spikes.toSorted((a, b) => b.ratio - a.ratio)
  const [strongest, ...others] = byRatio
  return (
    <Cell label="Volume" tone={strongest && 'warn'} class="w-28 min-[1400px]:w-auto">
      <i class="light" />{' '}
      <span title={byRatio.map(spikeWords).join(', ') || undefined}>
        {strongest ? spikeWords(strongest) : 'normal'}
        {others.length > 0 && ` +${others.length}`}
      </span>
    </Cell>
  )
}

/** The world's hours: Tokyo, London, New York, their overlap, the futures exchange, and the volume-spike light. */
export const Strip = ({ strip, now, oob }: Oob & { strip: MarketStrip | undefined; now: number | undefined }) => {
  const next = (at: number): string => formatNext(at, now ?? at)
  return (
    <div id="strip" class="strip" hx-swap-oob={swapOf(oob)}>
      {strip?.venues.map(({ venue, open, changesAt }) => (
        <Cell label={venue} tone={open ? 'open' : 'shut'} class="w-28 min-[1400px]:w-auto">
          <i class="light" /> {open ? 'open till' : 'opens'} {next(changesAt)}
        </Cell>
      ))}
      {strip && (
        <>
          <Cell label="Overlap" class="w-12 min-[1400px]:w-auto">
            {strip.overlap ? 'yes' : 'no'}
          </Cell>
          <Cell label="Futures" tone={strip.futures === 'open' ? 'open' : 'shut'} class="w-34 min-[1400px]:w-auto">
            <i class="light" /> {futuresWords[strip.futures]} {next(strip.futuresChangesAt)}
          </Cell>
          <Spikes spikes={strip.spikes} />
        </>
      )}
      {!strip && <Cell label="Markets">{unknown}</Cell>}
    </div>
  )
}
