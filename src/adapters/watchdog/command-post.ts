import type { IssuedCommand } from '#src/domain/trading/platform-event.ts'
import type { Inbox } from '../ninjatrader/inbox.ts'
import type { Outbox } from '../ninjatrader/outbox.ts'
import { signCommand } from '../ninjatrader/signature.ts'
import { eventWire, readBatch } from '../ninjatrader/wire.ts'

type Options = {
  readonly token: string
  /** Not armed, it has nothing closed and only tells. */
  readonly armed: boolean
  readonly wall: () => number
  readonly schedule: (run: () => void, ms: number) => () => void
  /** Told when a command is handed out for the first time, and what became of it. */
  readonly onWord: (text: string) => void
}

const lifeMs = 10_000
/** The bridge's notion of our clock may be this much behind, ms: until then an expired command might still be obeyed. */
const graceMs = 5_000

/** What was asked of one bridge since the terminal died. */
type Asked = { command: IssuedCommand; taken: boolean; said?: string }

/**
 * The command side of the bridge protocol for the time in which the terminal is dead: one `flattenAll` for each death and bridge.
 * Another one only when the first can no longer be obeyed and the bridge says by `after` that it never took it.
 */
export const createCommandPost = ({ token, armed, wall, schedule, onWord }: Options) => {
  let dead = false
  let highest = 0
  const asked = new Map<string, Asked>()
  const waiting = new Set<() => void>()

  const wake = (): void => {
    for (const each of [...waiting]) each()
  }
  const issue = (bridge: string, after: number): IssuedCommand => {
    const issuedAt = wall()
    // The clock numbers: it ascends over restarts with nothing kept. Where it was set back, the bridge's last number does.
    const number = Math.max(issuedAt, after + 1, highest + 1)
    highest = number
    const [id, expiresAt] = [`w-${number}`, issuedAt + lifeMs]
    const command: IssuedCommand = { id, number, kind: 'flattenAll', account: '', issuedAt, expiresAt }
    asked.set(bridge, { command, taken: false })
    onWord(`${id}: ${bridge} is asked to flatten every account`)
    return command
  }
  const due = (bridge: string, after: number): IssuedCommand | undefined => {
    if (!dead || !armed) return undefined
    const held = asked.get(bridge)
    if (held === undefined) return issue(bridge, after)
    if (after >= held.command.number) held.taken = true
    if (held.taken) return undefined
    if (wall() < held.command.expiresAt) return held.command
    return wall() < held.command.expiresAt + graceMs ? undefined : issue(bridge, after)
  }
  /** Resolves when something changed, the time is over or the caller is gone. */
  const change = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        waiting.delete(end)
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = schedule(end, ms)
      waiting.add(end)
      signal.addEventListener('abort', end)
    })

  const poll: Outbox['poll'] = async ({ bridge, after, waitMs, signal }) => {
    if (due(bridge, after) === undefined && waitMs > 0 && !signal.aborted) await change(waitMs, signal)
    const command = signal.aborted ? undefined : due(bridge, after)
    return command ? [{ ...command, signature: signCommand(token, command) }] : []
  }
  /** Takes note of a result; false when it is none. */
  const hear = (bridge: string, given: unknown): boolean => {
    const event = eventWire.safeParse(given)
    if (!event.success || event.data.kind !== 'commandResult') return false
    const { command, state, reason } = event.data
    const held = asked.get(bridge)
    const word = `${command}: ${bridge} says ${state}${reason === undefined ? '' : `, ${reason}`}`
    // A batch whose answer was lost is sent again.
    if (held?.said === word) return true
    if (held?.command.id === command) Object.assign(held, { taken: true, said: word })
    onWord(word)
    return true
  }
  const take: Inbox['take'] = async (bridge, body) => {
    const read = readBatch(body)
    if (!read.ok) return { ...read, status: 400 }
    if (read.value.bridge !== bridge) return { ok: false, status: 400, field: 'bridge', reason: 'bridge-differs' }
    const heard = read.value.events.map((event) => hear(bridge, event))
    const rejected = heard.flatMap((ok, index) => (ok ? [] : [{ index, reason: 'unknown-kind', field: 'kind' }]))
    const accepted = heard.length - rejected.length
    return { ok: true, resend: false, answer: { batch: read.value.batch, accepted, alreadyKnown: 0, rejected } }
  }
  return {
    inbox: { take },
    outbox: { poll },
    /** The terminal died, or is back; a death that was told before changes nothing. */
    setDead: (is: boolean): void => {
      if (is === dead) return
      dead = is
      asked.clear()
      wake()
    },
    /** Ends every waiting call with an empty answer. */
    close: wake,
  }
}
