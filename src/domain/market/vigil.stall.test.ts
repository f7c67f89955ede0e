import { expect, test } from 'vitest'
import { historyOf } from '#src/adapters/feed/synthetic/history-of.ts'
import { createSyntheticMarket, type SyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { createChance } from '#src/testing/bars.ts'
import { sessionOf } from '../instruments/calendar.ts'
import { focusInstruments, specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { easternMs } from '../instruments/zone.ts'
import { minuteMs } from './bar.ts'
import type { BarColumns } from './series.ts'
import { allowedSilence, allowedSilenceOfAll, heard, learnBar, startVigil } from './vigil.ts'

/** A stretch of market time in which nothing of one market, or of any, arrives. */
type Stall = { readonly of: InstrumentId | 'feed'; readonly from: number; readonly to: number }
/** An alarm while a watch looks four times a second: how long after the last event, and what was allowed. */
type Alarm = { readonly of: Stall['of']; readonly at: number; readonly silence: number; readonly allowed: number }

const made = createSyntheticMarket({ seed: 7 })
const known = new Map<string, BarColumns>()
/** The dates watched have most of their past in common: it is made once. */
const market: SyntheticMarket = {
  ...made,
  minutes: (id, date) => {
    const key = `${id} ${date}`
    const minutes = known.get(key) ?? made.minutes(id, date)
    known.set(key, minutes)
    return minutes
  },
}
const lookMs = 250

/** Every market of a trade date from its first open to its last close, in virtual time, with a history of 30 dates. */
const watch = (
  date: string,
  stalls: readonly Stall[],
  hears: 'everything' | 'trades' = 'everything',
): readonly Alarm[] => {
  const sessions = focusInstruments.map((id) => sessionOf(specOf(id).group, date))
  const open = Math.min(...sessions.map((session) => session?.open ?? Number.NaN))
  const close = Math.max(...sessions.map((session) => session?.close ?? Number.NaN))
  const vigils = focusInstruments.map((id) => {
    const vigil = startVigil(id)
    const { time, volume } = historyOf(market, id, open)
    time.forEach((at, i) => {
      learnBar(vigil, { time: at, volume: volume[i] as number })
    })
    return vigil
  })

  const alarms: Alarm[] = []
  const alarmed = new Set<Stall['of']>()
  /** The whole feed's silence is no news of a single market, whose own is counted from its end. */
  let stalledTo = 0
  const judge = (of: Stall['of'], heardAt: number, opened: number, allowed: number, at: number): void => {
    const silence = at - Math.max(heardAt, opened, of === 'feed' ? 0 : stalledTo)
    if (silence <= allowed) alarmed.delete(of)
    else if (!alarmed.has(of)) {
      alarmed.add(of)
      alarms.push({ of, at, silence, allowed })
    }
    if (alarmed.has('feed')) stalledTo = at
  }
  const look = (at: number, opened: readonly number[]): void => {
    const newest = Math.max(...vigils.map(({ heardAt }) => heardAt))
    judge('feed', newest, Math.min(...opened), allowedSilenceOfAll(vigils, at, 'tick'), at)
    if (alarmed.has('feed')) return
    vigils.forEach((vigil, i) => {
      judge(vigil.id, vigil.heardAt, opened[i] as number, allowedSilence(vigil, at, 'tick'), at)
    })
  }
  const arrives = (id: InstrumentId, at: number): boolean =>
    !stalls.some(({ of, from, to }) => (of === 'feed' || of === id) && at >= from && at < to)

  for (let minute = open; minute < close; minute += minuteMs) {
    const segments = sessions.map((session) =>
      session?.segments.find((each) => minute >= each.open && minute < each.close),
    )
    const opened = segments.map((segment) => segment?.open ?? minute)
    const events = vigils
      .filter((_, i) => segments[i] !== undefined)
      .flatMap((vigil) =>
        [...market.events(vigil.id, date, minute, minute + minuteMs)]
          .filter((event) => (hears === 'everything' || 'price' in event) && arrives(vigil.id, event.eventTime))
          .map(({ eventTime }) => ({ vigil, eventTime })),
      )
      .sort((a, b) => a.eventTime - b.eventTime)
      .values()
    let event = events.next().value
    for (let at = minute; at < minute + minuteMs; at += lookMs) {
      for (; event !== undefined && event.eventTime <= at; event = events.next().value)
        heard(event.vigil, event.eventTime)
      look(at, opened)
    }
    for (; event !== undefined; event = events.next().value) heard(event.vigil, event.eventTime)
  }
  return alarms
}

/** Ten stalls of a morning, five of the whole feed for 5 to 120 s and five of one market for 40 to 120 s. */
const stallsOf = (date: string, seed: number): readonly Stall[] => {
  const chance = createChance(seed)
  const [five, slots] = [easternMs(date, 300), 10]
  const slotMs = (7 * 3_600_000) / slots
  return Array.from({ length: slots }, (_, i) => {
    const of = i % 2 === 0 ? 'feed' : (focusInstruments[Math.floor(chance() * 6)] as InstrumentId)
    const lengthMs = of === 'feed' ? 5_000 + 115_000 * chance() : 40_000 + 80_000 * chance()
    const from = five + i * slotMs + chance() * (slotMs - 240_000)
    return { of, from, to: from + lengthMs }
  })
}

const dates = [
  ['an ordinary one', '2026-11-18'],
  ['a Thanksgiving session, which two days share', '2026-11-27'],
  ['an early close', '2026-12-24'],
  ['the Monday after clocks went back', '2026-11-02'],
  ['the Monday after clocks went forward', '2026-03-09'],
] as const

test.each(dates)('of %s each stall is found in time and nothing else is', { timeout: 60_000 }, (_, date) => {
  const stalls = stallsOf(date, Number(date.slice(5, 7)) * 100 + Number(date.slice(8)))
  const alarms = watch(date, stalls)
  expect(alarms.map(({ of }) => of)).toEqual(stalls.map(({ of }) => of))
  alarms.forEach(({ at, silence, allowed }, i) => {
    const stall = stalls[i] as Stall
    expect(at).toBeGreaterThan(stall.from)
    expect(at).toBeLessThan(stall.to)
    expect(silence).toBeLessThanOrEqual(stall.of === 'feed' ? 3_000 : allowed + lookMs)
  })
})

test.each(dates.slice(0, 2))('of %s heard without quotes nothing is an alarm', { timeout: 60_000 }, (_, date) => {
  expect(watch(date, [], 'trades')).toEqual([])
})
