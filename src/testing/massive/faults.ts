/** The channels of the live feed: trades, quotes, second and minute aggregates. */
export type Channel = 'T' | 'Q' | 'A' | 'AM'

/** What can be made to go wrong, each switched on by `inject` and off by `clear`; times in ms, of the machine unless said. */
export type Fault =
  /** The key is not known: `auth_failed` on the socket, 401 on REST. */
  | { readonly kind: 'auth-refused' }
  /** A key sent is never judged: after `afterMs` comes `auth_timeout` and the close. */
  | { readonly kind: 'auth-timeout'; readonly afterMs: number }
  /** The plan lacks these channels: `not authorized` for each subscription, 403 for the history of trades and quotes. */
  | { readonly kind: 'not-entitled'; readonly channels: readonly Channel[] }
  /** Another program fights for the one connection: every connection is thrown out `afterMs` after its key was taken. */
  | { readonly kind: 'kicked'; readonly afterMs: number }
  /** Nothing is told any more, but the connection stands and pings are answered; what happens meanwhile is lost. */
  | { readonly kind: 'stalled' }
  /** The connections open now answer nothing, pings neither, and do not end; new ones work. */
  | { readonly kind: 'half-open' }
  /** Minute aggregates come `byMs` of market time late. */
  | { readonly kind: 'late-bars'; readonly byMs: number }
  /** Every minute aggregate comes twice. */
  | { readonly kind: 'duplicate-bars' }
  /** Trades come out of order, each up to `withinMs` of market time late. */
  | { readonly kind: 'reordered-trades'; readonly withinMs: number }
  /** The prices and the turnover of aggregates are JSON strings. */
  | { readonly kind: 'strings' }
  /** REST answers with this status, `times` times if said, else until cleared; `retryAfterS` is told in the header. */
  | { readonly kind: 'rest-error'; readonly status: number; readonly times?: number; readonly retryAfterS?: number }
  /** Every REST answer takes this long. */
  | { readonly kind: 'slow-pages'; readonly ms: number }
  /** Where `next_url` leads: `loop` to the same page again, else to this base address, a stranger's. */
  | { readonly kind: 'wrong-next-url'; readonly to: string }
  /** Frames that mean nothing among the good ones. */
  | { readonly kind: 'garbage'; readonly perSecond: number }
  /** Connections are closed at random, each so often on average. */
  | { readonly kind: 'storm'; readonly perSecond: number }
  /** Every quote is told `times` times; trades are not, for then the minutes would no longer add up. */
  | { readonly kind: 'burst'; readonly times: number }
  /** The exchange's clock is off: the times of trades and quotes are `byMs` ahead, behind when negative. */
  | { readonly kind: 'clock-skew'; readonly byMs: number }

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>

/** The faults in force; one of a kind, the newest. */
export type Faults = {
  readonly of: <Kind extends Fault['kind']>(kind: Kind) => FaultOf<Kind> | undefined
  readonly inject: (fault: Fault) => void
  readonly clear: (kind?: Fault['kind']) => void
}

/** Creates the switchboard of the faults. */
export const createFaults = (given: readonly Fault[]): Faults => {
  const inForce = new Map<Fault['kind'], Fault>(given.map((fault) => [fault.kind, fault]))
  return {
    of: <Kind extends Fault['kind']>(kind: Kind) => inForce.get(kind) as FaultOf<Kind> | undefined,
    inject: (fault) => {
      inForce.set(fault.kind, fault)
    },
    clear: (kind) => {
      if (kind === undefined) inForce.clear()
      else inForce.delete(kind)
    },
  }
}

const manyEvents = `[${Array.from({ length: 50_000 }, (_, n) => `{"ev":"XX","sym":"NONE","n":${n}}`).join(',')}]`

/** Frames no reader may stumble over: broken JSON, wrong shapes, wrong types, endless nesting, a megabyte, bytes. */
const garbage: readonly (string | Buffer)[] = [
  '',
  '[{"ev":"T","sym":"MGCZ6","p":41',
  'null',
  '42',
  '"AM"',
  '{"ev":"T"}',
  '[]',
  '[null,1,"x",[],{}]',
  '[{"ev":"T","sym":"MGCZ6","p":"abc","s":-1,"t":null,"q":{}}]',
  '[{"ev":"T","sym":"MGCZ6","p":1e999,"s":1,"t":1e999,"q":1}]',
  '[{"ev":"AM","sym":"MGCZ6","o":null,"h":[],"l":{},"c":"","v":true,"s":0,"e":-1}]',
  '[{"ev":"Q","sym":"MGCZ6"}]',
  '[{"ev":"ZZ","sym":"MGCZ6"}]',
  '[{"ev":"T","__proto__":{"p":1},"sym":"constructor","p":1,"s":1,"t":1}]',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  manyEvents,
  Buffer.from([0xff, 0xfe, 0x00, 0x5b, 0x7b, 0x80]),
]

/** One of the garbage frames. */
export const garbageFrame = (random: () => number): string | Buffer =>
  garbage[Math.floor(random() * garbage.length)] ?? ''
