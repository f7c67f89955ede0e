import { fiveVolumes } from '../../flow/five-volume.ts'
import { relativeVolume } from '../../flow/relative-volume.ts'
import { atr } from '../../indicators/atr.ts'
import type { ContractSpec } from '../../instruments/instrument.ts'
import { easternMs } from '../../instruments/zone.ts'
import { intradayBars } from '../../market/aggregate.ts'
import { minuteMs } from '../../market/bar.ts'
import { barAt } from '../../market/series.ts'
import { openingRanges } from '../../session/opening-range.ts'
import { parameters } from '../../signals/parameters.ts'
import { flatBy } from '../focus/mornings.ts'
import type { Column, History } from '../history.ts'
import type { Prepared, Stage, Strategy } from '../strategy.ts'
import { exitsOf, playSignals, signalOf } from './entry-signals.ts'
import { layColumns } from './lay-columns.ts'

const space = {
  window: { words: 'Minutes of the range', default: 5, kind: 'choice', of: [5, 15, 30, 60] },
  beyond: { words: 'Close beyond, in ATR of 5m', default: 0.5, kind: 'range', from: 0, to: 1, step: 0.25 },
  volume: { words: 'Least volume over the usual', default: 1.2, kind: 'range', from: 0.8, to: 2, step: 0.2 },
  stop: { words: 'Stop in ATR of 5m', default: 1.5, kind: 'range', from: 0.5, to: 3, step: 0.5 },
  target: { words: 'Target in R', default: 2, kind: 'range', from: 1, to: 4, step: 0.5 },
} as const

/** Minutes between a range's end and the first bar that may break it. */
const observed = 15
const windows = space.window.of

type Window = (typeof windows)[number]
type Lists = Record<'bar' | 'since' | 'close' | 'atr' | 'volume' | `${'high' | 'low'}${Window}`, number[]>

/**
 * Every 5m close of the mornings after New York's open (the market's own) with the edges of its opening ranges: those the
 * live fold builds. When one breaks is left to the parameters.
 */
const prepare = (spec: ContractSpec, { columns, dates, date }: History, column: Column): Prepared => {
  const fives = intradayBars('5m')
  const range = atr(parameters.atrLength)
  const ranges = openingRanges(spec.group)
  const usual = relativeVolume(spec.group)
  const lists = Object.fromEntries(
    [
      'bar',
      'since',
      'close',
      'atr',
      'volume',
      ...windows.flatMap((minutes) => [`high${minutes}`, `low${minutes}`]),
    ].map((name) => [name, [] as number[]]),
  ) as Lists
  let [rolled, reach, opened] = [fives.initial, range.initial, ranges.initial]
  let [minutes, volumes] = [usual.initial, fiveVolumes.initial]
  let flat = Number.NaN
  for (let i = 0; i < columns.time.length; i++) {
    const bar = barAt(columns, i)
    const tradeDate = dates[date[i] as number] as string
    if (date[i] !== date[i - 1]) flat = easternMs(tradeDate, flatBy)
    rolled = fives.step(rolled, bar)
    minutes = usual.step(minutes, { bar, tradeDate })
    volumes = fiveVolumes.step(volumes, bar, minutes)
    opened = ranges.step(opened, { bar, tradeDate, closed: [] })
    for (const five of rolled.closed) {
      reach = range.step(reach, five)
      const own = ranges.value(opened).filter(({ name }) => name === 'New York')
      const since = (five.time - (own[0]?.opensAt ?? Number.NaN)) / minuteMs
      if (!(since >= observed) || bar.time + minuteMs >= flat) continue
      lists.bar.push(i)
      lists.since.push(since)
      lists.close.push(five.close)
      lists.atr.push(range.value(reach))
      lists.volume.push(fiveVolumes.ratioOf(volumes, five))
      for (const { minutes, high, low } of own) {
        lists[`high${minutes as Window}`].push(high)
        lists[`low${minutes as Window}`].push(low)
      }
    }
  }
  return layColumns(lists, Float64Array, column)
}

type Breakouts = { readonly signals: Int32Array; readonly ranges: Float64Array }

/** The first break of each date's range by the live rule, with the 5m range (ATR, points) it was judged by. */
export const breakoutsOf = (
  { prepared, history }: Pick<Stage, 'prepared' | 'history'>,
  rule: { readonly window: number; readonly beyond: number; readonly volume: number },
): Breakouts => {
  const columns = prepared as Record<keyof Lists, Float64Array>
  const { window, beyond, volume } = rule
  const [high, low] = [columns[`high${window as Window}`], columns[`low${window as Window}`]]
  const signals: number[] = []
  const ranges: number[] = []
  let done = -1
  for (let k = 0; k < columns.bar.length; k++) {
    const bar = columns.bar[k] as number
    const today = history.date[bar] as number
    if (today === done || (columns.since[k] as number) < window + observed) continue
    // NaN fails every comparison: what is not known breaks nothing.
    if (!((columns.volume[k] as number) >= volume)) continue
    const [close, reach] = [columns.close[k] as number, columns.atr[k] as number]
    const isUp = close - (high[k] as number) >= beyond * reach
    if (!isUp && !((low[k] as number) - close >= beyond * reach)) continue
    done = today
    signals.push(signalOf(bar, isUp ? 1 : -1))
    ranges.push(reach)
  }
  return { signals: Int32Array.from(signals), ranges: Float64Array.from(ranges) }
}

/** The first break of the morning's opening range on more than the usual volume. */
export const openingRange: Strategy<typeof space> = {
  name: 'opening-range',
  title: 'Opening-range breakout',
  words:
    'Trades the first 5m close well beyond the range of the market’s first minutes, on more than the usual volume.',
  space,
  baseline: false,
  prepare,
  play: (stage, { window, beyond, volume, ...exits }) => {
    const { signals, ranges } = stage.memo(`opening-range:${window}:${beyond}:${volume}`, () =>
      breakoutsOf(stage, { window, beyond, volume }),
    )
    return playSignals(stage, signals, (bar, side, i) => ({
      kind: 'market',
      side,
      quantity: 1,
      exitsFromFill: exitsOf(stage, ranges[i] as number, exits),
      setup: bar,
    }))
  },
}
