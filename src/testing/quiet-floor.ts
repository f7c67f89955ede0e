import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultPreferences } from '#src/domain/preferences.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { FloorDeps } from '#src/http/app.ts'

const taken = async () => ({ ok: true }) as const
const saved = async () => ({ ok: true, takesEffect: 'now' }) as const

/** A floor that says yes to everything and does nothing. */
export const quietFloor: FloorDeps = {
  saveAccount: taken,
  kill: taken,
  flatten: taken,
  cancelAll: taken,
  adopt: taken,
  ping: taken,
  lock: async ({ account, reason, until = 1 }) => ({ ok: true, lock: { account, reason, from: 0, until } }),
  saveLimits: saved,
  savePhases: saved,
  saveInstruments: saved,
  saveNews: saved,
  preferences: () => defaultPreferences,
  savePreferences: async () => {},
  accounts: async () => [],
  presets: [],
  settings: async () => ({
    accountSize: dollars(50_000),
    limits: defaultLimits,
    phases: defaultBoundaries,
    instruments: [],
    news: '',
  }),
  audit: async () => [],
  readFills: async () => [],
  readFlows: async () => [],
  readDeltas: async () => [],
  bridgeUrl: 'http://127.0.0.1:3000',
  archive: () => new Uint8Array(),
}
