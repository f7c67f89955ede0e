import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { repeat } from '#src/adapters/clock.ts'
import { type Counts, createCounts } from './counts.ts'
import { createFaults, type Fault } from './faults.ts'
import { createHub, type Hub } from './hub.ts'
import { createMarket } from './market.ts'
import { delayMs, type Plan } from './plan.ts'
import { createPlayer } from './player.ts'
import { createRest } from './rest.ts'
import type { Tape } from './tape.ts'

/** The vendor on this machine: REST and both hosts of the live feed, over real sockets. */
export type MassiveStandIn = {
  /** 'http://127.0.0.1:…' */
  readonly restUrl: string
  readonly wsUrl: string
  readonly delayedUrl: string
  /** Switches a fault on; a second of the same kind replaces the first. */
  readonly inject: (fault: Fault) => void
  /** Switches one kind of fault off, or all. */
  readonly clear: (kind?: Fault['kind']) => void
  readonly counts: () => Counts
  /** Throws out the connections that hold the account's place, as a newcomer would. */
  readonly kick: () => void
  /** Cuts every connection without a word. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

/** How often it is looked what has become due, ms of the machine. */
const pumpMs = 20

/**
 * Starts the stand-in on 127.0.0.1. `clock.now` is the market's epoch ms and may run at any speed; `random` in [0, 1)
 * decides what the faults leave to chance. Throws when the port is taken.
 */
export const createMassiveStandIn = async ({
  tape,
  clock,
  key,
  plan = 'advanced',
  faults: given = [],
  random,
  port = 0,
}: {
  readonly tape: Tape
  readonly clock: { readonly now: () => number }
  readonly key: string
  readonly plan?: Plan
  readonly faults?: readonly Fault[]
  readonly random: () => number
  readonly port?: number
}): Promise<MassiveStandIn> => {
  const faults = createFaults(given)
  const counts = createCounts()
  const market = createMarket(tape)
  const urls = { rest: '', realTime: '', delayed: '' }

  const rest = createRest({ market, now: clock.now, key, plan, faults, counts, random, baseUrl: () => urls.rest })
  const hostOf = (realTime: boolean) => {
    const now = (): number => clock.now() - (realTime ? 0 : delayMs)
    const player = createPlayer({ tape, contractsAt: market.contractsAt, faults, random })
    const hub: Hub = createHub({
      realTime,
      delayedUrl: () => urls.delayed,
      plan,
      key,
      faults,
      counts,
      random,
      onSubscribed: () => hub.deliver(player.due(now())),
    })
    const pump = (): void => {
      hub.misbehave(pumpMs)
      if (hub.hasListeners()) hub.deliver(player.due(now()))
      else player.rest()
    }
    return { hub, pump }
  }
  const hosts = { '/futures': hostOf(true), '/delayed/futures': hostOf(false) }
  const all = Object.values(hosts)

  const server = createServer((request, response) => {
    rest(request, response).catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    const host = hosts[request.url?.replace(/\?.*$/, '') as keyof typeof hosts]
    if (host === undefined) socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
    else sockets.handleUpgrade(request, socket, head, host.hub.accept)
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening)
  })
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  urls.rest = `http://${address}`
  urls.realTime = `ws://${address}/futures`
  urls.delayed = `ws://${address}/delayed/futures`

  const stop = repeat(() => {
    for (const { pump } of all) pump()
  }, pumpMs)

  const each = (act: (hub: Hub) => void): void => {
    for (const { hub } of all) act(hub)
  }

  return {
    restUrl: urls.rest,
    wsUrl: urls.realTime,
    delayedUrl: urls.delayed,
    inject: (fault) => {
      faults.inject(fault)
      if (fault.kind === 'half-open') each((hub) => hub.freeze())
    },
    clear: (kind) => {
      faults.clear(kind)
      if (kind === undefined || kind === 'half-open') each((hub) => hub.thaw())
    },
    counts: () => structuredClone(counts),
    kick: () => each((hub) => hub.kick()),
    drop: () => each((hub) => hub.drop()),
    close: async () => {
      stop()
      each((hub) => hub.drop())
      sockets.close()
      await new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      })
    },
  }
}
