import { createHash } from 'node:crypto'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import type { DataMode, Picture, Topic } from '#src/domain/picture.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import { createEngine } from '#src/engine/engine.ts'
import { deafOutbox, type FloorOutbox } from '#src/engine/floor.ts'

type TaggedBar = RecordedBar & { readonly instrument: InstrumentId }
type Price = { readonly eventTime: number; readonly price: number; readonly size: number }

/** An engine with a clock moved by hand; the wall runs with the market. `told` is all it said to the world, in order. */
export const createEngineRoom = ({
  instruments,
  grain = 'bar',
  speed = 1,
  live = false,
  mode = live ? 'LIVE' : 'REPLAY',
  floor = deafOutbox,
}: {
  readonly instruments: readonly InstrumentId[]
  readonly grain?: 'tick' | 'bar'
  readonly speed?: number
  readonly live?: boolean
  readonly mode?: DataMode
  readonly floor?: FloorOutbox
}) => {
  let now = 0
  const told = {
    bars: [] as TaggedBar[],
    flows: [] as MinuteFlow[],
    transitions: [] as CardTransition[],
    plans: [] as PlanVersion[],
    alerts: [] as NewAlert[],
    doubts: [] as { instrument: InstrumentId; from: number; to: number }[],
    reloads: [] as InstrumentId[],
    flips: [] as { open: boolean; at: number }[],
    dirty: 0,
  }
  const engine = createEngine({
    instruments,
    clock: { now: () => now, wall: () => now, speed },
    source: 'recorded bars',
    live,
    status: () => ({ mode, grain, refused: {}, connections: 1 }),
    boundaries: defaultBoundaries,
    accountSize: dollars(50_000),
    limits: defaultLimits,
    floor,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    method: { code: '0.1.0-1f2e3d4c', parameters: '9a8b7c6d' },
    outbox: {
      onBar: (instrument, _, bar) => told.bars.push({ ...bar, instrument }),
      onFlow: (_, __, flow) => told.flows.push(flow),
      onTransition: (transition) => told.transitions.push(transition),
      onPlan: (version) => told.plans.push(version),
      onAlert: (alert) => told.alerts.push(alert),
      onDoubt: (instrument, from, to) => told.doubts.push({ instrument, from, to }),
      onReload: (instrument) => told.reloads.push(instrument),
      onGate: (gate, at) => told.flips.push({ open: gate.open, at }),
      onDirty: () => told.dirty++,
    },
  })
  return {
    engine,
    told,
    /** Sets both clocks, epoch ms, and tells the engine nothing. */
    setClock: (at: number): void => {
      now = at
    },
    read: <T extends Topic>(topic: T): Picture[T] => engine.read(topic) as Picture[T],
    /** Begins at `at` with a live feed. */
    start: (at: number): void => {
      now = at
      engine.start(at)
      engine.sink.onFeedState('live', '')
    },
    /** Plays recorded minutes up to `until`: at each minute's end its bars in the order of the instruments, then the time. */
    playBars: (
      bars: Readonly<Partial<Record<InstrumentId, readonly Bar[]>>>,
      until: number,
      eachMinute?: () => void,
    ): void => {
      const due = instruments
        .flatMap((instrument) => (bars[instrument] ?? []).map((bar) => ({ instrument, bar })))
        .filter(({ bar }) => bar.time >= now && bar.time < until)
        .sort((a, b) => a.bar.time - b.bar.time)
      let next = 0
      while (now < until) {
        now += minuteMs
        for (let each = due[next]; each !== undefined && each.bar.time < now; each = due[++next])
          engine.sink.onBar(each.instrument, each.bar, now)
        engine.sink.onTime(now)
        eachMinute?.()
      }
    },
    /** Plays trades one by one up to `until`, telling the time at each whole minute. */
    playTrades: (instrument: InstrumentId, trades: readonly Price[], until: number): void => {
      const from = now
      const passTo = (at: number): void => {
        while (now + minuteMs - (now % minuteMs) <= at) {
          now += minuteMs - (now % minuteMs)
          engine.sink.onTime(now)
        }
        now = at
      }
      for (const { eventTime, price, size } of trades) {
        if (eventTime < from || eventTime >= until) continue
        passTo(eventTime)
        engine.sink.onTick({ instrument, eventTime, receivedTime: eventTime, price, size })
      }
      passTo(until)
    },
  }
}
