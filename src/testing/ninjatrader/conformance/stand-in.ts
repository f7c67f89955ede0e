import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { complaintOfCall, signCommand } from '#src/adapters/ninjatrader/signature.ts'
import { type Batch, batchWire, type EventWire } from '#src/adapters/ninjatrader/wire.ts'
import type { IssuedCommand, PlatformCommand } from '#src/domain/trading/platform-event.ts'

/**
 * How one batch is answered: as it should be, kept and the answer lost, or not kept at all. A page is a proxy's, `other-400`
 * another program's, `bridge-differs` our own about something else than the events.
 */
export type Answering =
  | 'well'
  | 'lost'
  | 'garbage'
  | 'slow'
  | 'reject-first'
  | 'ask-hello'
  | 'page-400'
  | 'page-413'
  | 'other-400'
  | 'bridge-differs'
  | 400
  | 409
  | 413
  | 500
  | 503

type Post = {
  readonly body: string
  readonly timestamp: string
  readonly batch: number
  readonly boot: string
  readonly status: number
  readonly answering: Answering
  /** When it came, epoch ms of this machine. */
  readonly at: number
}

export type SignedCommand = Readonly<Record<string, unknown>> & { readonly id: string; readonly number: number }

const kinds = ['ping', 'cancelAll', 'flattenAccount', 'flattenAll', 'placeBracket', 'changeStop', 'lockout']
/** What the co-pilot says to a batch it does not take. */
const errors = {
  400: { field: 'body', reason: 'not-json' },
  409: { field: 'batch', reason: 'batch-reused' },
  413: { field: 'body', reason: 'body-too-large' },
  500: { field: 'server', reason: 'broken' },
  503: { field: 'server', reason: 'engine-not-ready' },
} as const
/** What is not the co-pilot's word on the events of a batch. */
const strangers: Readonly<Partial<Record<Answering, readonly [status: number, body: unknown]>>> = {
  'page-400': [400, '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>'],
  'page-413': [413, '<html><head><title>413 Request Entity Too Large</title></head></html>'],
  'other-400': [400, { message: 'Bad Request', error: 'body' }],
  'bridge-differs': [400, { error: { field: 'bridge', reason: 'bridge-differs' } }],
}
const mostBytes = 256 * 1024
const slowMs = 1_500

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Starts a stand-in for the co-pilot's side of protocol v1. It checks every call it gets and notes what breaks the
 * protocol in `faults`; it keeps what was told, gives out signed commands, and can be slow, broken or away.
 */
