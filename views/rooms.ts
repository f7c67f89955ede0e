/** The pages that exist, each with one live stream: its address, its name, and the key that goes there after `g`. */
export const rooms = {
  terminal: { path: '/', name: 'Terminal', key: 'p' },
  accounts: { path: '/accounts', name: 'Accounts', key: 'a' },
  glance: { path: '/glance', name: 'Glance', key: 'g' },
  bridge: { path: '/bridge', name: 'Bridge', key: 'b' },
  settings: { path: '/settings', name: 'Settings', key: 's' },
  system: { path: '/system', name: 'System', key: 'y' },
} as const

export type Page = keyof typeof rooms

export const pages = Object.keys(rooms) as Page[]
