import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Refused } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { chartIdsOf, chartRequest, packetsOf, readPacket } from './chart.ts'
import type { Loose } from './frames.ts'
import type { Visit } from './visit.ts'

/** One answer to a chart request: its bars as they came, and the kinds of rows that were not taken. */
export type ChartPart =
  | { readonly ok: true; readonly bars: readonly Bar[]; readonly refused: readonly string[] }
  | Refused

/** A chart whose history has not ended by now is given up. */
const chartMs = 30_000

const iso = (ms: number): string => new Date(ms).toISOString()

/** The range of a chart that reaches back from `to` to `from`, epoch ms; both ends may come back. */
export const rangeBack = (from: number, to: number) => ({
  closestTimestamp: iso(to),
  asFarAsTimestamp: iso(from),
  // The vendor needs no more than the minutes of the range, and answers with fewer when it likes.
  asMuchAsElements: Math.ceil((to - from) / minuteMs) + 1,
})

/** Asks for one chart, gathers what comes until its history ends, and cancels it: its running market is not wanted. */
export const readChart = (
  visit: Visit,
  instrument: InstrumentId,
  name: string,
  kind: 'Tick' | 'MinuteBar',
  timeRange: Readonly<Record<string, string | number>>,
  schedule: Schedule,
): Promise<ChartPart> =>
  new Promise((resolve) => {
    const bars: Bar[] = []
    const refused: string[] = []
    let chart: { readonly history: number; readonly live: number } | undefined

    const finish = (part: ChartPart): void => {
      cancelTimer()
      stopListening()
      stopWaiting()
      if (chart !== undefined) visit.conversation.ask('md/cancelChart', { subscriptionId: chart.live })
      resolve(part)
    }
    const unavailable = (detail: string): void => finish({ ok: false, reason: 'unavailable', detail })

    const cancelTimer = schedule(() => unavailable('Tradovate did not finish a chart'), chartMs)
    const stopWaiting = visit.onOver(() => unavailable('the connection was lost'))
    const stopListening = visit.onEvent((event, d) => {
      if (event !== 'chart' || chart === undefined) return
      for (const { id, packet } of packetsOf(d)) {
        if (id !== chart.history) continue
        const read = readPacket(instrument, id, packet)
        bars.push(...read.bars)
        refused.push(...read.refused)
        if (read.ends) {
          finish({ ok: true, bars, refused })
          return
        }
      }
    })
    visit.conversation.ask('md/getChart', chartRequest(name, kind, timeRange), (answer) => {
      if (!answer.ok) finish(answer)
      else {
        chart = chartIdsOf(answer.value as Loose)
        if (chart === undefined)
          finish({ ok: false, reason: 'garbage', detail: 'Tradovate gave a chart without a number' })
      }
    })
  })
