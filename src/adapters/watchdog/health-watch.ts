import { z } from 'zod'

/** waiting: never seen alive yet, so it cannot have died; missing: some looks in a row were in vain. */
export type Pulse = 'waiting' | 'alive' | 'missing' | 'dead'

type Options = {
  /** Whether the terminal says that it lives; it may throw. */
  readonly look: () => Promise<boolean>
  /** Looks in a row that are in vain before it counts as dead. Looks, not minutes: a machine that slept looks once. */
  readonly misses: number
  readonly onChange: (pulse: Pulse) => void
}

const saidHealth = z.looseObject({
  dependencies: z.array(z.looseObject({ name: z.string(), state: z.string() })),
})

/**
 * Asks a terminal's `/health`: true when it says within `withinMs` that its engine runs. A terminal whose database is away
 * is not ready, and lives: it shows what is held, and can get flat.
 */
export const createLook =
  (url: string, withinMs: number): (() => Promise<boolean>) =>
  async () => {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(withinMs), redirect: 'error' })
    const { dependencies } = saidHealth.parse(await answer.json())
    return dependencies.some(({ name, state }) => name === 'engine' && state === 'ok')
  }

/** Follows whether a terminal lives. `look` is to be called again and again; a call while one looks is left out. */
export const createHealthWatch = ({ look, misses, onChange }: Options) => {
  let pulse: Pulse = 'waiting'
  let missed = 0
  let looking = false

  const turn = (next: Pulse): void => {
    if (next === pulse) return
    pulse = next
    onChange(next)
  }
  const miss = (): void => {
    missed++
    if (pulse !== 'waiting') turn(missed >= misses ? 'dead' : 'missing')
  }
  return {
    look: async (): Promise<void> => {
      if (looking) return
      looking = true
      const alive = await look().catch(() => false)
      looking = false
      if (!alive) return miss()
      missed = 0
      turn('alive')
    },
  }
}
