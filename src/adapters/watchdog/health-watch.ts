/** waiting: never seen alive yet, so it cannot have died; missing: some looks in a row were in vain. */
export type Pulse = 'waiting' | 'alive' | 'missing' | 'dead'

type Options = {
  /** Whether the terminal says that it serves a current picture; it may throw. */
  readonly look: () => Promise<boolean>
  /** Looks in a row that are in vain before it counts as dead. Looks, not minutes: a machine that slept looks once. */
  readonly misses: number
  readonly onChange: (pulse: Pulse) => void
}

/** Asks a terminal's `/health`: true when it answers within `withinMs` that it is ready; the engine is then current too. */
export const createLook =
  (url: string, withinMs: number): (() => Promise<boolean>) =>
  async () => {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(withinMs), redirect: 'error' })
    const { ready } = (await answer.json()) as { ready?: unknown }
    return answer.ok && ready === true
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
