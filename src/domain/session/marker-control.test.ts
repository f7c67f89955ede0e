import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { sessionOf } from '../instruments/calendar.ts'
import { dayOf } from '../instruments/zone.ts'
import type { Bar } from '../market/bar.ts'
import { edgeMarkers, type MarkerSource, randomMarkers } from './markers.ts'
import { timeBlocks } from './time-block.ts'

const minute = 60_000
const tradeDates = Array.from(
  { length: 20 },
  (_, i) => `2024-03-${String(4 + i + 2 * Math.floor(i / 5)).padStart(2, '0')}`,
)

/** What a minute of a block does: rests at 100, or, soon after the block began, sweeps the last high and falls to 90. */
const traded = (inBlock: number, high: number): readonly [number, number, number] => {
  if (inBlock === 3) return [high, 100, 105]
  if (inBlock === 12) return [100, 90, 95]
  return [100, 100, 100]
}

/** A market in which four-hour edges matter: three minutes into each block it trades a point above the last one's high. */
const minutes: readonly { readonly bar: Bar; readonly tradeDate: string }[] = tradeDates.flatMap((tradeDate, date) => {
  const { open = 0, close = 0 } = sessionOf('equity', tradeDate) ?? {}
  return Array.from({ length: (close - open) / minute }, (_, i) => {
    const [high, low, last] = traded(i % 240, 110 + date * 6 + Math.floor(i / 240))
    return { tradeDate, bar: { time: open + i * minute, open: 100, high, low, close: last, volume: 1 } }
  })
})

/** At how many markers of how many a reversal reached its target within half an hour. */
const reachedSoon = (source: MarkerSource): readonly [number, number] => {
  const fold = timeBlocks('4h', source)
  let state = fold.initial
  const soon = new Set<number>()
  for (const input of minutes) {
    state = fold.step(state, input)
    const block = fold.value(state)
    const reached = block?.setups.some(({ steps }) => steps.some((each) => each.state === 'REACHED'))
    if (block !== undefined && reached && input.bar.time < block.marker + 30 * minute) soon.add(block.marker)
  }
  return [soon.size, tradeDates.flatMap(source).length]
}

test('where block edges matter, trading them beats as many random times, and random times show it', () => {
  expect(reachedSoon(edgeMarkers('equity', 240))).toEqual([113, 114])
  expect(reachedSoon(randomMarkers('equity', 6, (tradeDate) => createChance(dayOf(tradeDate))))).toEqual([9, 114])
})
