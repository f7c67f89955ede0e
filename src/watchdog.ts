import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { keepSecret } from '#src/adapters/secrets.ts'
import { createCommandPost } from '#src/adapters/watchdog/command-post.ts'
import { createHealthWatch, createLook, type Pulse } from '#src/adapters/watchdog/health-watch.ts'
import { keepWord } from '#src/adapters/watchdog/journal.ts'
import { type Env, refuse } from '#src/http/refusal.ts'
import { bridge, requireBridge, stampTime } from '#src/http/routes/bridge.ts'
import { readWatchdogConfig, type WatchdogConfig } from './watchdog-config.ts'

const bodyBytes = 256 * 1024

const say = (text: string): void => {
  process.stderr.write(`${new Date(machineTime()).toISOString()} ${text}\n`)
}

const tokenOf = ({ token, dataDir }: WatchdogConfig): string => {
  if (token !== undefined) return token
  const kept = keepSecret(dataDir, 'watchdog-token')
  if (kept.made) say(`A new watchdog token was made; it is kept in ${kept.path}`)
  return kept.value
}

const phrases = ({ url, armed, misses }: WatchdogConfig): Record<Pulse, string> => ({
  waiting: '',
  alive: `the terminal at ${url} is alive`,
  missing: `the terminal at ${url} does not answer that it is ready`,
  dead: [
    `THE TERMINAL AT ${url} IS DEAD: ${misses} looks in a row were in vain.`,
    armed
      ? 'Every account is flattened as soon as the bridge, which must miss the terminal too, asks here.'
      : 'The watchdog is not armed: NOTHING IS CLOSED. Look at the platform yourself.',
  ].join(' '),
})

/** Says a word and keeps it for the terminal's log; a disk that takes nothing keeps nobody from getting flat. */
const sayAndKeep =
  (dataDir: string) =>
  (text: string): void => {
    say(text)
    try {
      keepWord(dataDir, { at: machineTime(), text })
    } catch (error) {
      say(`That could not be kept: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

/** Only the bridge of this machine calls here, on the two paths of the protocol. */
const createApp = (token: string, post: ReturnType<typeof createCommandPost>): Hono<Env> => {
  const app = new Hono<Env>()
  app.use(stampTime(machineTime), bodyLimit({ maxSize: bodyBytes }), requireBridge(token, machineTime))
  app.route('/', bridge({ token, ...post }))
  app.notFound((c) => refuse(c, 404, 'path', 'unknown-path'))
  return app
}

const listen = (app: Hono<Env>, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createAdaptorServer({ fetch: app.fetch }) as Server
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

const start = async (): Promise<void> => {
  const config = readWatchdogConfig()
  const token = tokenOf(config)
  const post = createCommandPost({
    token,
    armed: config.armed,
    wall: machineTime,
    schedule,
    onWord: sayAndKeep(config.dataDir),
  })
  const server = await listen(createApp(token, post), config.port)
  const told = phrases(config)
  const watch = createHealthWatch({
    look: createLook(config.url, config.intervalMs * 0.9),
    misses: config.misses,
    onChange: (pulse) => {
      say(told[pulse])
      if (pulse === 'dead' || pulse === 'alive') post.setDead(pulse === 'dead')
    },
  })
  const stopLooking = repeat(() => void watch.look(), config.intervalMs)
  void watch.look()
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : config.port
  say(`watches ${config.url}, ${config.armed ? 'armed' : 'not armed'}, and is at http://127.0.0.1:${port}`)

  const stop = (): void => {
    stopLooking()
    post.close()
    server.close()
    server.closeAllConnections()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
