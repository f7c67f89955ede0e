import { createClock, machineTime } from '#src/adapters/clock.ts'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { FeedReading } from '#src/domain/picture.ts'
import { createChance } from '../bars.ts'
import type { Fault } from '../massive/faults.ts'
import { createMinutes } from '../massive/minutes.ts'
import type { Plan } from '../massive/plan.ts'
import { createMassiveStandIn } from '../massive/stand-in.ts'
import { createSyntheticTape } from '../massive/synthetic-tape.ts'
import type { Variables } from '../processes/launch.ts'
import { startTerminal } from '../terminal.ts'
import { openScreen } from './screen.ts'

const key = 'rehearsal-key-0001'

type Options = {
  readonly from: number
  readonly speed: number
  readonly instruments: readonly InstrumentId[]
  readonly seed?: number
  readonly plan?: Plan
  readonly faults?: readonly Fault[]
  readonly env?: Variables
  /** A folder of the caller's, which stays; otherwise one is made and removed. */
  readonly dataDir?: string
}

/**
 * The whole product on the vendor's stand-in: a terminal in a process of its own, listening to a synthetic market that is
 * spoken over real sockets, with a page open. Market time runs from `from` (epoch ms) at `speed`.
 */
export const startRehearsal = async (options: Options) => {
  const { from, speed, instruments, seed = 7, plan = 'advanced', faults = [], env = {}, dataDir } = options
  const tape = createSyntheticTape({ seed, from, instruments })
  const clock = createClock(from, speed)
  const massive = await createMassiveStandIn({ tape, clock, key, plan, faults, random: createChance(seed) })
  const minutes = createMinutes(tape)
  const iso = (at: number): string => new Date(at).toISOString()
  const terminal = await startTerminal({
    ...(dataDir !== undefined && { dataDir }),
    env: {
      FEED: 'massive',
      FEED_SLEEPS: 'no',
      INSTRUMENTS: instruments.join(','),
      MASSIVE_API_KEY: key,
      MASSIVE_REST_URL: massive.restUrl,
      MASSIVE_WS_URL: massive.wsUrl,
      MASSIVE_DELAYED_WS_URL: massive.delayedUrl,
      MASSIVE_REQUESTS_PER_MINUTE: '6000',
      REHEARSAL_CLOCK: `${iso(from)}/${iso(clock.wall() - (clock.now() - from) / speed)}/${speed}`,
      ...env,
    },
  }).catch(async (error: unknown) => {
    await massive.close()
    throw error
  })
  const changes: { readonly at: number; readonly state: string }[] = []
  const screen = openScreen(terminal.url, (state) => changes.push({ at: machineTime(), state }))

  /** The vendor's minutes of the front contract. */
  const vendorBars = (id: InstrumentId, start: number, end: number): readonly Bar[] => {
    const contract = frontContract(id, tradeDateAt(specOf(id).group, start))
    return [...minutes(contract, start, end, false)].map(({ time, open, high, low, close, volume }) => ({
      time,
      open,
      high,
      low,
      close,
      volume,
    }))
  }

  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${terminal.url}${path}`, { headers: { 'x-api-key': terminal.apiKey } })
    return (await answer.json()) as T
  }
  const storedBars = async (id: InstrumentId, start: number, end: number): Promise<readonly Bar[]> =>
    (await read<{ bars: readonly Bar[] }>(`/api/bars/${id}?timeframe=1m&from=${start}&to=${end}`)).bars

  return {
    clock,
    massive,
    terminal,
    screen,
    /** Each state the screen showed, with the wall-clock time it came. */
    changes,
    vendorBars,
    /** What the terminal answers to a program that shows its key. */
    read,
    /** How prices come, as the terminal tells programs. */
    readFeed: () => read<FeedReading>('/analysis/live_feed'),
    /** Minutes of [start, end) that are not stored as the vendor has them, as text; empty when all are. */
    differences: async (id: InstrumentId, start: number, end: number): Promise<readonly string[]> => {
      const line = (bar: Bar): string =>
        `${id} ${iso(bar.time)} ${[bar.open, bar.high, bar.low, bar.close, bar.volume].join(' ')}`
      const theirs = vendorBars(id, start, end).map(line)
      const ours = (await storedBars(id, start, end)).map(line)
      const [known, held] = [new Set(theirs), new Set(ours)]
      return [
        ...theirs.filter((each) => !held.has(each)).map((each) => `missing: ${each}`),
        ...ours.filter((each) => !known.has(each)).map((each) => `ours: ${each}`),
        ...(new Set(ours).size === ours.length ? [] : ['doubled']),
      ]
    },
    stop: async (): Promise<void> => {
      screen.close()
      await terminal.stop()
      await massive.close()
    },
  }
}

export type Rehearsal = Awaited<ReturnType<typeof startRehearsal>>
