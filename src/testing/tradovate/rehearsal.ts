import { createClock } from '#src/adapters/clock.ts'
import { createTradovate } from '#src/adapters/feed/tradovate/tradovate.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import { createTradovateStandIn } from './stand-in.ts'
import { syntheticTape } from './tape.ts'

const pace = 10
const began = Date.now()

/** The machine's time run ten times as fast, for both sides: ten seconds of patience are over in one. */
const wall = (): number => began + (Date.now() - began) * pace
const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms / pace)
  return () => clearTimeout(timer)
}

export const gold: Contract = { id: 'MGC', year: 2026, month: 12 }
export const nasdaq: Contract = { id: 'MNQ', year: 2026, month: 12 }
export const nextNasdaq: Contract = { id: 'MNQ', year: 2027, month: 3 }

/** What a sink was told, in order. */
export const createRecorder = () => {
  const ticks: Tick[] = []
  const quotes: Quote[] = []
  const bars: { readonly instrument: InstrumentId; readonly bar: Bar; readonly toldAt: number }[] = []
  const words: string[] = []
  const times: number[] = []
  const sink: FeedSink = {
    onTick: (tick) => void ticks.push(tick),
    onQuote: (quote) => void quotes.push(quote),
    onBar: (instrument, bar) => void bars.push({ instrument, bar, toldAt: times.at(-1) ?? 0 }),
    onTime: (now) => void times.push(now),
    onFeedState: (word, detail) => void words.push(`${word}: ${detail}`),
    onHistory: () => {},
    onSecondPrice: () => {},
  }
  const ofMonth = (contract: Contract): readonly Tick[] =>
    ticks.filter((tick) => tick.instrument === contract.id && tick.contract === contractMonth(contract))
  return { sink, ticks, quotes, bars, words, times, ofMonth }
}

/** Waits until something holds; after ten seconds it says what did not. */
export const until = async (holds: () => boolean, what: string): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
}

/** The vendor's client against the stand-in on the synthetic market, ten times as fast as life. */
export const rehearseTradovate = async ({
  startAt = Date.UTC(2026, 10, 20, 14, 30),
  password = 'correct horse',
  contracts = [gold, nasdaq, nextNasdaq],
  ...options
}: {
  readonly startAt?: number
  readonly password?: string
  readonly contracts?: readonly Contract[]
  readonly chartLimit?: number
  readonly tokenMs?: number
} = {}) => {
  const clock = createClock(startAt, 1, wall)
  const tape = syntheticTape(7, contracts)
  const standIn = await createTradovateStandIn({
    tape,
    clock,
    wall,
    password: 'correct horse',
    beatMs: 2_500 / pace,
    turnMs: 20,
    ...options,
  })
  const vendor = createTradovate({
    ...standIn,
    credentials: {
      name: 'trader',
      password,
      appId: 'FuturesCoPilot',
      appVersion: '1.0',
      cid: '123',
      secret: 'f03741b6-f634-48d6-9308-c8fb871150c2',
      deviceId: 'one-installation',
    },
    clock,
    schedule,
    random: () => 0.5,
    vendor: false,
  })
  const stops: (() => unknown)[] = []

  return {
    standIn,
    vendor,
    tape,
    clock,
    wall,
    /** A feed that delivers to a recorder of its own. */
    listen: (contracts: readonly Contract[]) => {
      const recorder = createRecorder()
      const feed = vendor.feed(contracts)
      feed.start(recorder.sink)
      stops.push(feed.stop)
      return { ...recorder, feed }
    },
    close: async (): Promise<void> => {
      for (const stop of stops) await stop()
      vendor.close()
      await standIn.close()
    },
  }
}
