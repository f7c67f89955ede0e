import type { Logger } from 'pino'
import type { Bus } from '#src/engine/ports.ts'

/** Whether the bus works, since when and why not; a change is logged once, repeated reasons are not. */
export const createBusState = ({
  wall,
  log,
}: {
  readonly wall: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}) => {
  let current: ReturnType<Bus['state']> = { state: 'down', since: wall(), detail: 'connecting' }
  let firstTime = (): void => {}

  const fail = (error: unknown): void => {
    const detail = error instanceof Error ? error.message : String(error)
    if (current.state === 'ok') log.warn({ detail }, 'bus lost')
    current = { state: 'down', since: current.state === 'ok' ? wall() : current.since, detail }
  }

  return {
    current: () => current,
    isOk: () => current.state === 'ok',
    fail,
    /** The connection closed; while down already, the reason given before says more. */
    lose: (): void => {
      if (current.state === 'ok') fail('connection lost')
    },
    recover: (): void => {
      if (current.state === 'ok') return
      current = { state: 'ok', since: wall(), detail: 'connected' }
      log.info({}, 'bus connected')
      firstTime()
    },
    /** Resolves to true once the bus works, to false when it does not within `patienceMs`. */
    works: (patienceMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const giveUp = setTimeout(() => resolve(false), patienceMs)
        firstTime = () => {
          clearTimeout(giveUp)
          resolve(true)
        }
      }),
  }
}
