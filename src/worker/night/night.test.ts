import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { nightRuns } from '#src/adapters/db/runs.ts'
import { defaultBoundaries, phaseAt } from '#src/domain/instruments/phase.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { type NightStep, nightSteps } from '#src/domain/lab-reading.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createNight, type StepCall, type StepWork } from './night.ts'
import { laneOf } from './night-plan.ts'

const friday = '2026-11-20'
const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const minuteMs = 60_000

/** Waits for what the database is asked in between; nothing here takes time of its own. */
const until = async (what: () => boolean | undefined): Promise<void> => {
  for (let turns = 0; what() !== true; turns++) {
    if (turns > 5_000) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

describe.each(databases)('a night in $name', ({ open }) => {
  let database: Database
  let markets = 0
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  /** A process with a night of its own over the shared database; the steps say 'done' unless `work` says otherwise. */
  const start = (
    startAt: number,
    {
      work = {},
      market = `market-${++markets}`,
      clock = createHandClock(startAt),
    }: {
      work?: Partial<Record<NightStep, StepWork>>
      market?: string
      clock?: ReturnType<typeof createHandClock>
    } = {},
  ) => {
    const calls: NightStep[] = []
    const step = (name: NightStep): StepWork => {
      return async (call) => {
        calls.push(name)
        return (await work[name]?.(call)) ?? `${name} done`
      }
    }
    const night = createNight({
      ...{ db: database.db, market, clock: clock.clock, schedule: clock.schedule, boundaries: defaultBoundaries },
      steps: Object.fromEntries(nightSteps.map((name) => [name, step(name)])) as Record<NightStep, StepWork>,
      mayWork: () => phaseAt(clock.clock.now(), defaultBoundaries).phase === 'OFF-HOURS',
      isReady: () => true,
      onChange: () => {},
      log: { info: () => {}, error: () => {} },
    })
    const of = (name: NightStep) => night.reading()?.steps.find((each) => each.step === name)
    const isIdle = (): boolean => night.reading()?.steps.every(({ state }) => state !== 'running') === true
    /** Looks until nothing more begins. */
    const settle = async (): Promise<void> => {
      for (let before = -1; before !== calls.length; ) {
        before = calls.length
        await night.look()
        await until(isIdle)
      }
    }
    /** Looks until something is so. */
    const lookUntil = async (what: () => boolean | undefined): Promise<void> => {
      for (let looks = 0; what() !== true; looks++) {
        if (looks > 1_000) throw new Error(`looked in vain for ${what}`)
        await night.look()
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    /** Lets the clock go on to an instant in one jump. */
    const passTo = (instant: number): Promise<void> => clock.pass(instant - clock.clock.now())
    return { night, calls, of, settle, lookUntil, passTo, market, clock }
  }
  type World = ReturnType<typeof start>

  /** How often each step is kept as done, and how often as anything else. */
  const rows = async ({ market }: World, night = friday) => {
    const runs = await nightRuns(database.db, market, night)
    return {
      done: runs.filter(({ state }) => state === 'done').map(({ job }) => job.replace('night:', '')),
      rest: runs.filter(({ state }) => state !== 'done').map(({ job, state, detail }) => ({ job, state, detail })),
    }
  }

  /** A step that waits to be stopped; `signal` is that of its newest call. */
  const endless = () => {
    let signal: AbortSignal | undefined
    const work: StepWork = (call: StepCall) =>
      new Promise((resolve) => {
        signal = call.signal
        call.tell(0.4, 'in the middle')
        call.signal.addEventListener('abort', () => resolve('half of it'))
      })
    return { work, isStopped: () => signal?.aborted }
  }

  test('does its steps in their order, each once', async () => {
    const world = start(at(friday, 12))
    const { calls, settle, passTo } = world
    await settle()
    expect(calls).toEqual([])
    await passTo(at(friday, 12, 15))
    await settle()
    expect(calls).toEqual(['backfill', 'quality', 'shadow', 'calibration', 'parity'])
    await passTo(at(friday, 12, 30))
    await settle()
    expect(calls.slice(5)).toEqual(['focus', 'backtests', 'optimization', 'summary'])
    await passTo(at('2026-11-23', 0, 5))
    await settle()
    expect(calls.slice(9)).toEqual(['refresh'])
    expect(await rows(world)).toEqual({ done: calls, rest: [] })
    expect(world.of('quality')).toMatchObject({ state: 'done', progress: 1, words: 'quality done', tries: 1 })
    await passTo(at('2026-11-23', 12))
    await settle()
    expect(world.night.reading()?.tradeDate).toBe('2026-11-23')
    expect(world.of('quality')?.state).toBe('waiting')
  })

  test('tries a step that fails three times, a minute apart, and goes on without it', async () => {
    const parity = async (): Promise<string> => {
      throw new Error('the disk is full')
    }
    const world = start(at(friday, 12, 15), { work: { parity } })
    const { calls, settle, of, clock } = world
    const tried = (): number => calls.filter((name) => name === 'parity').length
    await settle()
    expect([tried(), of('parity')?.state, of('parity')?.words]).toEqual([1, 'waiting', 'the disk is full'])
    await clock.pass(minuteMs - 1)
    await settle()
    expect(tried()).toBe(1)
    await clock.pass(1)
    await settle()
    await clock.pass(minuteMs)
    await settle()
    expect([tried(), of('parity')]).toMatchObject([3, { state: 'failed', words: 'the disk is full', tries: 3 }])
    await clock.pass(15 * minuteMs)
    await settle()
    expect(tried()).toBe(3)
    expect(calls.at(-1)).toBe('summary')
    const failed = { job: 'night:parity', state: 'failed', detail: { reason: 'the disk is full' } }
    expect((await rows(world)).rest).toEqual([failed, failed, failed])
    // Who starts after it does not try again what was given up.
    const heir = start(clock.clock.now(), { market: world.market, clock })
    await heir.settle()
    expect([heir.calls, heir.of('parity')?.state]).toEqual([[], 'failed'])
  })

  test('stops heavy work at once when the live phase begins, and light work never', async () => {
    const backtests = endless()
    const world = start(at(friday, 12, 30), { work: { backtests: backtests.work } })
    const { night, settle, lookUntil, passTo, of, calls } = world
    await lookUntil(() => of('backtests')?.progress === 0.4)
    await passTo(at('2026-11-22', 23, 59))
    await lookUntil(() => of('summary')?.state === 'done')
    expect(backtests.isStopped()).toBe(false)
    await passTo(at('2026-11-23', 0))
    void night.look()
    // Before anything else had a turn.
    expect(backtests.isStopped()).toBe(true)
    await until(() => of('backtests')?.state === 'paused')
    expect(of('backtests')).toMatchObject({ words: 'waits for the next off-hours', tries: 0 })
    await passTo(at('2026-11-23', 0, 5))
    await settle()
    expect(calls.at(-1)).toBe('refresh')
    expect(calls.filter((name) => name === 'backtests')).toHaveLength(1)
    // What was returned in the middle of it is nobody's result.
    const { done, rest } = await rows(world)
    expect(done).not.toContain('backtests')
    expect(rest).toEqual([{ job: 'night:backtests', state: 'failed', detail: { reason: 'stopped' } }])
  })

  test('goes on with heavy work the next off-hours, and does nothing twice', async () => {
    let allowed = true
    const kept = new Set<number>()
    const made: number[] = []
    const optimization: StepWork = async ({ signal }) => {
      for (let piece = 0; piece < 6; piece++) {
        if (signal.aborted) return ''
        if (!kept.has(piece)) made.push(piece)
        kept.add(piece)
        if (piece === 2 && allowed) {
          allowed = false
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
        }
      }
      return 'all six'
    }
    const world = start(at(friday, 12, 30), { work: { optimization } })
    const { of, settle, lookUntil, passTo } = world
    await lookUntil(() => kept.size === 3)
    await passTo(at('2026-11-23', 0))
    await settle()
    expect(of('optimization')?.state).toBe('paused')
    await passTo(at('2026-11-23', 12, 30))
    await settle()
    expect(of('optimization')).toMatchObject({ state: 'done', words: 'all six' })
    expect(made).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('is whole after its process died, and no step of it is done by two', async () => {
    const world = start(at(friday, 12, 15))
    await world.settle()
    const { market, clock } = world
    const [one, other] = [1, 2].map(() => start(at(friday, 12, 15), { market, clock })) as [World, World]
    await clock.pass(15 * minuteMs)
    const isWhole = ({ of }: World): boolean => of('summary')?.state === 'done'
    // Who waits for the other asks again every second.
    for (; !isWhole(one) || !isWhole(other); await clock.pass(1_000))
      await Promise.all([one.night.look(), other.night.look()])
    expect([...one.calls, ...other.calls].sort()).toEqual(['backtests', 'focus', 'optimization', 'summary'])
    expect((await rows(world)).done.toSorted()).toEqual(nightSteps.filter((name) => name !== 'refresh').toSorted())
    expect(one.of('backfill')).toMatchObject({ state: 'done', words: 'backfill done' })
  })

  test('is told before the first look as it was kept, whatever is no more to come of it missed', async () => {
    const { market, clock, settle, night, passTo } = start(at(friday, 12, 15))
    expect(await night.recall()).toBeUndefined()
    await settle()
    const stepOf = async (step: NightStep) => {
      const heir = start(clock.clock.now(), { market, clock })
      expect(heir.night.reading()).toBeUndefined()
      const recalled = await heir.night.recall()
      expect(recalled?.tradeDate).toBe(friday)
      return recalled?.steps.find((each) => each.step === step)
    }
    const done = { step: 'parity', state: 'done', words: 'parity done', progress: 1, since: clock.clock.wall() }
    expect(await stepOf('parity')).toEqual({ ...done, tries: 0 })
    expect(await stepOf('summary')).toMatchObject({ state: 'waiting', progress: 0 })
    await passTo(at('2026-11-23', 12, 1))
    expect(await stepOf('summary')).toMatchObject({ state: 'missed', progress: 0 })
  })

  test('begins at once for somebody in a hurry, but for what only the morning brings', async () => {
    const { night, calls, settle } = start(at(friday, 12, 1))
    await settle()
    expect(calls).toEqual([])
    night.hurry()
    await settle()
    const [light, heavy] = ['light', 'heavy'].map((lane) => calls.filter((name) => laneOf(name) === lane))
    expect(light).toEqual(['backfill', 'quality', 'shadow', 'calibration', 'parity', 'focus', 'summary'])
    expect(heavy).toEqual(['backtests', 'optimization'])
    expect(calls.at(-1)).toBe('summary')
  })

  test('ends with its process, its work given back', async () => {
    const quality = endless()
    const world = start(at(friday, 12, 15), { work: { quality: quality.work } })
    await world.night.look()
    await until(() => world.of('backfill')?.state === 'done')
    await world.night.look()
    await until(() => world.of('quality')?.progress === 0.4)
    await world.night.stop()
    expect(quality.isStopped()).toBe(true)
    const { rest } = await rows(world)
    expect(rest).toEqual([{ job: 'night:quality', state: 'failed', detail: { reason: 'stopped' } }])
    await world.night.look()
    expect(world.calls).toEqual(['backfill', 'quality'])
  })
})
