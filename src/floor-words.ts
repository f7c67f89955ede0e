import { z } from 'zod'
import type { PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'

const ofAccount = { account: z.string(), by: z.string() }

/** What the web asks of the floor, wherever the engine runs. `by` says who asked. */
export const floorAsk = z.discriminatedUnion('do', [
  z.object({ do: z.literal('flatten'), ...ofAccount }),
  z.object({ do: z.literal('cancel'), ...ofAccount }),
  z.object({ do: z.literal('adopt'), ...ofAccount }),
  z.object({ do: z.literal('lock'), ...ofAccount, until: z.number() }),
  z.object({ do: z.literal('kill'), by: z.string() }),
  z.object({ do: z.literal('ping'), by: z.string() }),
])
export type FloorAsk = z.infer<typeof floorAsk>

/** What was stored anew and should be read again; `book` is whose. */
export const floorChange = z.object({
  what: z.enum(['accounts', 'locks', 'commands', 'limits', 'news', 'preferences']),
  book: z.string(),
})
export type FloorChange = z.infer<typeof floorChange>

/** The kinds of events by which the web and the engine speak of accounts. */
export const floorEvents = {
  ask: 'floor-ask',
  changed: 'floor-changed',
  told: 'platform',
  legacy: 'legacy-positions',
} as const

/** What bridges told, on the bus between processes; both ends are ours. */
export type PlatformTold = { readonly events: readonly PlatformEvent[]; readonly speaker: Speaker }
/** An older bridge's positions; without a snapshot they are forgotten. */
export type LegacyTold = { readonly snapshot?: Snapshot }
