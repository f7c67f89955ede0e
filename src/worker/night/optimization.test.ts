import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { studies } from '#src/adapters/db/schema.ts'
import { askStudy, moveStudy, type Study, studyOf } from '#src/adapters/db/studies.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec } from '#src/domain/optimization/trial.ts'
import { databases } from '#src/testing/database.ts'
import { nightDeps } from '#src/testing/night-deps.ts'
import { NothingStored, type StudyRoom, type WantedStudy } from '../study/study-room.ts'
import type { NightDeps } from './night-deps.ts'
import { nightAt } from './night-plan.ts'
import { optimization } from './steps/optimization.ts'

const now = easternMs('2026-11-20', 12 * 60 + 30)
const friday = nightAt(now, defaultBoundaries)

let database: Database
beforeAll(async () => {
  database = await databases[0].open()
})
afterAll(() => database.close())
beforeEach(() => database.db.delete(studies))

/** A study that came to this: the chance that luck does as well, and whether its challenger won. */
const resultOf = (p: number, wins: boolean): StudyResult =>
  ({
    tried: 200,
    needs: null,
    tests: { permutation: { p }, trials: { p: [0.001], runs: 9_999, chosen: 0 } },
    decision: { words: wins ? 'takes over on 2026-11-23' : 'kept', effective: wins ? '2026-11-23' : null },
  }) as unknown as StudyResult

const specOf = ({ instrument, strategy }: Pick<WantedStudy, 'instrument' | 'strategy'>): StudySpec =>
  ({ instrument, strategy, to: '2026-11-20' }) as StudySpec

/** A room in which a study takes no time; `outcome` is what it comes to, or throws. */
const createRoom = (outcome: (of: string, study: Study) => StudyResult | undefined) => {
  const ran: string[] = []
  const crowned: string[] = []
  const nameOf = ({ spec: { instrument, strategy } }: Study): string => `${instrument} ${strategy}`
  const known = async (id: string): Promise<Study> => {
    const study = await studyOf(database.db, id)
    if (study === undefined) throw new Error('no such study')
    return study
  }
  const room: NightDeps['room'] = {
    ...({} as StudyRoom),
    ask: ({ night, ...wanted }) =>
      askStudy(database.db, { market: 'real', spec: specOf(wanted), askedAt: now, ...(night && { night }) }),
    run: async (id) => {
      const study = await known(id)
      if (study.state === 'done') return study.result
      ran.push(`${nameOf(study)} of ${study.night}`)
      const result = outcome(nameOf(study), study)
      if (result !== undefined) await moveStudy(database.db, id, { state: 'done', at: now, result })
      return result
    },
    decide: async (id) => void crowned.push(nameOf(await known(id))),
    triedOf: () => undefined,
  }
  const stop = new AbortController()
  const work = optimization(nightDeps({ db: database.db, instruments: ['MES', 'MGC'], now: () => now, room }))
  const run = () => work({ night: friday, signal: stop.signal, tell: () => {} })
  return { run, ran, crowned, stop }
}

test('the plan of every market is studied, and one other strategy in turn', async () => {
  const { run, ran } = createRoom(() => resultOf(0.5, false))
  expect(await run()).toBe('4 studies; nothing changes')
  expect(ran).toEqual([
    'MES focus-plan of 2026-11-20',
    'MGC focus-plan of 2026-11-20',
    'MES time-block of 2026-11-20',
    'MGC time-block of 2026-11-20',
  ])
})

test('a challenger that won is crowned, unless among all of the night it looks like luck', async () => {
  const sure = createRoom((of) => (of === 'MGC focus-plan' ? resultOf(0.02, true) : resultOf(0.9, false)))
  expect(await sure.run()).toBe('4 studies; MGC Focus plan: takes over on 2026-11-23')
  expect(sure.crowned).toEqual(['MGC focus-plan'])
  await database.db.delete(studies)
  const lucky = createRoom((of) => (of === 'MGC focus-plan' ? resultOf(0.04, true) : resultOf(0.9, false)))
  const overruled =
    'kept: the challenger won, but among the 4 studies of the night chance does as well with 0.16, at most 0.10 may be'
  expect(await lucky.run()).toBe(`4 studies; nothing changes; MGC Focus plan ${overruled}`)
  expect(lucky.crowned).toEqual([])
  const [told] = (await database.db.select().from(studies)).flatMap(({ reason }) => reason ?? [])
  expect(told).toBe(overruled)
})

test('a study that fails is told after all others were made, and only it is made again', async () => {
  let broken = true
  const { run, ran, crowned } = createRoom((of) => {
    if (of === 'MES focus-plan' && broken) throw new Error('out of memory')
    return resultOf(0.001, of === 'MGC time-block')
  })
  await expect(run()).rejects.toThrow('1 study failed: MES Focus plan: out of memory')
  expect([ran.length, crowned]).toEqual([4, ['MGC time-block']])
  broken = false
  expect(await run()).toBe('4 studies; MGC Time blocks: takes over on 2026-11-23')
  expect(ran.slice(4)).toEqual(['MES focus-plan of 2026-11-20'])
})

test('what the night before left goes on instead of being begun anew', async () => {
  const before = { market: 'real', askedAt: now - 86_400_000, night: '2026-11-19' }
  for (const strategy of ['focus-plan', 'asmbtr'])
    await askStudy(database.db, { ...before, spec: { ...specOf({ instrument: 'MGC', strategy }), to: '2026-11-19' } })
  const { run, ran } = createRoom(() => resultOf(0.5, false))
  await run()
  expect(ran).toEqual([
    'MES focus-plan of 2026-11-20',
    'MGC focus-plan of 2026-11-19',
    'MES time-block of 2026-11-20',
    'MGC time-block of 2026-11-20',
    'MGC asmbtr of 2026-11-19',
  ])
})

test('what cannot go on, as its bars have changed, is begun anew', async () => {
  const before = { market: 'real', askedAt: now - 86_400_000, night: '2026-11-19' }
  const spec = { ...specOf({ instrument: 'MES', strategy: 'focus-plan' }), to: '2026-11-19' }
  await askStudy(database.db, { ...before, spec })
  const { run, ran } = createRoom((_, { night }) => {
    if (night === '2026-11-19') throw new Error('the bars have changed since it was asked')
    return resultOf(0.5, false)
  })
  expect(await run()).toBe('4 studies; nothing changes')
  expect(ran.slice(0, 2)).toEqual(['MES focus-plan of 2026-11-19', 'MES focus-plan of 2026-11-20'])
})

test('stopped in the middle it decides nothing', async () => {
  const { run, crowned, ran, stop } = createRoom(() => {
    if (ran.length === 2) stop.abort()
    return resultOf(0.001, true)
  })
  expect(await run()).toBe('')
  expect([ran.length, crowned]).toEqual([2, []])
})

test('a market of which nothing is stored is no failure', async () => {
  const { run } = createRoom((of) => {
    if (of.startsWith('MES')) throw new NothingStored('nothing of MES is stored')
    return resultOf(0.5, false)
  })
  expect(await run()).toBe('2 studies; nothing changes; nothing stored of MES')
})
