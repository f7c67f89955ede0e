import { expect, test } from 'vitest'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { bridgeReading, type HeardBridge, hearBridge, isSilent } from './heard-bridge.ts'

const office: Speaker = { bridge: 'office', boot: 'b1', book: 'real', simulator: false }
const laptop: Speaker = { ...office, bridge: 'laptop' }
const heartbeat = (receivedAt: number, executions = 0): PlatformEvent => ({
  id: `h${receivedAt}`,
  at: receivedAt,
  receivedAt,
  kind: 'heartbeat',
  connections: [],
  queues: { executions, market: 0 },
  dropped: 0,
})
const hear = (...said: readonly (readonly [Speaker, PlatformEvent])[]): HeardBridge | undefined =>
  said.reduce<HeardBridge | undefined>((heard, [speaker, event]) => hearBridge(heard, event, speaker), undefined)

test('a bridge is heard from its first word on and without a break until five seconds pass', () => {
  const heard = hear([office, heartbeat(1_000)], [office, heartbeat(5_999)])
  expect(heard).toMatchObject({ heardAt: 5_999, heardSince: 1_000 })
  expect([heard && isSilent(heard, 10_998), heard && isSilent(heard, 10_999)]).toEqual([false, true])
  expect(hear([office, heartbeat(1_000)], [office, heartbeat(6_000)])).toMatchObject({ heardSince: 6_000 })
})

test('only signs of life are heard as such', () => {
  const price: PlatformEvent = { ...heartbeat(2_000), kind: 'log', level: 'info', text: 'late' } as PlatformEvent
  expect(hear([office, heartbeat(1_000)], [office, price])?.heardAt).toBe(1_000)
})

test('another bridge is listened to once the first is silent', () => {
  expect(hear([office, heartbeat(1_000)], [laptop, heartbeat(2_000)])?.speaker.bridge).toBe('office')
  expect(hear([office, heartbeat(1_000)], [laptop, heartbeat(6_000)])?.speaker.bridge).toBe('laptop')
})

test('a new start begins anew', () => {
  const heard = hear([office, heartbeat(1_000, 7)], [{ ...office, boot: 'b2' }, heartbeat(2_000)])
  expect(heard).toMatchObject({ heardSince: 2_000, heartbeat: { queues: { executions: 0 } } })
})

test('what waits inside it is shown, and of none nothing is', () => {
  expect(bridgeReading(hear([office, heartbeat(1_000, 7)]), 'in-sync', 1_000, [])).toMatchObject({
    name: 'office',
    waiting: 7,
    allowOrders: false,
  })
  expect(bridgeReading(undefined, 'never-seen', 0, [])).toMatchObject({
    state: 'never-seen',
    connections: [],
    waiting: 0,
  })
})
