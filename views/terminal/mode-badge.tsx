import type { DataMode } from '#src/domain/picture.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { modeSlug } from '../words.ts'

const icons: Readonly<Record<string, string>> = {
  live: 'M8 3.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 0 0 0-9.6z',
  delayed: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zm0 2v3.8l2.6 1.6',
  replay: 'M3 8a5 5 0 1 0 1.6-3.7M4.4 2v2.6H7',
  'sim-market': 'M2.5 10.5l3-4 2.5 3 2-2.5 3.5 3.5',
  unknown: 'M4 8h8',
}

/** What kind of market is on the screen: a word, a color and an icon that no other mode has. */
export const ModeBadge = ({ mode, oob }: Oob & { mode: DataMode | undefined }) => {
  const slug = modeSlug(mode)
  return (
    <strong id="mode" class="mode" data-mode={slug} data-word={mode} hx-swap-oob={swapOf(oob)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={icons[slug]} />
      </svg>
      {mode ?? 'NO MARKET YET'}
    </strong>
  )
}
