import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventWire } from '#src/adapters/ninjatrader/wire.ts'
import type { PlatformCommand } from '#src/domain/trading/platform-event.ts'
import { eventually } from '../../processes/eventually.ts'
import { createStandIn, type SignedCommand, type StandIn } from './stand-in.ts'
import type { Answer, Control, Target } from './target.ts'

const token = 'kit-token-0123456789'
const watchdogToken = 'kit-watchdog-token-0123456789'
export const mnq = 'MNQ 12-26'
export const mgc = 'MGC 02-27'

type Told<K extends EventWire['kind']> = Extract<EventWire, { readonly kind: K }>
export type WorkingOrder = Told<'order'>['order'] & { readonly account: string }
export type Look = {
  readonly positions: readonly { readonly account: string; readonly instrument: string; readonly quantity: number }[]
  readonly working: readonly WorkingOrder[]
  readonly submitted: number
  readonly escaped: number
}
type Start = Extract<Control, { readonly do: 'start' }>
type Bracket = Extract<PlatformCommand, { readonly kind: 'placeBracket' }>

const patienceMs = 20_000

/** Opens a stand-in for the co-pilot and a bridge of its own for one case. */
export const openScene = async (target: Target) => {
  const copilot = await createStandIn(token)
  const watchdogs: StandIn[] = []
  const driver = await target.open()
  const folder = mkdtempSync(join(tmpdir(), 'copilot-kit-'))

  const control = async (command: Control): Promise<Answer> => {
    const answer = await driver.control(command)
    if (!answer.ok) throw new Error(`${command.do}: ${answer.error}`)
    return answer
  }
  const events = <K extends EventWire['kind']>(kind: K): readonly Told<K>[] =>
    copilot.events.filter((event): event is Told<K> => event.kind === kind)
  const until = <T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> =>
    eventually(what, async () => (await ask()) || undefined, patienceMs)
  const look = async (): Promise<Look> => (await control({ do: 'look' })) as unknown as Look
  const statesOf = (id: string): readonly string[] =>
    events('commandResult')
      .filter(({ command }) => command === id)
      .map(({ state, reason }) => (reason === undefined || reason === '' ? state : `${state} ${reason}`))
  const endOf = (id: string): Promise<string> =>
    until(`the end of ${id}`, () => statesOf(id).find((state) => state === 'done' || state.startsWith('failed')))
  const give = (command: PlatformCommand | Readonly<Record<string, unknown>>, changes: object = {}): SignedCommand => {
    const signed = copilot.sign(command, changes)
    copilot.give(signed)
    return signed
  }
  const settings: Omit<Start, 'do'> = {
    url: copilot.url,
    token,
    bridge: 'pc-1',
    folder,
    allowOrders: true,
    accounts: ['Sim101', 'Eval50'],
    maxContracts: 5,
    auto: 'none',
  }
  const launch = (changes: Partial<Start> = {}): Promise<Answer> => {
    for (const each of [copilot, ...watchdogs]) each.onStart()
    return control({ do: 'start', ...settings, ...changes })
  }
  const boots = (): number => new Set(copilot.posts.map(({ boot }) => boot)).size
  const held = async (account = 'Sim101', instrument = mnq): Promise<number> =>
    (await look()).positions.find((each) => each.account === account && each.instrument === instrument)?.quantity ?? 0

  return {
    copilot,
    control,
    events,
    until,
    look,
    held,
    statesOf,
    endOf,
    give,
    /** Opens a stand-in for the watchdog, and says how a bridge knows it: it is asked after `afterMs` of silence. */
    openWatchdog: async (afterMs: number) => {
      const watchdog = await createStandIn(watchdogToken)
      watchdogs.push(watchdog)
      return { watchdog, knowing: { watchdogUrl: watchdog.url, watchdogToken, watchdogAfterMs: afterMs } }
    },
    /** What broke the protocol. */
    faults: (): readonly string[] => [copilot, ...watchdogs].flatMap((each) => each.faults),
    /** Starts the bridge; does not wait for its first word. */
    launch,
    /** Starts the bridge and waits until it has told what every account holds. */
    start: async (changes: Partial<Start> = {}): Promise<void> => {
      const known = boots()
      const told = copilot.events.length
      await launch(changes)
      await until('the first word', () => boots() > known)
      await until('the first snapshots', () => {
        const since = copilot.events.slice(told).filter(({ kind }) => kind === 'positions')
        return new Set(since.map((event) => ('account' in event ? event.account : ''))).size >= 3
      })
    },
    kill: driver.kill,
    /** Gives a command and waits for what became of it: 'done', or 'failed' with the reason. */
    obey: (command: PlatformCommand | Readonly<Record<string, unknown>>, changes: object = {}): Promise<string> =>
      endOf(give(command, changes).id),
    bracket: (changes: Partial<Bracket> = {}): Bracket => ({
      ...{ kind: 'placeBracket', account: 'Sim101', instrument: mnq, side: 'buy', quantity: 2, entry: 'limit' },
      ...{ limit: 20_000, stop: 19_990, target1: 20_010, target2: 0, tag: 'plan 1' },
      ...changes,
    }),
    /** The trader's own market order, filled; waits until the platform has it in its position. */
    hold: async (side: 'buy' | 'sell', quantity: number, account = 'Sim101', instrument = mnq): Promise<void> => {
      const before = await held(account, instrument)
      await control({ do: 'manual', account, instrument, side, quantity, price: 20_000, gapMs: 20 })
      const after = before + (side === 'buy' ? quantity : -quantity)
      await until('the position', async () => (await held(account, instrument)) === after)
    },
    /** The trader's own resting order. */
    rest: async (order: Omit<Extract<Control, { readonly do: 'order' }>, 'do'>): Promise<string> => {
      const { orderId } = await control({ do: 'order', ...order })
      await until('the order to work', async () =>
        (await look()).working.some((each) => each.orderId === orderId && each.state !== 'submitted'),
      )
      return `${orderId}`
    },
    /** Working orders of one type. */
    working: async (type: WorkingOrder['type']): Promise<readonly WorkingOrder[]> =>
      (await look()).working.filter((order) => order.type === type),
    close: async (): Promise<void> => {
      await driver.close()
      for (const each of [copilot, ...watchdogs]) await each.leave()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Scene = Awaited<ReturnType<typeof openScene>>
export type Case = readonly [sentence: string, play: (scene: Scene) => Promise<void>]
