import { expect, test } from 'vitest'
import type { Picture } from '#src/domain/picture.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createDemoTrader } from './demo-trader.ts'
import { createSimulator } from './simulator.ts'

/** Friday 2026-11-20, 09:30 in New York. */
const morning = Date.UTC(2026, 10, 20, 14, 30)
const silent = { info: (): void => {}, warn: (): void => {} }

const card = (changes: Partial<FocusCard> = {}): FocusCard =>
  ({
    id: '2026-11-20-MGC-1',
    instrument: 'MGC',
    contract: 'MGC Z6',
    bias: 'long',
    action: 'wait',
    bracket: { zone: { low: 4_000, high: 4_002 }, stop: 3_990, target1: 4_020, stopTicks: 120 },
    size: { startWith: 2 },
    ...changes,
  }) as FocusCard
const crude = (changes: Partial<FocusCard> = {}): FocusCard =>
  card({
    id: '2026-11-20-MCL-1',
    instrument: 'MCL',
    contract: 'MCL F7',
    bias: 'short',
    bracket: { zone: { low: 60, high: 60.2 }, stop: 60.6, target1: 59.2, stopTicks: 60 } as FocusCard['bracket'] &
      object,
    size: { startWith: 1 } as FocusCard['size'] & object,
    ...changes,
  })

const open = (cards: readonly FocusCard[]) => {
  const hand = createHandClock(morning)
  const settings = { url: '', token: '', bridge: 'demo', allowOrders: false, accounts: [], maxContracts: 5 }
  const chance = { random: () => 0.5, schedule: hand.schedule, clock: hand.clock, log: silent }
  const simulator = createSimulator({ ...settings, ...chance })
  let phase: Partial<Picture>['clock'] = { phase: 'ACTIVE', phaseEndsAt: morning + 30 * 60_000 } as Picture['clock']
  let shown = cards
  const picture = (): Partial<Picture> =>
    ({
      clock: phase,
      strip: { futures: 'open' },
      plan: { places: shown.map(({ instrument }) => instrument), rest: [] },
      ...Object.fromEntries(shown.map((each) => [`focus:${each.instrument}`, each])),
    }) as unknown as Partial<Picture>
  const trader = createDemoTrader({ simulator, picture, clock: hand.clock, schedule: hand.schedule })
  trader.start()
  const { platform } = simulator
  return {
    platform,
    gold: (last: number) => simulator.onPrice('MGC', 202612, last),
    index: (last: number) => simulator.onPrice('MES', 202612, last),
    oil: (last: number) => simulator.onPrice('MCL', 202701, last),
    show: (...next: readonly FocusCard[]): void => {
      shown = next
    },
    wind: (reading: Partial<Picture['clock']>): void => {
      phase = reading as Picture['clock']
    },
    pass: async (seconds: number): Promise<void> => {
      for (let ms = 0; ms < seconds * 1_000; ms += 100) await hand.pass(100)
    },
    held: () => platform.positions().map(({ account, instrument, quantity }) => [account, instrument, quantity]),
    resting: () =>
      platform
        .working('Sim101')
        .map(({ instrument, side, type, quantity, limitPrice, stopPrice }) => [
          ...[instrument, side, type, quantity],
          limitPrice ?? stopPrice,
        ]),
  }
}

test('soon after the start one position of the best card is open, with the card’s stop and target', async () => {
  const { gold, pass, held, resting } = open([card()])
  gold(4_001)
  await pass(4)
  expect(held()).toEqual([])
  await pass(4)
  expect(held()).toEqual([['Sim101', 'MGC 12-26', 2]])
  expect(resting()).toEqual([
    ['MGC 12-26', 'sell', 'stop-market', 2, 3_990],
    ['MGC 12-26', 'sell', 'limit', 2, 4_020],
  ])
})

test('when the price is beyond the card’s target the bracket is drawn around the price', async () => {
  const { gold, pass, resting } = open([card()])
  gold(4_030)
  await pass(8)
  expect(resting()).toEqual([
    ['MGC 12-26', 'sell', 'stop-market', 2, 4_018],
    ['MGC 12-26', 'sell', 'limit', 2, 4_048],
  ])
})

test('a card whose word is ENTER is entered once, and never a third trade', async () => {
  const { gold, oil, index, pass, held, show, platform } = open([card()])
  gold(4_001)
  oil(60.1)
  await pass(8)
  const third = crude({ id: 'third', instrument: 'MES', contract: 'MES Z6', action: 'enter' })
  index(6_700)
  show(card(), crude({ action: 'enter' }), third)
  await pass(5)
  expect(held()).toEqual([
    ['Sim101', 'MGC 12-26', 2],
    ['Sim101', 'MCL 01-27', -1],
  ])
  expect(platform.executions()).toHaveLength(2)
  show(card(), crude({ action: 'enter' }))
  oil(59.1)
  await pass(3)
  expect(held()).toEqual([['Sim101', 'MGC 12-26', 2]])
  expect(platform.executions()).toHaveLength(3)
})

test('a limit order rests at the near edge of the zone and is withdrawn when the card no longer asks', async () => {
  const { gold, oil, pass, resting, show } = open([card()])
  gold(4_001)
  oil(59.5)
  await pass(8)
  show(card(), crude({ action: 'limit' }))
  await pass(3)
  expect(resting()).toContainEqual(['MCL 01-27', 'sell', 'limit', 1, 60])
  show(card(), crude({ action: 'wait' }))
  await pass(3)
  expect(resting().filter(([instrument]) => instrument === 'MCL 01-27')).toEqual([])
})

test('five minutes before flat-by everything is cancelled and closed, and nothing new is begun', async () => {
  const { gold, pass, held, resting, wind } = open([card()])
  gold(4_001)
  await pass(8)
  wind({ phase: 'WIND DOWN', phaseEndsAt: morning + 5 * 60_000 })
  await pass(5)
  expect(held()).toEqual([])
  expect(resting()).toEqual([])
})

test('outside the trader’s day no position is begun', async () => {
  const { gold, pass, held, wind } = open([card()])
  wind({ phase: 'OFF-HOURS', phaseEndsAt: morning + 60 * 60_000 })
  gold(4_001)
  await pass(20)
  expect(held()).toEqual([])
})
