import { type Bar, minuteMs, type Timeframe } from '../market/bar.ts'
import { parameters } from '../signals/parameters.ts'
import { type Chart, type ChartBar, mostBars } from './chart.ts'
import { volumeTone } from './volume-tone.ts'

/** A chart as the server last told it, and the minutes heard since: those still growing, or closed and not yet told back. */
export type LiveChart = { readonly timeframe: Timeframe; readonly told: Chart; readonly heard: readonly Bar[] }

const notTold = (minutes: readonly Bar[], { through }: Chart): readonly Bar[] =>
  minutes.filter(({ time }) => time >= through)

/** Minutes as they stand now; of two accounts of one minute the later counts, and what was told already is not changed. */
export const hearMinutes = (live: LiveChart, minutes: readonly Bar[]): LiveChart => {
  const byTime = new Map([...live.heard, ...minutes].map((bar) => [bar.time, bar]))
  return { ...live, heard: notTold([...byTime.values()], live.told).toSorted((a, b) => a.time - b.time) }
}

/** Whether the server's chart begins earlier than the one held: history came in front of it. */
export const beginsEarlier = (tail: Chart, { told }: LiveChart): boolean => tail.from < told.from

/**
 * The server's bars from some bar on take the place of those held, of which the oldest go as new ones come; an answer older
 * than one taken before changes nothing.
 */
export const hearTail = (live: LiveChart, tail: Chart): LiveChart => {
  if (tail.through < live.told.through) return live
  const from = tail.bars[0]?.time ?? Number.POSITIVE_INFINITY
  const bars = [...live.told.bars.filter(({ time }) => time < from), ...tail.bars].slice(-mostBars)
  return { ...live, told: { ...tail, bars }, heard: notTold(live.heard, tail) }
}

const toneAfter = (before: readonly ChartBar[], bar: Bar): ChartBar['tone'] => {
  const volumes = before.slice(-parameters.spikeLength).map(({ volume }) => volume)
  const close = before.at(-1)?.close ?? Number.NaN
  return volumeTone.value(volumeTone.step({ volumes, close, move: 0 }, bar))
}

const grown = (bar: ChartBar, { high, low, close, volume }: Bar): ChartBar => ({
  ...bar,
  high: Math.max(bar.high, high),
  low: Math.min(bar.low, low),
  close,
  volume: bar.volume + volume,
})

const begun = (time: number, minute: Bar, tradeDate: string): ChartBar => ({
  ...minute,
  time,
  tradeDate,
  closed: false,
  tone: 'flat',
  vwap: null,
  deviation: null,
  ema: null,
  bands: null,
})

/**
 * The newest bar told and all after it, as the minutes heard since make them. A daily bar is begun by the server alone,
 * which knows the sessions.
 */
export const newestBars = ({ timeframe, told, heard }: LiveChart): readonly ChartBar[] => {
  const settled = told.bars.slice(0, -1).slice(-parameters.spikeLength)
  const bars = told.bars.slice(-1)
  const spanMs = timeframe === '1d' ? Number.POSITIVE_INFINITY : Number.parseInt(timeframe, 10) * minuteMs
  let until = told.until
  for (const minute of heard) {
    const newest = bars.at(-1)
    if (newest !== undefined && minute.time < until) bars[bars.length - 1] = grown(newest, minute)
    else if (timeframe !== '1d') {
      const time = minute.time - (minute.time % spanMs)
      bars.push(begun(time, minute, newest?.tradeDate ?? ''))
      until = time + spanMs
    }
  }
  return bars.map((bar, i) => (bar.closed ? bar : { ...bar, tone: toneAfter([...settled, ...bars.slice(0, i)], bar) }))
}
