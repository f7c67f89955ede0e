import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { differing, overTheLimit, twoPositions } from '#src/testing/accounts.ts'
import { accountsProps, settingsProps } from '#src/testing/pages.tsx'
import { morning } from '#src/testing/world.ts'
import type { Env } from '../refusal.ts'
import { type RoomDeps, rooms } from './rooms.tsx'

const deps = (picture = { ...morning, account: twoPositions }): RoomDeps => ({
  bus: { picture: () => picture },
  instruments: settingsProps(morning).instruments,
  assets: new Map(),
  accounts: async () => accountsProps(morning).accounts,
  presets: accountsProps(morning).presets,
  settings: async () => settingsProps(morning).settings,
  audit: async () => settingsProps(morning).audit,
  bridgeUrl: 'http://127.0.0.1:3000',
})
const get = (path: string, given = deps()) => new Hono<Env>().route('/', rooms(given)).request(path)

test.each(['accounts', 'glance', 'settings', 'bridge'])(
  '/%s is a whole page with its own live stream',
  async (page) => {
    const answer = await get(`/${page}`)
    const html = await answer.text()
    expect([answer.status, html.startsWith('<!doctype html>')]).toEqual([200, true])
    expect(html).toContain(`sse-connect="/live?page=${page}"`)
  },
)

test('a plan is looked at without being saved', async () => {
  expect(await (await get('/accounts?account=Sim101&preset=topstep-50k')).text()).toContain('Save SIM101 with Topstep')
  expect(await (await get('/accounts?account=Sim101&preset=none')).text()).not.toContain('Save SIM101 with')
})

test('a refusal in the address is told, and nothing else that stands there', async () => {
  expect(await (await get('/settings?form=fees&field=MGC&reason=not-a-number')).text()).toContain('must be a number<')
  expect(await (await get('/settings?form=fees&field=MGC&reason=Call%20me!')).text()).not.toContain('Call me')
})

test.each([
  ['/kill', 'Flatten everything: 2 MGC, 3 MNQ on SIM101?'],
  ['/lockout', 'Lock me out until 17:00?'],
  ['/accounts/Sim101/flatten', 'Flatten 2 MGC, 3 MNQ on SIM101?'],
])('%s asks and does nothing', async (path, question) => {
  const html = await (await get(path)).text()
  expect(html).toContain(`<h1>${question}</h1>`)
  expect(html).not.toContain('sse-connect')
})

test('a difference is settled by the trader alone, who is asked first', async () => {
  const given = deps({ ...morning, account: differing })
  expect(await (await get('/bridge', given)).text()).toContain('action="/accounts/Sim101/adoption"')
  const html = await (await get('/accounts/Sim101/adoption', given)).text()
  expect(html).toContain(
    '<h1>Take NinjaTrader’s positions on SIM101?</h1><p>Sim101 MNQ Z6: NinjaTrader −2, ledger −3</p>',
  )
  expect((await get('/accounts/Sim101/adoption')).status).toBe(404)
})

test('an account with nothing open has nothing to ask about', async () => {
  const answer = await get('/accounts/Playback101/flatten', deps({ ...morning, account: overTheLimit }))
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: { field: 'account', reason: 'unknown-account' } },
  ])
})
