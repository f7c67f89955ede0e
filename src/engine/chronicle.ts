import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { supersedes } from '#src/domain/market/merge.ts'
import { type AnalysisState, analysisOf, type Reading } from '#src/domain/signals/analysis.ts'

/** The analysis as it was before bar number `index` of those held. */
type Mark = { readonly index: number; readonly state: AnalysisState }

const markEvery = 60
/** Bars that can still be corrected; older ones only by reading the history again. */
const heldBars = 26 * 60

/** What late bars changed: those taken, and whether any came for a minute too old to be corrected here. */
export type Repair = { readonly taken: readonly RecordedBar[]; readonly tooOld: boolean }

/**
 * Creates the closed bars of one market with what they say. A late bar is put where it belongs, and all after it is read
 * anew. `tradeDateOf` gives the trade date of a bar's start, epoch ms.
 */
export const createChronicle = (spec: ContractSpec, tradeDateOf: (time: number) => string) => {
  const analysis = analysisOf(spec)
  let state = analysis.start()
  let bars: RecordedBar[] = []
  let marks: Mark[] = []
  /** Time of the newest bar that is read and no longer held: nothing up to it can be corrected. */
  let floor = Number.NEGATIVE_INFINITY
  /** Who crossed the spread in minutes whose trades were all seen. */
  const flows = new Map<number, MinuteFlow>()

  const read = (bar: Bar): void => {
    state = analysis.step(state, { bar, tradeDate: tradeDateOf(bar.time), flow: flows.get(bar.time) })
  }
  const step = (bar: RecordedBar): void => {
    if (bars.length % markEvery === 0) marks.push({ index: bars.length, state: analysis.keep(state) })
    bars.push(bar)
    read(bar)
  }

  const forget = (): void => {
    const first = marks.find(({ index }) => index >= bars.length - heldBars)
    if (first === undefined || first.index === 0) return
    floor = (bars[first.index - 1] as RecordedBar).time
    bars = bars.slice(first.index)
    for (const time of flows.keys()) if (time <= floor) flows.delete(time)
    marks = marks
      .filter(({ index }) => index >= first.index)
      .map(({ index, state: at }) => ({ index: index - first.index, state: at }))
  }

  /** Where a bar of this time stands or would stand among those held. */
  const placeOf = (time: number): number => {
    let low = 0
    let high = bars.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((bars[middle] as RecordedBar).time < time) low = middle + 1
      else high = middle
    }
    return low
  }

  const rewind = (index: number): RecordedBar[] => {
    const at = marks.findLastIndex((mark) => mark.index <= index)
    const mark = marks[at] as Mark
    const rest = bars.slice(mark.index)
    bars.length = mark.index
    marks.length = at
    state = analysis.keep(mark.state)
    return rest
  }

  const isTooOld = (time: number): boolean => time <= floor

  return {
    get state() {
      return state
    },
    /** What the bars say as they stand. */
    reading: (): Reading => analysis.value(state),
    /** Tells who crossed the spread in a minute, before its bar is appended. */
    learnFlow: (flow: MinuteFlow): void => void flows.set(flow.time, flow),
    get flows(): Iterable<MinuteFlow> {
      return flows.values()
    },
    /** The newest closed bar. */
    get last() {
      return bars.at(-1)
    },
    /** Every bar that can still be corrected, oldest first. */
    get held(): readonly RecordedBar[] {
      return bars
    },
    /** The bar of a minute, of those held. */
    at: (time: number): RecordedBar | undefined => {
      const bar = bars[placeOf(time)]
      return bar?.time === time ? bar : undefined
    },
    /** The next bar; it must be later than all before it. */
    append: (bar: RecordedBar): void => {
      step(bar)
      if (bars.length >= heldBars + 10 * markEvery) forget()
    },
    /** History before anything can be corrected: nothing of it is held. */
    warm: (bar: Bar): void => {
      floor = bar.time
      read(bar)
    },
    /** The same minute on better authority: what was read of it stands. */
    restate: (bar: RecordedBar): void => {
      const place = placeOf(bar.time)
      if (bars[place]?.time === bar.time) bars[place] = bar
    },
    /** Puts late bars in; each replaces the one held only by the merge rules. Bars after the newest are not taken. */
    repair: (late: readonly RecordedBar[]): Repair => {
      const newest = (bars.at(-1)?.time ?? Number.NEGATIVE_INFINITY) + minuteMs
      const due = late.filter(({ time }) => time < newest && !isTooOld(time))
      const taken = due.filter((bar) => {
        const held = bars[placeOf(bar.time)]
        return held === undefined || held.time !== bar.time || supersedes(bar, held)
      })
      const tooOld = late.some(({ time }) => isTooOld(time))
      if (taken.length === 0) return { taken, tooOld }
      const first = Math.min(...taken.map(({ time }) => placeOf(time)))
      const byTime = new Map(rewind(first).map((bar) => [bar.time, bar]))
      for (const bar of taken) byTime.set(bar.time, bar)
      for (const bar of [...byTime.values()].sort((a, b) => a.time - b.time)) step(bar)
      return { taken, tooOld }
    },
  }
}
