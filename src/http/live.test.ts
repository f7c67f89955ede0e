import { Writable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import type { BusEvent } from '#src/engine/ports.ts'
import { createHub } from './live.ts'

const alert = (id: number): Alert => ({
  id,
  key: `k${id}`,
  kind: 'card',
  severity: 'notice',
  at: 0,
  text: `alert ${id}`,
})

/** A hub over a picture a test turns by hand: `put`, then `flush` when a quarter of a second has passed. */
const createDesk = ({ stored = [], listed }: { stored?: Alert[]; listed?: readonly Alert[] } = {}) => {
  const picture: Record<string, unknown> = { clock: 0, gate: 0, feed: 0, ...(listed && { alerts: listed }) }
  const state = { wall: 0, change: (_: readonly Topic[]) => {}, event: (_: BusEvent) => {}, flush: () => {} }
  const render = vi.fn(
    (topic: Topic, now: Partial<Picture>, _page: string) => `<${topic}>${String(now[topic])}\n</${topic}>`,
  )
  const record = vi.fn()
  const alertsAfter = vi.fn(async (id: number) => stored.filter((each) => each.id > id).slice(0, 2))
  const hub = createHub({
    bus: {
      picture: () => picture as Partial<Picture>,
      onChange: (listener) => {
        state.change = listener
        return () => {}
      },
      onEvent: (listener) => {
        state.event = listener
        return () => {}
      },
    },
    pages: { terminal: ['clock', 'gate'], system: ['feed'], accounts: ['clock', 'account'] },
    render,
    urgent: (topic, now) => (topic === 'account' ? now.account : undefined),
    alertsAfter,
    schedule: (run) => {
      state.flush = run
      return () => {}
    },
    wall: () => state.wall,
    record,
    log: { error: vi.fn() },
  })
  return {
    hub,
    render,
    record,
    alertsAfter,
    stored,
    state,
    flush: () => state.flush(),
    put: (topic: Topic, value: number | string) => {
      picture[topic] = value
      state.change([topic])
    },
    raise: (id: number, store = true) => {
      if (store) stored.push(alert(id))
      state.event({ id: String(id), kind: 'alert', body: alert(id) })
    },
  }
}

/** A page's end of the stream: what was written to it, and a hand on how fast it reads. */
const createPage = (reads = true) => {
  const chunks: Buffer[] = []
  const page = { chunks, reads, read: () => {}, text: () => chunks.map(String).join('') }
  const outgoing = new Writable({
    highWaterMark: 1,
    write: (chunk, _, done) => {
      chunks.push(chunk)
      page.read = done
      if (page.reads) done()
    },
  })
  return Object.assign(page, { outgoing })
}
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

test('a page gets its whole picture at once, then only what changed, the newest value of each topic', async () => {
  const desk = createDesk()
  const page = createPage()
  desk.hub.join('terminal', page.outgoing)
  await settled()
  expect(page.text()).toBe('event: live\ndata: <clock>0\ndata: </clock><gate>0\ndata: </gate>\n\n')
  page.chunks.length = 0
  for (let i = 1; i <= 100; i++) desk.put('gate', i)
  desk.put('feed', 1)
  desk.flush()
  await settled()
  desk.flush()
  await settled()
  expect(page.text()).toBe('event: live\ndata: <gate>100\ndata: </gate>\n\n')
})

test('a changed fragment is rendered once and one buffer goes to every page of a kind', async () => {
  const desk = createDesk()
  const pages = [createPage(), createPage(), createPage()]
  for (const page of pages) desk.hub.join('terminal', page.outgoing)
  await settled()
  expect(desk.render).toHaveBeenCalledTimes(2)
  desk.put('clock', 1)
  desk.flush()
  await settled()
  expect(desk.render).toHaveBeenCalledTimes(3)
  expect(pages[0]?.chunks.at(-1)?.toString()).toContain('<clock>1')
  expect(new Set(pages.map((page) => page.chunks.at(-1))).size).toBe(1)
})

test('each kind of page gets a rendering of its own', async () => {
  const desk = createDesk()
  desk.render.mockImplementation((topic, _, page) => `<${page}-${topic}>`)
  const [terminal, accounts] = [createPage(), createPage()]
  desk.hub.join('terminal', terminal.outgoing)
  desk.hub.join('accounts', accounts.outgoing)
  await settled()
  expect(terminal.text()).toBe('event: live\ndata: <terminal-clock><terminal-gate>\n\n')
  expect(accounts.text()).toBe('event: live\ndata: <accounts-clock><accounts-account>\n\n')
})

test('what is urgent does not wait for the beat, and what came with it goes along in the same frame', async () => {
  const desk = createDesk()
  const page = createPage()
  desk.hub.join('accounts', page.outgoing)
  await settled()
  page.chunks.length = 0
  desk.put('clock', 0)
  await settled()
  expect(page.text()).toBe('')
  desk.put('clock', 1)
  desk.put('account', 1)
  desk.put('account', 2)
  await settled()
  expect(page.text()).toBe('event: live\ndata: <clock>1\ndata: </clock><account>2\ndata: </account>\n\n')
  page.chunks.length = 0
  desk.put('account', 2)
  await settled()
  expect(page.text()).toBe('')
  desk.flush()
  await settled()
  expect(page.text()).toBe('event: live\ndata: <account>2\ndata: </account>\n\n')
})

test('what changed before something urgent waits for the beat', async () => {
  const desk = createDesk()
  const page = createPage()
  desk.hub.join('accounts', page.outgoing)
  await settled()
  page.chunks.length = 0
  desk.put('clock', 1)
  await settled()
  desk.put('account', 1)
  await settled()
  expect(page.text()).toBe('event: live\ndata: <account>1\ndata: </account>\n\n')
  page.chunks.length = 0
  desk.flush()
  await settled()
  expect(page.text()).toBe('event: live\ndata: <clock>1\ndata: </clock>\n\n')
})

test('a page that joins after a quiet hour sees the present, not what was rendered before', async () => {
  const desk = createDesk()
  const first = createPage()
  desk.hub.join('terminal', first.outgoing)
  await settled()
  first.outgoing.destroy()
  await settled()
  desk.put('clock', 9)
  desk.flush()
  const page = createPage()
  desk.hub.join('terminal', page.outgoing)
  await settled()
  expect(page.text()).toContain('<clock>9')
})

test('a page that does not read skips values and is current when it reads again', async () => {
  const desk = createDesk()
  const page = createPage(false)
  desk.hub.join('terminal', page.outgoing)
  for (let i = 1; i <= 100; i++) {
    desk.put('gate', i)
    desk.flush()
  }
  expect(page.chunks).toHaveLength(1)
  expect(page.outgoing.writableLength).toBe(page.chunks[0]?.length)
  page.read()
  await settled()
  desk.put('clock', 7)
  desk.flush()
  page.read()
  await settled()
  expect(page.chunks.slice(1).map(String)).toEqual([
    'event: live\ndata: <gate>100\ndata: </gate>\n\n',
    'event: live\ndata: <clock>7\ndata: </clock>\n\n',
  ])
})

test('slow pages that wake together share one rendering', async () => {
  const desk = createDesk()
  const pages = [createPage(false), createPage(false), createPage(false)]
  for (const page of pages) desk.hub.join('terminal', page.outgoing)
  desk.put('gate', 1)
  desk.flush()
  desk.render.mockClear()
  for (const page of pages) page.read()
  await settled()
  expect(pages.map((page) => page.chunks).every((chunks) => chunks.length === 2)).toBe(true)
  expect(desk.render).not.toHaveBeenCalled()
})

test('a page that reads nothing for half a minute is let go', async () => {
  const desk = createDesk()
  const page = createPage(false)
  desk.hub.join('terminal', page.outgoing)
  desk.state.wall = 29_999
  desk.flush()
  await settled()
  expect(desk.hub.size).toBe(1)
  desk.state.wall = 30_000
  desk.flush()
  await settled()
  expect(page.outgoing.destroyed).toBe(true)
  expect(desk.hub.size).toBe(0)
})

test('a silent market still beats before ten seconds are over', async () => {
  const desk = createDesk()
  const page = createPage()
  desk.hub.join('terminal', page.outgoing)
  await settled()
  page.chunks.length = 0
  for (desk.state.wall = 0; desk.state.wall <= 20_000; desk.state.wall += 250) {
    desk.flush()
    await new Promise(setImmediate)
  }
  expect(page.chunks.map(String)).toEqual([': beat\nevent: beat\ndata: \n\n', ': beat\nevent: beat\ndata: \n\n'])
})

test('a fragment that cannot be rendered leaves the others alive', async () => {
  const desk = createDesk()
  desk.render.mockImplementation((topic) => {
    if (topic === 'clock') throw new Error('no clock')
    return `<${topic}>`
  })
  const page = createPage()
  desk.hub.join('terminal', page.outgoing)
  await settled()
  expect(page.text()).toBe('event: live\ndata: <gate>\n\n')
})

test('a flush records the time from the first change to the last page', () => {
  const desk = createDesk()
  desk.put('clock', 0)
  desk.flush()
  desk.hub.join('terminal', createPage().outgoing)
  desk.state.wall = 1_000
  desk.put('clock', 1)
  desk.state.wall = 1_180
  desk.put('gate', 1)
  desk.state.wall = 1_250
  desk.flush()
  desk.flush()
  expect(desk.record.mock.calls).toEqual([['change → page', 250]])
})

test('a new page starts at the newest alert and hears the later ones once each, in order', async () => {
  const desk = createDesk({ stored: [alert(1), alert(2)], listed: [alert(2), alert(1)] })
  const page = createPage()
  desk.hub.join('terminal', page.outgoing)
  await settled()
  expect(page.text()).toMatch(/^id: 2\n\nevent: live\n/)
  page.chunks.length = 0
  desk.raise(3)
  desk.raise(3)
  await settled()
  expect(page.text()).toBe(`id: 3\nevent: alert\ndata: ${JSON.stringify(alert(3))}\n\n`)
})

const idsOf = (text: string): string[] => [...text.matchAll(/^id: (\d+)\nevent: alert/gm)].map(([, id]) => id ?? '')

test('a page that comes back is told every alert it missed, however many', async () => {
  const stored = [1, 2, 3, 4, 5, 6, 7].map(alert)
  const desk = createDesk({ stored, listed: stored.toReversed() })
  const page = createPage()
  desk.hub.join('terminal', page.outgoing, 2)
  desk.raise(8)
  await settled()
  expect(idsOf(page.text())).toEqual(['3', '4', '5', '6', '7', '8'])
})

test('alerts raised while a page does not read reach it when it does', async () => {
  const desk = createDesk({ listed: [] })
  const page = createPage(false)
  desk.hub.join('terminal', page.outgoing)
  for (let id = 1; id <= 5; id++) desk.raise(id)
  page.reads = true
  page.read()
  await settled()
  desk.raise(6)
  await settled()
  expect(idsOf(page.text())).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('a page with an id from a database that is gone hears the new alerts', async () => {
  const desk = createDesk({ stored: [alert(1)], listed: [alert(1)] })
  const page = createPage()
  desk.hub.join('terminal', page.outgoing, 500)
  await settled()
  desk.raise(2)
  await settled()
  expect(idsOf(page.text())).toEqual(['2'])
})

test('while nobody knows the newest alert a new page is not told old ones', async () => {
  const desk = createDesk({ stored: [alert(1), alert(2)] })
  const page = createPage(false)
  desk.hub.join('terminal', page.outgoing)
  desk.raise(3)
  page.reads = true
  page.read()
  await settled()
  expect(idsOf(page.text())).toEqual(['3'])
})

test('a store that is down is asked again, and the prices go on meanwhile', async () => {
  const desk = createDesk({ stored: [alert(3)], listed: [alert(3)] })
  desk.alertsAfter.mockRejectedValue(new Error('down'))
  const page = createPage()
  desk.hub.join('terminal', page.outgoing, 2)
  await settled()
  desk.put('clock', 1)
  desk.flush()
  await settled()
  expect(page.text()).toContain('<clock>1')
  desk.alertsAfter.mockImplementation(async (id) => desk.stored.filter((each) => each.id > id))
  desk.flush()
  await settled()
  expect(idsOf(page.text())).toEqual([])
  desk.state.wall = 2_000
  desk.flush()
  await settled()
  expect(idsOf(page.text())).toEqual(['3'])
})

test('closing ends every page and those that come later', async () => {
  const desk = createDesk()
  const [page, late] = [createPage(), createPage()]
  desk.hub.join('terminal', page.outgoing)
  desk.hub.close()
  desk.hub.join('terminal', late.outgoing)
  await settled()
  expect([page.outgoing.writableFinished, late.outgoing.writableFinished]).toEqual([true, true])
  expect(desk.hub.size).toBe(0)
})
