import type { BridgeReading, BridgeState } from '#src/domain/picture.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'

/** A heartbeat comes every second. */
const silentMs = 5_000

/** The bridge that is listened to, and what it last said of itself; times are wall clock. */
export type HeardBridge = {
  readonly speaker: Speaker
  readonly heardAt: number
  /** Since when it is heard without a break. */
  readonly heardSince: number
  readonly hello?: Extract<PlatformEvent, { kind: 'hello' }>
  readonly heartbeat?: Extract<PlatformEvent, { kind: 'heartbeat' }>
}

/** Whether no sign of life came for five seconds. */
export const isSilent = ({ heardAt }: HeardBridge, wall: number): boolean => wall - heardAt >= silentMs

/** Whether it is the same start of the same bridge. */
export const isSameStart = (heard: HeardBridge | undefined, { bridge, boot }: Speaker): boolean =>
  heard?.speaker.bridge === bridge && heard.speaker.boot === boot

/** Signs of life are hellos, and heartbeats: of the bridge listened to, or of another one once that is silent. */
const isSign = ({ kind, receivedAt }: PlatformEvent, { bridge }: Speaker, heard: HeardBridge): boolean =>
  kind === 'hello' || (kind === 'heartbeat' && (bridge === heard.speaker.bridge || isSilent(heard, receivedAt)))

/** Folds an event into the bridge it came from. */
export const hearBridge = (
  heard: HeardBridge | undefined,
  event: PlatformEvent,
  speaker: Speaker,
): HeardBridge | undefined => {
  if (heard !== undefined && !isSign(event, speaker, heard)) return heard
  const before = isSameStart(heard, speaker) ? heard : undefined
  const isUnbroken = before !== undefined && !isSilent(before, event.receivedAt)
  return {
    ...before,
    speaker,
    heardAt: event.receivedAt,
    heardSince: isUnbroken ? before.heardSince : event.receivedAt,
    ...(event.kind === 'hello' && { hello: event }),
    ...(event.kind === 'heartbeat' && { heartbeat: event }),
  }
}

/** What is shown of a bridge; of none, that nothing is known. */
export const bridgeReading = (
  heard: HeardBridge | undefined,
  state: BridgeState,
  since: number,
  differences: readonly string[],
): Omit<BridgeReading, 'commands'> => {
  const { speaker, hello, heartbeat, heardAt } = heard ?? {}
  return {
    state,
    since,
    ...(heardAt !== undefined && { heardAt }),
    ...(speaker && { name: speaker.bridge }),
    ...(hello && { versions: hello.versions }),
    simulator: speaker?.simulator ?? false,
    allowOrders: hello?.allowOrders ?? false,
    connections: heartbeat?.connections ?? [],
    waiting: heartbeat?.queues.executions ?? 0,
    differences,
  }
}
