import type { Channel, Faults } from './faults.ts'

/** What each plan buys: its channels, and whether they are told as they happen or ten minutes later. */
const plans = {
  starter: { channels: ['A', 'AM'], realTime: false },
  developer: { channels: ['A', 'AM', 'T'], realTime: false },
  advanced: { channels: ['A', 'AM', 'T', 'Q'], realTime: true },
} as const satisfies Record<string, { readonly channels: readonly Channel[]; readonly realTime: boolean }>

export type Plan = keyof typeof plans

export const planNames = Object.keys(plans) as readonly Plan[]

/** What the vendor holds back from plans without real-time access, ms of market time. */
export const delayMs = 604_000

export const isRealTime = (plan: Plan): boolean => plans[plan].realTime

/** Whether a plan has a channel, or the history of the same kind. */
export const isEntitled = (plan: Plan, channel: Channel, faults: Faults): boolean =>
  (plans[plan].channels as readonly Channel[]).includes(channel) &&
  faults.of('not-entitled')?.channels.includes(channel) !== true
