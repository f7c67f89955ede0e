import { expectedReadings, type Moment, type Readings } from './expected-readings.ts'
import type { Chart } from './indicator-program.ts'

/** The numbers a chart shows per bar: its plots, then the series it offers to others. */
export const shownOf = (now: Readings): readonly number[] => [
  now.ema,
  now.upper,
  now.middle,
  now.lower,
  now.trend,
  now.support,
  now.resistance,
  now.waveRatio,
  now.ao,
  now.longQuality,
  now.shortQuality,
  now.heat,
]

const orange = '#FFFFA500'
const gray = '#FF808080'
const green = { full: '#FF32CD32', pale: '#6E32CD32' }
const red = { full: '#FFDC143C', pale: '#6EDC143C' }

const moveAt = (moments: readonly Moment[], i: number): number =>
  (moments[i]?.bar.close as number) - (moments[i - 1]?.bar.close ?? Number.NaN)

/** Orange on a spike, else green or red against the prior close; on price bars pale below the usual volume. */
const volumeColor = (ratio: number, move: number, shade: 'full' | 'pale'): string => {
  if (ratio > 1.8) return orange
  return move > 0 ? green[shade] : move < 0 ? red[shade] : gray
}

/** Gold where stops stand wider, red where the market is left out. */
const outlineOf = ({ heat }: Readings): string => (heat > 0.88 ? '#FFFF0000' : heat > 0.75 ? '#FFFFD700' : '')

/** Body and outline of each price bar. */
export const expectedColors = (moments: readonly Moment[]): readonly (readonly [body: string, outline: string])[] =>
  expectedReadings(moments).map((now, i) => [
    volumeColor(now.volumeRatio, moveAt(moments, i), now.volumeRatio < 1 ? 'pale' : 'full'),
    outlineOf(now),
  ])

/** Volume, average and color of each bar of the volume panel. */
export const expectedVolumes = (moments: readonly Moment[]): readonly (readonly [number, number, string])[] =>
  expectedReadings(moments).map(({ volumeRatio }, i) => {
    const window = moments.slice(Math.max(0, i - 19), i + 1).map(({ bar }) => bar.volume)
    const average = window.length < 20 ? Number.NaN : window.reduce((sum, volume) => sum + volume, 0) / 20
    return [window.at(-1) as number, average, volumeColor(volumeRatio, moveAt(moments, i), 'full')]
  })

type Arrow = readonly [kind: string, bar: number, text: string | undefined]

/** The arrows of a chart with the words beside them, in the order of their bars. */
export const arrowsOf = ({ drawn }: Chart): readonly Arrow[] => {
  const texts = new Map(drawn.map((row) => [row[0], row.at(-1)]))
  return drawn
    .filter(([, kind]) => kind === 'up' || kind === 'down')
    .map(([tag, kind, bar]): Arrow => [kind as string, Number(bar), texts.get(`${tag} text`)])
    .sort((a, b) => a[1] - b[1])
}

/** A call begins where a side's quality comes to 70 % on its side of the trend; five minutes lie between two arrows. */
export const expectedArrows = (moments: readonly Moment[]): readonly Arrow[] => {
  let [before, last] = [0, Number.NEGATIVE_INFINITY]
  return expectedReadings(moments).flatMap(({ side, longQuality, shortQuality, waveRatio }, i): Arrow[] => {
    const call = side > 0 && longQuality > 0.69 ? 1 : side < 0 && shortQuality > 0.69 ? -1 : 0
    const at = moments[i]?.bar.time as number
    const begins = call !== 0 && call !== before && at - last >= 300_000
    before = call
    if (!begins) return []
    last = at
    const long = call > 0
    const percent = Math.round(100 * (long ? longQuality : shortQuality))
    return [[long ? 'up' : 'down', i, `${percent}% ${(long ? waveRatio : 1 / waveRatio).toFixed(2)}`]]
  })
}

const priced = (value: number): string => (Number.isNaN(value) ? '-' : (Math.round(value * 4) / 4).toFixed(2))

/** The box's lines, prices on a grid of quarters. */
export const expectedBox = (now: Readings): readonly string[] => [
  'FKS MES 12-26',
  `Trend    ${now.side > 0 ? 'up  ' : 'down'} ${priced(now.trend)}`,
  `Waves    ${now.waveRatio.toFixed(2)}  dominance ${now.dominance.toFixed(2)}  now ${now.currentRatio.toFixed(2)}`,
  `AO       ${now.ao.toFixed(2)}${now.ao > now.aoBefore ? ' rising' : ' falling'}`,
  `Quality  long ${Math.round(100 * now.longQuality)}  short ${Math.round(100 * now.shortQuality)}`,
  `Heat     ${now.heat.toFixed(2)}${now.heat > 0.88 ? '  leave out' : now.heat > 0.75 ? '  wider stop' : ''}`,
  `Volume   ${now.volumeRatio.toFixed(2)}x${now.volumeRatio > 1.8 ? '  spike' : ''}`,
  `Levels   ${priced(now.support)} / ${priced(now.resistance)}`,
]
