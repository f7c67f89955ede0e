import type { Commands, Superior } from './commands.ts'
import type { Journal } from './journal.ts'
import type { WireEvent } from './outbox.ts'
import { type Call, createBackOff, eventsPath, isAnswer } from './sender.ts'
import { readCommands } from './signing.ts'
import type { Timers } from './timers.ts'

const lookMs = 100
const pollSeconds = 5
const mostWaitMs = 5_000
const triesOfResults = 3
const betweenTriesMs = 1_000

/**
 * Creates the line to the second judge. It is asked while the co-pilot is silent, and not believed once that is over;
 * results go to it at once, by batches of their own.
 */
export const createWatchdogLine = ({
  call,
  token,
  wall,
  isSilent,
  commands,
  journal,
  timers,
  random,
  names,
}: {
  readonly call: Call
  readonly token: string
  readonly wall: () => number
  /** Whether the co-pilot has had no answer for so long that the watchdog is to be asked. */
  readonly isSilent: () => boolean
  readonly commands: Commands
  readonly journal: Journal
  readonly timers: Timers
  readonly random: () => number
  readonly names: () => { readonly bridge: string; readonly boot: string }
}) => {
  const backOff = createBackOff(random, mostWaitMs)
  let results: readonly WireEvent[] = []
  let batch = 0
  /** Its clock less ours, ms. */
  let offset = 0
  const superior: Superior = { who: 'watchdog', token, now: () => wall() + offset }

  const ask = async (): Promise<void> => {
    const said = await call('GET', `/api/bridge/v1/commands?after=${journal.highest('watchdog')}&wait=${pollSeconds}`)
    const list = said.status === 200 ? readCommands(said.json) : undefined
    if (list === undefined) return timers.pause(backOff.next())
    backOff.reset()
    if (!isSilent()) return
    if (said.serverTime !== undefined) offset = said.serverTime - wall()
    for (const command of list) commands.take(command, superior)
    await timers.pause(lookMs)
  }
  const tell = async (events: readonly WireEvent[]): Promise<void> => {
    const number = ++batch
    const body = JSON.stringify({ v: 1, ...names(), batch: number, sentAt: wall(), events })
    for (let tries = 0; tries < triesOfResults; tries++) {
      if (isAnswer(await call('POST', eventsPath, body), number)) return
      await timers.pause(betweenTriesMs)
    }
  }

  return {
    /** Asks for commands whenever it is time to; ends with the timers. */
    listen: async (): Promise<never> => {
      for (;;) {
        if (isSilent()) await ask()
        else await timers.pause(lookMs)
      }
    },
    /** Tells results as they come; what is not taken is left to the co-pilot. */
    tellAll: async (): Promise<never> => {
      for (;;) {
        const events = results
        results = []
        if (events.length > 0) await tell(events)
        else await timers.pause(lookMs)
      }
    },
    add: (result: WireEvent): void => {
      results = [...results, result]
    },
  }
}
