import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { saveAccount } from '#src/adapters/db/accounts.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { keepFill } from '#src/adapters/db/platform.ts'
import { saveReport } from '#src/adapters/db/reports.ts'
import { askStudy, moveStudy } from '#src/adapters/db/studies.ts'
import type { LabReading, ReportReading, StudyReading } from '#src/domain/lab-reading.ts'
import { dollars } from '#src/domain/money.ts'
import type { OddsReading } from '#src/domain/odds-reading.ts'
import type { AccountStanding, CalibrationReading, Picture } from '#src/domain/picture.ts'
import { calibrationOf } from '#src/domain/signals/calibration.ts'
import { overTheLimit, topstepRules } from '#src/testing/accounts.ts'
import { databases } from '#src/testing/database.ts'
import { account, evenFees, fill, tenOClock } from '#src/testing/fills.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { keptReport, report, study, studyResult } from '#src/testing/lab.ts'
import { goldInZone, morning, now } from '#src/testing/world.ts'
import { createOddsKeeper } from './odds-keeper.ts'
import type { AccountAsked, CardAsked } from './odds-task.ts'

const daySeconds = 86_400
const [shown] = overTheLimit.accounts as readonly [AccountStanding]
const { name } = shown

/** The odds a thread would answer; what they are is tested where they are made. */
const answers = {
  odds: { pass: 0.64, bust: 0.3, running: 0.06, medianDaysToPass: 14, days: 24, words: '' },
  cardOdds: {
    ...{ of: 'pass', change: -0.04, error: 0.002 },
    without: { pass: 0.62, bust: 0.3, running: 0.08, days: 24, words: '' },
    taken: { pass: 0.58, bust: 0.34, running: 0.08, days: 24, words: '' },
    words: 'taking this card with 3 MGC moves pass 62 % → 58 %',
  },
} as const

/** Trips of $19 or −$21 on the weekdays of the weeks before the day. */
const trips = (days: number) =>
  Array.from({ length: 60 }, (_, i) => i + 1)
    .filter((ago) => ago % 7 !== 5 && ago % 7 !== 6)
    .slice(0, days)
    .flatMap((ago) => {
      const over = { account: name, executionId: `past-${ago}` }
      const at = -ago * daySeconds
      return [
        fill(at, 1, 20_000, over),
        fill(at + 60, -1, 20_000 + (ago % 2 === 0 ? 10 : -10), { ...over, executionId: `past-${ago}b` }),
      ]
    })

const calibration = {
  at: now,
  buckets: calibrationOf(Array.from({ length: 120 }, (_, i) => ({ quality: 86, won: i % 5 < 3 }))),
} as unknown as CalibrationReading

const pictureOf = (over: Partial<AccountStanding> = {}): Partial<Picture> => ({
  ...morning,
  account: {
    ...overTheLimit,
    book: 'real',
    limits: { ...overTheLimit.limits, fees: evenFees },
    accounts: [
      { ...shown, ...over },
      { ...shown, name: 'Playback101', watched: false },
    ],
  },
  plan: { ...morning.plan, places: ['MGC'] },
})

/** What is read is tested with both databases where it is kept. */
const [, { name: databaseName, open }] = databases

/** What waits for the database has time on a busy machine. */
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 })

