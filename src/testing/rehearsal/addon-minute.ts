import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { type BridgeControl, type HandlerTimes, openBridge } from '../ninjatrader/mono.ts'

/** A co-pilot that takes every batch and answers `answerMs` later; a question for commands it never answers. */
const startSlow = async (answerMs: number) => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return
    const { batch, events } = (await json(request)) as { readonly batch: number; readonly events: readonly unknown[] }
    await wait(answerMs)
    const headers = { 'x-copilot-time': String(Date.now()) }
    response
      .writeHead(200, headers)
      .end(JSON.stringify({ batch, accepted: events.length, alreadyKnown: 0, rejected: [] }))
  }
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: (): void => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const kinds = ['market', 'order', 'execution'] as const
type Minute = { readonly kind: (typeof kinds)[number] } & HandlerTimes & { readonly managedBytes: number }

/**
 * The real AddOn under Mono, its co-pilot slow: `perSecond` events for `seconds`, a third of them prices, orders and executions
 * each. How long its handlers took, ms, and what it held afterwards.
 */
export const measureAddon = async ({
  perSecond,
  seconds,
  answerMs,
}: {
  readonly perSecond: number
  readonly seconds: number
  readonly answerMs: number
}): Promise<readonly Minute[]> => {
  const copilot = await startSlow(answerMs)
  const folder = mkdtempSync(join(tmpdir(), 'copilot-addon-'))
  const driver = openBridge()
  const control = async <T>(command: BridgeControl): Promise<T> => {
    const answer = await driver.control(command)
    if (!answer.ok) throw new Error(`${command.do}: ${answer.error}\n${driver.said()}`)
    return answer as unknown as T
  }
  try {
    await control({
      ...{ do: 'start', url: copilot.url, token: 'a-token-for-measuring', bridge: 'pc-1', folder },
      ...{ auto: 'none', confirm: 'auto', allowOrders: true, accounts: ['Sim101'], maxContracts: 10 },
    })
    const measured: Minute[] = []
    for (const kind of kinds) {
      const count = (perSecond * seconds) / kinds.length
      const times = await control<HandlerTimes>({ do: 'burst', count, perSecond, kind })
      const { bytes } = await control<{ readonly bytes: number }>({ do: 'memory' })
      measured.push({ kind, ...times, managedBytes: bytes })
    }
    return measured
  } finally {
    await driver.close()
    copilot.stop()
    rmSync(folder, { recursive: true })
  }
}
