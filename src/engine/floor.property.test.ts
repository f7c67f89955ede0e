import fc from 'fast-check'
import { test } from 'vitest'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, fill, tenOClock } from '#src/testing/fills.ts'
import { rulesOf } from '#src/testing/standing-reference.ts'
import { createFloor, deafOutbox } from './floor.ts'
import type { KeptStanding } from './standings.ts'

const real: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }
const hour = 3_600
const begin = -5 * 24 * hour
const topstep = account({
  rules: rulesOf('topstep-50k'),
  anchor: { balance: dollars(50_000), at: tenOClock + begin * 1_000 },
})

type Heard = { readonly fill: Fill; readonly at: number }

/** Tells a floor its fills when they are heard, and starts it anew at one of them; where the account stands two days later. */
const live = (heard: readonly Heard[], restartBefore = -1) => {
  let at = tenOClock + begin * 1_000
  const kept = new Map<string, KeptStanding>()
  const told: Fill[] = []
  const start = () => {
    const floor = createFloor({
      clock: { now: () => at, wall: () => at, speed: 1 },
      accountSize: dollars(50_000),
      limits: { ...defaultLimits, fees: evenFees },
      flatBy: 720,
      sharesMarket: () => true,
      feedPrice: () => undefined,
      cardOf: () => undefined,
      raise: () => {},
      hearSecond: () => {},
      changed: () => {},
      outbox: {
        ...deafOutbox,
        onStanding: (name, standing) => kept.set(name, JSON.parse(JSON.stringify(standing))),
      },
    })
    const standings = new Map(kept)
    floor.open({ book: 'real', accounts: [topstep], fills: [...told], peaks: new Map(), standings, closing: [] })
    return floor
  }
  let floor = start()
  for (const [i, { fill, at: heardAt }] of heard.entries()) {
    at = heardAt
    if (i === restartBefore) floor = start()
    const event: PlatformEvent = { kind: 'execution', fill, id: fill.executionId, at, receivedAt: at }
    floor.hear([event], real)
    told.push(fill)
    floor.look()
  }
  at = tenOClock + 5 * 24 * hour * 1_000
  floor.look()
  floor.onSecond()
  const [one] = floor.reading().accounts
  return one?.standing
}

/** A winning trade of two contracts: when it was made, what it made in ticks, and by how many seconds each fill is late. */
const trades = fc.array(
  fc.record({
    second: fc.integer({ min: begin + 60, max: 0 }),
    ticks: fc.integer({ min: 4, max: 200 }),
    late: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 * hour })), { minLength: 2, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
)

const inOrder = (heard: readonly Heard[]): readonly Heard[] => heard.toSorted((a, b) => a.at - b.at)

test('whenever profits are heard, in whatever order and over a restart, an account stands where it would had all been in time', () => {
  fc.assert(
    fc.property(trades, fc.nat(24), (made, restartBefore) => {
      const isOpen = ({ second }: { second: number }): boolean => {
        const at = tenOClock + second * 1_000
        return tradeDateAt('equity', at) === tradeDateAt('equity', at + 60_000)
      }
      const late: Heard[] = []
      for (const [i, { second, ticks, late: by }] of made.filter(isOpen).entries()) {
        // Apart from each other, so that each closes what it opened.
        const contract = 203_012 - 100 * (i % 12)
        const fills = [fill(second, 2, 20_000, { contract }), fill(second + 30, -2, 20_000 + ticks / 4, { contract })]
        for (const [j, one] of fills.entries()) late.push({ fill: one, at: one.at + (by[j] ?? 0) * 1_000 })
      }
      const inTime = live(inOrder(late.map(({ fill: one }) => ({ fill: one, at: one.at }))))
      const heard = live(inOrder(late), restartBefore)
      return JSON.stringify(heard) === JSON.stringify(inTime)
    }),
    { numRuns: 60 },
  )
})