export const createStandIn = async (token: string) => {
  const faults: string[] = []
  const posts: Post[] = []
  const kept = new Map<string, string>()
  const events: EventWire[] = []
  const idKinds = new Map<string, string>()
  const polls: { readonly after: number; readonly wait: number; readonly at: number }[] = []
  const queue: SignedCommand[] = []
  const again: SignedCommand[] = []
  const answers: Answering[] = []
  let always: Answering = 'well'
  let refuseFor: (body: string) => Answering | undefined = () => undefined
  let refusesCalls = true
  let givesUp = false
  let posting = 0
  let number = 0
  let skewMs = 0
  let starts = 0
  let open: { readonly after: number; readonly end: () => void } | undefined
  const now = (): number => Date.now() + skewMs

  const reply = (response: ServerResponse, status: number, body: unknown, headers: object = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-copilot-time': `${now()}`, ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  const lastOf = (boot: string): number => posts.findLast((post) => post.boot === boot)?.batch ?? 0
  /** What a batch breaks beyond its shape. */
  const judge = (batch: Batch, body: string): void => {
    const before = posts.findLast((post) => post.boot === batch.boot)
    // What the co-pilot refused as it is, and what got no further than a proxy, was not taken: its number is free.
    const isFree = [400, 413, 'page-413'].some((answering) => answering === before?.answering)
    const isAgain = before?.batch === batch.batch && !isFree
    if (isAgain && before.body !== body) faults.push(`batch ${batch.batch} came again with other bytes`)
    const answered = before === undefined || before.status === 200
    if (!isAgain && !isFree && !answered && !givesUp)
      faults.push(`batch ${before.batch} was given up without an answer`)
    if (!isAgain && batch.batch !== lastOf(batch.boot) + (isFree ? 0 : 1))
      faults.push(`batch ${batch.batch} is not the next one`)
    if (Buffer.byteLength(body) > mostBytes) faults.push(`batch ${batch.batch} is too large`)
  }
  const keep = (batch: Batch, body: string): void => {
    const key = `${batch.boot} ${batch.batch}`
    if (kept.has(key)) return
    kept.set(key, body)
    for (const event of batchWire.parse(batch).events) {
      const text = JSON.stringify(event)
      const known = idKinds.get(event.id)
      if (known !== undefined && known !== text) faults.push(`the id ${event.id} was used for two events`)
      if (known === undefined) events.push(event)
      idKinds.set(event.id, text)
    }
  }
  const onPost = async (request: IncomingMessage, response: ServerResponse, body: string): Promise<void> => {
    const answering = answers.shift() ?? refuseFor(body) ?? always
    const parsed = batchWire.safeParse(JSON.parse(body))
    if (!parsed.success) {
      faults.push(`a batch is malformed: ${parsed.error.message}`)
      return reply(response, 400, { error: { field: 'body', reason: 'field-wrong' } })
    }
    const batch = parsed.data
    if (request.headers['x-copilot-bridge'] !== batch.bridge)
      faults.push('the header names another bridge than the body')
    judge(batch, body)
    const stranger = strangers[answering]
    const isAnswered = stranger === undefined && answering !== 'garbage' && answering !== 'lost'
    const status = stranger?.[0] ?? (typeof answering === 'number' ? answering : isAnswered ? 200 : 0)
    const timestamp = `${request.headers['x-copilot-timestamp']}`
    posts.push({ body, timestamp, batch: batch.batch, boot: batch.boot, status, answering, at: Date.now() })
    if (status === 200 || answering === 'lost') keep(batch, body)
    const count = batch.events.length
    const well = { batch: batch.batch, accepted: count, alreadyKnown: 0, rejected: [] as unknown[] }
    if (answering === 'lost') return void response.destroy()
    if (answering === 'garbage') return reply(response, 200, '<html>502 Bad Gateway</html>')
    if (answering === 'reject-first') {
      const rejected = [{ index: 0, reason: 'quantity-not-positive', field: 'quantity' }]
      return reply(response, 200, { ...well, accepted: count - 1, rejected })
    }
    if (answering === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs))
    if (stranger !== undefined) return reply(response, ...stranger)
    if (typeof answering === 'number') return reply(response, answering, { error: errors[answering] })
    reply(response, 200, well, answering === 'ask-hello' ? { 'x-copilot-resend': 'hello' } : {})
  }

  const waiting = (after: number): readonly SignedCommand[] => [
    ...again.splice(0),
    ...queue.filter((command) => command.number > after),
  ]
  const onPoll = (response: ServerResponse, url: URL): void => {
    const after = Number(url.searchParams.get('after') ?? Number.NaN)
    const wait = Number(url.searchParams.get('wait') ?? Number.NaN)
    if (!Number.isInteger(after) || !(wait >= 0 && wait <= 30)) faults.push(`a poll asks for ${url.search}`)
    polls.push({ after, wait, at: Date.now() })
    // The last call of a bridge that was just restarted may still be open.
    if (open !== undefined && --starts < 0) faults.push('two polls at a time')
    open?.end()
    const commands = waiting(after)
    if (commands.length > 0) {
      reply(response, 200, { commands })
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      if (open?.end === end) open = undefined
      if (!response.writableEnded) reply(response, 200, { commands: waiting(after) })
    }
    const timer = setTimeout(end, wait * 1_000)
    open = { after, end }
    response.on('close', () => {
      clearTimeout(timer)
      if (open?.end === end) open = undefined
    })
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const header = (name: string): string | undefined => request.headers[name] as string | undefined
    const complaint = complaintOfCall(
      token,
      {
        authorization: header('authorization'),
        bridge: header('x-copilot-bridge'),
        timestamp: header('x-copilot-timestamp'),
        signature: header('x-copilot-signature'),
        body: request.method === 'GET' ? (request.url ?? '') : body,
      },
      now(),
    )
    if (complaint !== undefined) {
      refused.push(request.method ?? '')
      if (refusesCalls) faults.push(`a call was refused: ${complaint.reason}`)
      return reply(response, 401, { error: { ...complaint, serverTime: now() } })
    }
    if (request.method === 'GET' && url.pathname === '/api/bridge/v1/commands') return onPoll(response, url)
    if (request.method !== 'POST' || url.pathname !== '/api/bridge/v1/events') {
      faults.push(`a call to ${request.method} ${url.pathname}`)
      return reply(response, 404, { error: { field: 'path', reason: 'unknown' } })
    }
    if (posting++ > 0) faults.push('two batches at a time')
    try {
      await onPost(request, response, body)
    } finally {
      posting--
    }
  }
  const refused: string[] = []
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const leave = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  /** Signs a command the co-pilot's way; `own` may be anything, so that wrong ones can be tried. */
  const sign = (command: PlatformCommand | Readonly<Record<string, unknown>>, changes: object = {}): SignedCommand => {
    const id = ++number
    const times = { issuedAt: now(), expiresAt: now() + 10_000 }
    const whole = { id: `c-${id}`, number: id, ...times, ...command, ...changes } as IssuedCommand
    const { issuedAt, expiresAt } = whole
    const plain = [whole.id, whole.number, whole.kind, whole.account, issuedAt, expiresAt].join('|')
    const isKnown = kinds.includes(whole.kind)
    // What has no fields of its own that anybody knows is signed without.
    const signature = isKnown
      ? signCommand(token, whole)
      : createHmac('sha256', token).update(`${plain}|`).digest('hex')
    return { ...whole, signature }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    posts,
    /** Every event kept, once, in the order it came. */
    events,
    polls,
    /** The methods of calls that were refused for their token, signature or clock. */
    refused,
    sign,
    /** Gives out a command at the next poll whose `after` is below its number. */
    give: (...commands: readonly SignedCommand[]): void => {
      queue.push(...commands)
      open?.end()
    },
    /** Gives out a command once more, whatever the poll asks for. */
    giveAgain: (...commands: readonly SignedCommand[]): void => {
      again.push(...commands)
      open?.end()
    },
    /** How the next batches are answered, one each; the rest as `always` says. */
    answerNext: (...kinds: readonly Answering[]): void => void answers.push(...kinds),
    answerAlways: (kind: Answering): void => {
      always = kind
    },
    /** How each batch with such a body is answered; undefined: as usual. */
    answerFor: (judge: (body: string) => Answering | undefined): void => {
      refuseFor = judge
    },
    /** A bridge starts now. */
    onStart: (): void => {
      starts = 1
    },
    /** Calls with a wrong token are part of the case. */
    expectRefusals: (): void => {
      refusesCalls = false
    },
    /** A batch without an answer may be followed by the next. */
    expectGivenUp: (): void => {
      givesUp = true
    },
    endPoll: (): void => open?.end(),
    skew: (ms: number): void => {
      skewMs = ms
    },
    leave,
    comeBack: (): Promise<void> => listen(port),
  }
}

export type StandIn = Awaited<ReturnType<typeof createStandIn>>