describe(`the keeper of the odds over ${databaseName}`, () => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    for (const each of [name, 'Playback101'])
      await saveAccount(database.db, 'real', account({ name: each, kind: 'EVAL', rules: topstepRules }), now)
  })
  afterAll(() => database.close())

  let seen: Partial<Picture>
  let asked: { readonly task: string; readonly input: AccountAsked & Partial<CardAsked> }[]
  let told: OddsReading[]
  let errors: unknown[]
  let isAway: boolean
  beforeEach(() => {
    seen = pictureOf()
    asked = []
    told = []
    errors = []
    isAway = false
  })

  const begin = () => {
    const hand = createHandClock(tenOClock)
    const keeper = createOddsKeeper({
      db: database.db,
      pool: {
        ask: async (task, input) => {
          if (isAway) throw new Error('no thread')
          asked.push({ task, input: input as AccountAsked })
          return answers[task as keyof typeof answers]
        },
      },
      picture: () => seen,
      put: (reading) => told.push(reading),
      ...{ schedule: hand.schedule, wall: hand.clock.wall, log: { error: (what: unknown) => errors.push(what) } },
    })
    /** Lets seconds pass one by one, as the keeper looks every second; what it asks of the database is real. */
    const seconds = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await hand.pass(1_000)
      await new Promise((done) => setTimeout(done, 60))
    }
    keeper.start()
    return { keeper, seconds }
  }
  const sourceOf = (reading: OddsReading | undefined): string | undefined => {
    const [first] = reading?.accounts ?? []
    return first && 'chances' in first ? first.chances.from : first?.undrawn
  }

  test('says that there are no days to draw from, and asks no thread', async () => {
    const { keeper } = begin()
    await until(() => expect(told).toHaveLength(1))
    expect(told[0]).toEqual({
      ...{ at: now, paths: 20_000, horizonDays: 60, cards: [] },
      accounts: [{ account: name, alias: 'TOPSTEP50', undrawn: 'no-days' }],
    })
    expect(asked).toEqual([])
    await keeper.stop()
  })

  test('draws from a backtest of the focus plan, and rather from a study that passed', async () => {
    const { db } = database
    const list = Array.from({ length: 24 }, (_, i) => ({
      ...(report.list[0] as (typeof report.list)[number]),
      date: `2026-10-${String(i + 1).padStart(2, '0')}`,
      leftAt: Date.UTC(2026, 9, i + 1, 15),
      net: dollars(i % 2 === 0 ? 40 : -30),
    }))
    const kept = { market: 'real', spec: { ...keptReport.spec, strategy: 'focus-plan' }, madeAt: now }
    const made = await saveReport(db, { ...kept, report: { ...report, list, dates: 230 } })
    const { spec } = study
    const passed = await askStudy(db, { market: 'real', spec, askedAt: now })
    const net = [...Array.from({ length: 40 }, (_, i) => dollars(10 + i)), ...Array.from({ length: 44 }, () => 0)]
    const result = { ...studyResult, outOfSample: { dates: net.map((_, i) => `2026-08-${i}`), net } }
    await moveStudy(db, passed, { state: 'done', at: now, result })
    const reports = [{ id: made, instrument: 'MGC', strategy: 'focus-plan' } as ReportReading]
    const studies = [{ id: passed, instrument: 'MGC', state: 'done', passed: true } as StudyReading]
    const of = async (lab: Partial<LabReading>): Promise<string | undefined> => {
      seen = { ...pictureOf(), lab: { studies: [], reports: [], ...lab } as unknown as LabReading }
      told = []
      const { keeper } = begin()
      await until(() => expect(told).toHaveLength(1))
      await keeper.stop()
      return sourceOf(told[0])
    }
    expect(await of({ reports })).toBe('from a backtest of the focus plan in MGC: 24 traded of 230 dates')
    expect(await of({ reports, studies })).toBe(
      'from a study of Moving averages cross in MGC that passed: 40 traded of 84 dates out of sample',
    )
    expect(await of({ reports: reports.map((each) => ({ ...each, costsDoubled: true })) })).toBe('no-days')
    expect(await of({ studies: studies.map((each) => ({ ...each, passed: false })) })).toBe('no-days')
    expect(asked.at(-1)?.input.days).toHaveLength(40)
  })

  test('draws from own days once there are twenty, today left out, and asks of every card that is drawn', async () => {
    for (const each of trips(24)) await keepFill(database.db, 'real', each, now)
    const today = { account: name, executionId: 'today' }
    await keepFill(database.db, 'real', fill(0, 1, 20_000, today), now)
    await keepFill(database.db, 'real', fill(60, -1, 20_500, { ...today, executionId: 'today-b' }), now)
    seen = { ...pictureOf(), calibration }
    const { keeper } = begin()
    await until(() => expect(told).toHaveLength(1))
    expect(told[0]?.accounts).toEqual([
      {
        ...{ account: name, alias: 'TOPSTEP50' },
        chances: {
          ...{ pass: 0.64, bust: 0.3, running: 0.06, medianDays: 14, from: 'from 24 own days' },
          standardError: Math.sqrt((0.64 * 0.36) / 20_000),
        },
      },
    ])
    expect(told[0]?.cards).toEqual([
      {
        ...{ cardId: goldInZone.id, instrument: 'MGC', account: name, alias: 'TOPSTEP50', contracts: 3 },
        ...{ of: 'pass', before: 0.62, after: 0.58, standardError: 0.002 },
        words: 'taking this card with 3 MGC moves pass 62 % → 58 %',
      },
    ])
    const [account, card] = asked
    expect([account?.task, card?.task, asked.length]).toEqual(['odds', 'cardOdds', 2])
    expect(account?.input.days).toHaveLength(24)
    expect(account?.input.days.at(-1)).toMatchObject({
      tradeDate: '2026-11-19',
      net: dollars(-21),
      worst: dollars(-21),
    })
    expect(account?.input.question.from).toMatchObject({ balance: dollars(51_240.5), bestDay: 0, days: 5 })
    expect(card?.input.stake?.endings[0]).toEqual({ chance: 0.6, net: dollars(370.68) })
    await keeper.stop()
  })

  test('reckons anew what a trade moved, ten seconds after the last time at the earliest, and nothing else', async () => {
    seen = { ...pictureOf(), calibration }
    const { keeper, seconds } = begin()
    await until(() => expect(asked).toHaveLength(2))
    // Prices move what is open, and that is no trade.
    seen = { ...pictureOf({ openNet: dollars(-100), dayNet: dollars(-471.5) }), calibration }
    await seconds(30)
    expect(asked).toHaveLength(2)
    const { standing } = shown
    seen = { ...pictureOf({ standing: { ...standing, balance: dollars(51_500) } }), calibration }
    await seconds(1)
    await until(() => expect(asked).toHaveLength(4))
    expect(asked.slice(2).map(({ input }) => input.question.from.balance)).toEqual([dollars(51_500), dollars(51_500)])
    // Another trade a second later waits for its turn.
    seen = { ...pictureOf({ standing: { ...standing, balance: dollars(51_400) } }), calibration }
    await seconds(8)
    expect(asked).toHaveLength(4)
    await seconds(2)
    await until(() => expect(asked).toHaveLength(6))
    // A card of another size is asked of again, the account is not.
    const size = { ...goldInZone.size, contracts: 2 } as NonNullable<typeof goldInZone.size>
    seen = { ...seen, 'focus:MGC': { ...goldInZone, size } }
    await seconds(11)
    await until(() => expect(asked).toHaveLength(7))
    expect(asked.at(-1)).toMatchObject({ task: 'cardOdds', input: { stake: { size: '2 MGC' } } })
    expect(errors).toEqual([])
    await keeper.stop()
  })

  test('what is told stays until something else came of it', async () => {
    seen = { ...pictureOf(), calibration }
    const { keeper, seconds } = begin()
    await until(() => expect(told).toHaveLength(1))
    await seconds(61)
    await seconds(1)
    expect(told).toHaveLength(1)
    await keeper.stop()
  })

  test('a thread that fails is told, and asked again', async () => {
    isAway = true
    const { keeper, seconds } = begin()
    await until(() => expect(errors).toHaveLength(1))
    isAway = false
    await seconds(61)
    await until(() => expect(told).toHaveLength(1))
    await keeper.stop()
    seen = pictureOf({ standing: { ...shown.standing, balance: dollars(51_500) } })
    await seconds(120)
    expect(asked).toHaveLength(1)
  })
})
