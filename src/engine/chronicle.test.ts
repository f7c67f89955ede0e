import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { type Finality, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { mergeBars } from '#src/domain/market/merge.ts'
import { analysisOf } from '#src/domain/signals/analysis.ts'
import { randomBars } from '#src/testing/bars.ts'
import { createChronicle } from './chronicle.ts'

const start = Date.UTC(2013, 9, 9, 4)
const tradeDateOf = (time: number): string => dateOfBar('equity', time)
const recorded = (finality: Finality, source = 'test', asOf = 0) =>
  randomBars(5, 600, start).map((bar): RecordedBar => ({ ...bar, finality, asOf: bar.time + minuteMs + asOf, source }))

const mes = specOf('MES')
const analysis = analysisOf(mes)
/** What is read of bars in one go. */
const readAtOnce = (bars: readonly RecordedBar[]) =>
  analysis.value(
    bars.reduce((state, bar) => analysis.step(state, { bar, tradeDate: tradeDateOf(bar.time) }), analysis.start()),
  )

test('late bars in any order leave what one go over the merged bars reads', () => {
  const live = recorded('live')
  const vendor = recorded('settled').map((bar) => ({ ...bar, volume: bar.volume + 1 }))
  const kinds = fc.constantFrom('kept', 'missed', 'partial', 'settled')
  fc.assert(
    fc.property(fc.array(kinds, { minLength: 599, maxLength: 599 }), fc.nat(20), (fates, chunk) => {
      const chronicle = createChronicle(mes, tradeDateOf)
      const held: RecordedBar[] = []
      const late: RecordedBar[] = []
      live.forEach((bar, i) => {
        const fate = i === live.length - 1 ? 'kept' : (fates[i] ?? 'kept')
        if (fate !== 'missed') {
          const bare: RecordedBar = fate === 'partial' ? { ...bar, finality: 'partial', volume: 1 } : bar
          chronicle.append(bare)
          held.push(bare)
        }
        if (fate === 'missed' || fate === 'partial') late.push({ ...bar, finality: 'history', asOf: bar.asOf + 1 })
        if (fate === 'settled') late.push(vendor[i] as RecordedBar)
      })
      const shuffled = late.toSorted((a, b) => ((a.time / minuteMs) % 7) - ((b.time / minuteMs) % 7))
      for (let from = 0; from < shuffled.length; from += chunk + 1)
        chronicle.repair(shuffled.slice(from, from + chunk + 1))
      const merged = mergeBars(held, late)
      expect(chronicle.reading()).toEqual(readAtOnce(merged))
      expect(chronicle.last).toEqual(merged.at(-1))
    }),
    { numRuns: 12 },
  )
})

test('a late bar of lower rank changes nothing', () => {
  const chronicle = createChronicle(mes, tradeDateOf)
  const live = recorded('live')
  for (const bar of live) chronicle.append(bar)
  const before = chronicle.reading()
  const late = live.slice(100, 110).map((bar): RecordedBar => ({ ...bar, finality: 'history', high: bar.high + 50 }))
  expect(chronicle.repair(late)).toEqual({ taken: [], tooOld: false })
  expect(chronicle.reading()).toEqual(before)
})

test('says when a bar is older than what it holds, and holds no more than a day', () => {
  const chronicle = createChronicle(mes, tradeDateOf)
  const bars = randomBars(7, 5_000, start).map(
    (bar): RecordedBar => ({ ...bar, finality: 'live', asOf: 0, source: '' }),
  )
  for (const bar of bars) chronicle.append(bar)
  const [first, recent] = [bars[0] as RecordedBar, bars[3_600] as RecordedBar]
  expect(chronicle.repair([{ ...first, finality: 'settled' }])).toEqual({ taken: [], tooOld: true })
  expect(chronicle.repair([{ ...recent, finality: 'settled' }]).taken).toHaveLength(1)
  expect(chronicle.reading()).toEqual(readAtOnce(bars))
})
