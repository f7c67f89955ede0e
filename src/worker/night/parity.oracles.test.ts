import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { saveFlows } from '#src/adapters/db/flows.ts'
import { latestPapers } from '#src/adapters/db/night-papers.ts'
import { savePlanVersion } from '#src/adapters/db/plans.ts'
import { saveTransitions } from '#src/adapters/db/transitions.ts'
import { saveHistory } from '#src/adapters/history.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { CardTransition, PlannedCard } from '#src/domain/signals/transition.ts'
import { recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { databases } from '#src/testing/database.ts'
import { createEngineRoom } from '#src/testing/engine-room.ts'
import { nightDeps } from '#src/testing/night-deps.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eastern } from '#src/testing/recorded-day.ts'
import { nightAt } from './night-plan.ts'
import { parity } from './steps/parity.ts'

const now = eastern(12, 20)
const contract = contractMonth(frontContract('MGC', '2013-10-09'))

/** The recorded day of gold lived trade by trade. */
const live = () => {
  const past = recordedBars('GC').filter(({ time }) => time < eastern(0))
  const room = createEngineRoom({ instruments: ['MGC'], grain: 'tick' })
  room.engine.load('MGC', past)
  room.start(eastern(0))
  room.playTrades('MGC', recordedTrades(), eastern(12))
  return { past, told: room.told }
}

describe.skipIf(!hasOracles)('a day of recorded trades, lived again from its bars', () => {
  let database: Database
  let lived: ReturnType<typeof live>
  beforeAll(async () => {
    database = await databases[0].open()
    lived = live()
    const { db } = database
    const history = lived.past.map((bar) => {
      const asOf = bar.time + minuteMs
      return { ...bar, finality: 'history', asOf, source: 'recorded' } as const
    })
    await saveHistory(db, 'real', 'MGC', [...history, ...lived.told.bars])
  })
  afterAll(() => database.close())

  /** Compares the day, kept under the name `ledger` with what `plant` made of it. */
  const compare = async (
    ledger: string,
    plant: {
      card?: (card: PlannedCard) => PlannedCard
      step?: (step: CardTransition) => readonly CardTransition[]
    } = {},
  ) => {
    const { db } = database
    const { card = (each) => each, step = (each) => [each] } = plant
    await saveFlows(db, { market: ledger, instrument: 'MGC', contract }, lived.told.flows)
    for (const version of lived.told.plans)
      await savePlanVersion(db, ledger, { ...version, cards: version.cards.map(card) })
    await saveTransitions(db, ledger, lived.told.transitions.flatMap(step))
    const work = parity(nightDeps({ db, ledger, instruments: ['MGC'], now: () => now }))
    const call = { night: nightAt(now, defaultBoundaries), signal: new AbortController().signal, tell: () => {} }
    const words = await work(call)
    const [paper] = await latestPapers(db, 'real', 'parity', 1)
    const { differences, backtest } = paper?.body ?? {}
    return { words, tradeDate: paper?.tradeDate, differences, backtest }
  }

  test('shows every card and every change of state again', async () => {
    expect(await compare('real')).toEqual({
      words: '0 differences over 3 cards and 134 changes; backtest: 0 differences over 3 cards and 3 changes',
      tradeDate: '2013-10-09',
      differences: [],
      backtest: { cards: 3, transitions: 3, differences: [] },
    })
  })

  test('shows what was planted in it, and explains none of it away', async () => {
    const card = (each: PlannedCard): PlannedCard =>
      each.id === '2013-10-09-MGC-2' ? { ...each, target2: each.target2 + 0.1 } : each
    const step = (each: CardTransition) => (each.cardId.endsWith('3') && each.to === 'invalid' ? [] : [each])
    const { words, differences, backtest } = await compare('planted', { card, step })
    expect(words).toBe(
      '2 differences over 3 cards and 133 changes, 2 unexplained; backtest: 2 differences over 3 cards and 2 changes, 2 unexplained',
    )
    expect(backtest?.differences).toEqual(differences)
    expect(differences).toEqual([
      {
        ...{ cardId: '2013-10-09-MGC-2', what: 'drawn' },
        ...{ live: expect.stringMatching(/^target2/), replayed: expect.stringMatching(/^target2/) },
      },
      {
        ...{ cardId: '2013-10-09-MGC-3', what: 'transition' },
        ...{ live: '08:21 ET: stays watching', replayed: '08:21 ET: invalid at 1,304.7 (left-behind)' },
      },
    ])
  })

  test('is explained where the terminal was not running', async () => {
    const { db } = database
    const work = parity(nightDeps({ db, ledger: 'nobody', instruments: ['MGC'], now: () => now }))
    const call = { night: nightAt(now, defaultBoundaries), signal: new AbortController().signal, tell: () => {} }
    expect(await work(call)).toBe(
      '3 differences over 3 cards and 0 changes, each explained; backtest: 3 differences over 3 cards and 0 changes, each explained',
    )
  })
})
