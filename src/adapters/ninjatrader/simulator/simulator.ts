import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Clock } from '#src/engine/ports.ts'
import { type Bridge, type BridgeSettings, createBridge, type Log } from './bridge.ts'
import { type Answer, type Control, obeyControl } from './control.ts'
import { type Faults, noFaults } from './faults.ts'
import { instrumentName } from './instrument-name.ts'
import type { Auto } from './matching.ts'
import { createPlatform, type Platform } from './platform.ts'
import { createTimers, type Schedule } from './timers.ts'

type Price = { readonly last: number; readonly bid?: number; readonly ask?: number }

/** A running stand-in for NinjaTrader and its AddOn. */
export type Simulator = {
  readonly start: () => void
  readonly stop: () => void
  /** A price of a contract (yyyymm) in points, `at` epoch ms of the market. */
  readonly onPrice: (instrument: InstrumentId, contract: number, last: number, bid?: number, ask?: number) => void
  readonly control: (command: Control) => Promise<Answer>
  /** The platform itself, as its user handles it. */
  readonly platform: Platform
}

/** Creates a NinjaTrader that exists only here: its platform, and a bridge that speaks protocol v1 to the co-pilot. */
export const createSimulator = ({
  clock,
  random,
  schedule,
  log,
  auto = 'all',
  faults = noFaults,
  ...settings
}: BridgeSettings & {
  readonly clock: Pick<Clock, 'now' | 'wall'>
  readonly random: () => number
  readonly schedule: Schedule
  readonly log: Log
  readonly auto?: Auto
  readonly faults?: Faults
}): Simulator => {
  const timers = createTimers(schedule)
  const platform = createPlatform({ clock, random, timers, faults })
  platform.behave({ auto })
  let bridge: Bridge | undefined

  const endBridge = (): void => {
    bridge?.stop()
    bridge = undefined
  }
  const startBridge = (now: BridgeSettings): void => {
    endBridge()
    bridge = createBridge({ settings: now, platform, clock, random, schedule, log })
    bridge.start()
  }
  const onPrice = (instrument: string, { last, bid, ask }: Price): void => {
    const price = { last, ...(bid !== undefined && { bid }), ...(ask !== undefined && { ask }) }
    platform.onPrice(instrument, price)
    bridge?.onPrice(instrument, price)
  }
  const steered = { platform, start: startBridge, stop: endBridge, onPrice, depth: () => bridge?.depth().queues }

  return {
    start: () => startBridge(settings),
    stop: () => {
      endBridge()
      timers.stop()
    },
    onPrice: (id, contract, last, bid, ask) =>
      onPrice(instrumentName(id, contract), {
        last,
        ...(bid !== undefined && { bid }),
        ...(ask !== undefined && { ask }),
      }),
    control: async (command) => obeyControl(steered, command),
    platform,
  }
}
