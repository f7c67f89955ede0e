import type { InstrumentId } from '#src/domain/instruments/instrument.ts'

/** The pages that exist: address, name, and the key that goes there after `g`. */
export const rooms = {
  terminal: { path: '/', name: 'Terminal', key: 'p' },
  chart: { path: '/chart', name: 'Chart', key: 'c' },
  signals: { path: '/signals', name: 'Signals', key: 'n' },
  lab: { path: '/lab', name: 'Lab', key: 'l' },
  accounts: { path: '/accounts', name: 'Accounts', key: 'a' },
  glance: { path: '/glance', name: 'Glance', key: 'g' },
  bridge: { path: '/bridge', name: 'Bridge', key: 'b' },
  settings: { path: '/settings', name: 'Settings', key: 's' },
  system: { path: '/system', name: 'System', key: 'y' },
} as const

export type Page = keyof typeof rooms

/** What has a live stream of its own: every page, of the chart each market's, and the lab's pages that do not move. */
export type Stream = Exclude<Page, 'chart'> | `chart-${InstrumentId}` | 'lab-sheet'

export const pages = Object.keys(rooms) as Page[]
