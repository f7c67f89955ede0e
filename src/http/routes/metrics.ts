import { Hono } from 'hono'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Bus } from '#src/engine/ports.ts'
import type { Hub } from '../live.ts'
import type { Env, Refusal } from '../refusal.ts'

/** What the process measures of itself, and where refused requests are counted. */
export type Metrics = {
  readonly countRefusal: (reason: Refusal) => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** Creates the process's measures; all but the refusals are read when they are asked for. */
export const createMetrics = ({ bus, hub }: { readonly bus: Pick<Bus, 'picture'>; readonly hub: Hub }): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const refusals = new Counter({
    name: 'copilot_refusals_total',
    help: 'Requests refused, by reason',
    labelNames: ['reason'],
    registers,
  })
  const system = () => bus.picture().system
  new Gauge({
    name: 'copilot_pages',
    help: 'Pages with an open live stream',
    registers,
    collect() {
      this.set(hub.size)
    },
  })
  new Gauge({
    name: 'copilot_hop_milliseconds',
    help: 'Latency of each hop between the feed and the page',
    labelNames: ['hop', 'quantile'],
    registers,
    collect() {
      for (const { name, p50, p95, p99 } of system()?.hops ?? []) {
        this.set({ hop: name, quantile: '0.5' }, p50)
        this.set({ hop: name, quantile: '0.95' }, p95)
        this.set({ hop: name, quantile: '0.99' }, p99)
      }
    },
  })
  new Gauge({
    name: 'copilot_up',
    help: '1 while a dependency is ok, 0 otherwise',
    labelNames: ['dependency'],
    registers,
    collect() {
      for (const { name, state } of system()?.dependencies ?? []) this.set({ dependency: name }, state === 'ok' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'copilot_resident_bytes',
    help: 'Memory of the engine process',
    registers,
    collect() {
      this.set(system()?.residentBytes ?? 0)
    },
  })
  new Gauge({
    name: 'copilot_event_loop_p99_milliseconds',
    help: 'Delay of the engine process’s event loop',
    registers,
    collect() {
      this.set(system()?.eventLoopP99Ms ?? 0)
    },
  })
  return {
    countRefusal: (reason) => refusals.inc({ reason }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** `GET /metrics` in the Prometheus text format. */
export const metrics = ({ text, contentType }: Metrics) =>
  new Hono<Env>().get('/metrics', async (c) => c.body(await text(), 200, { 'content-type': contentType }))
