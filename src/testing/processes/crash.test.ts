import { randomInt, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Alert, NewAlert } from '#src/domain/signals/transition.ts'
import { backing, createDatabase } from '../database.ts'
import { startTerminal, type Terminal } from '../terminal.ts'
import { eventually, pause } from './eventually.ts'
import { listen } from './listen.ts'

const stores = [
  { name: 'PGlite', open: async () => ({}) },
  {
    name: 'PostgreSQL',
    open: async () => ({
      DATABASE_URL: await createDatabase(await backing('postgres'), `crash_${randomUUID().replaceAll('-', '')}`),
    }),
  },
] as const

/** Acknowledges an alert as a program does; true once the server said that it is done. */
const acknowledge = async ({ url, apiKey }: Terminal, id: number): Promise<boolean> => {
  const answer = await fetch(`${url}/alerts/${id}/acknowledgement`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey },
    redirect: 'manual',
  }).catch(() => undefined)
  return answer?.status === 303
}

/** Everything the server knows, oldest first, told as to a page that heard nothing yet. */
const allAlerts = async (terminal: Terminal, newest: number): Promise<readonly Alert[]> => {
  const { alerts, close } = listen(terminal, 0)
  await eventually('all alerts', () => alerts.find(({ id }) => id >= newest))
  close()
  return alerts
}

const asRaised = ({ acknowledgedAt: _, ...alert }: Alert): NewAlert => alert

describe.each(stores)('killed while history is written and alerts are raised, on $name', ({ open }) => {
  test('the terminal has everything it told and everything it was told, once', async () => {
    // The first start writes a month of minutes for six markets; meanwhile the alerts of the morning so far come.
    const terminal = await startTerminal({ env: { ...(await open()), SIM_SPEED: '20' }, until: 'listening' })
    const { alerts: told } = listen(terminal, 0)
    const acknowledged: number[] = []
    await eventually('the first alert', () => told.at(0))
    const killAt = performance.now() + 500 + randomInt(1_500)
    for (const { id } of told) {
      if (performance.now() > killAt) break
      if (await acknowledge(terminal, id)) acknowledged.push(id)
    }
    await pause(killAt - performance.now())
    await terminal.kill9()
    await terminal.start()
    const held = await allAlerts(terminal, told.at(-1)?.id ?? 0)
    await terminal.stop()

    expect(acknowledged.length).toBeGreaterThan(0)
    for (const unique of ['id', 'key'] as const)
      expect(new Set(held.map((alert) => alert[unique])).size).toBe(held.length)
    const ids = new Set(told.map(({ id }) => id))
    expect(held.filter(({ id }) => ids.has(id)).map(asRaised)).toEqual(told.map(asRaised))
    const seen = held.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).map(({ id }) => id)
    expect(seen).toEqual(expect.arrayContaining(acknowledged))
    expect(seen.length).toBeLessThanOrEqual(acknowledged.length + 1)
  }, 120_000)
})
