import { Hono } from 'hono'
import { beforeEach, describe, expect, test } from 'vitest'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { writeAccount } from '#views/accounts/written.ts'
import type { Env } from '../refusal.ts'
import { accounts } from './accounts.ts'
import { kill } from './kill.ts'
import { lockout } from './lockout.ts'
import { settings } from './settings.ts'

let asked: unknown[]
let answer: { ok: boolean; reason?: string; field?: string; line?: number; takesEffect?: string; from?: string }
const note =
  (verb: string) =>
  async (...given: unknown[]) => {
    asked.push([verb, ...given])
    return answer as never
  }
beforeEach(() => {
  asked = []
  answer = { ok: true, takesEffect: 'now' }
})

const app = new Hono<Env>()
app.route(
  '/',
  settings({
    saveLimits: note('limits'),
    savePhases: note('phases'),
    saveInstruments: note('instruments'),
    saveNews: note('news'),
  }),
)
app.route('/', lockout({ lock: note('lock') }))
app.route('/', kill({ kill: note('kill'), flatten: note('flatten'), cancelAll: note('cancel'), adopt: note('adopt') }))
app.route('/', accounts({ saveAccount: note('account') }))

const browser = { origin: 'http://localhost' }
const post = async (
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = browser,
) => {
  const response = await app.request(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  return [response.status, response.headers.get('location') ?? (await response.text())]
}
const send = async (path: string, body: unknown) => {
  const response = await app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return [response.status, await response.json()]
}

describe('settings', () => {
  test('of limits are read in dollars, percent and minutes, and the page says when they hold', async () => {
    const fields = {
      accountSize: '50,000',
      riskPercent: '0.75',
      dailyLoss: '450.5',
      cooldownMinutes: '20',
      'news.minutesAfter': '0',
    }
    expect(await post('/settings/limits', fields)).toEqual([303, '/settings?saved=limits&takesEffect=now'])
    const change = {
      accountSize: dollars(50_000),
      riskShare: 0.0075,
      dailyLoss: dollars(450.5),
      cooldownMinutes: 20,
      news: { minutesAfter: 0 },
    }
    expect(asked).toEqual([['limits', change, 'the trader']])
  })

  test.each([
    ['limits', { dailyLoss: 'much' }, 'dailyLoss', 'not-a-number'],
    ['limits', { dailyLoss: '-5' }, 'dailyLoss', 'too-small'],
    ['limits', { dailyLoss: '1e9' }, 'dailyLoss', 'not-a-number'],
    ['limits', { riskPercent: '11' }, 'riskPercent', 'too-large'],
    ['limits', { maxOpenTrades: '1.5' }, 'maxOpenTrades', 'not-a-whole-number'],
    ['limits', { maxOpenTrades: '' }, 'maxOpenTrades', 'not-a-number'],
    ['limits', { __proto: '1' }, '__proto', 'unknown-field'],
    ['fees', { MES: '101' }, 'MES', 'too-large'],
    ['fees', { XYZ: '1' }, 'XYZ', 'unknown-field'],
    ['phases', { preMarket: '00:00', active: '25:00', windDown: '10:00', flatBy: '12:00' }, 'active', 'not-a-time'],
    ['phases', { preMarket: '00:00' }, 'active', 'missing'],
    ['instruments', { XYZ: 'yes' }, 'XYZ', 'unknown-field'],
    ['news', {}, 'news', 'missing'],
  ] as const)('%s %j is refused by its field, and nothing is kept', async (form, fields, field, reason) => {
    expect(await post(`/settings/${form}`, fields)).toEqual([
      303,
      `/settings?${new URLSearchParams({ form, field, reason })}`,
    ])
    expect(await send(`/settings/${form}`, fields)).toEqual([422, { error: { field, reason } }])
    expect(asked).toEqual([])
  })

  test('of phases, markets, fees and news reach their own desk', async () => {
    await post('/settings/phases', { preMarket: '00:00', active: '05:00', windDown: '10:00', flatBy: '12:00' })
    await post('/settings/instruments', { MNQ: 'yes', MGC: 'yes' })
    await post('/settings/fees', { MES: '0.5', MNQ: '0.62' })
    await post('/settings/news', { news: '# none' })
    expect(asked.map((each) => (each as unknown[]).slice(0, 2))).toEqual([
      ['phases', defaultBoundaries],
      ['instruments', ['MGC', 'MNQ']],
      ['limits', { fees: { MES: dollars(0.5), MNQ: dollars(0.62) } }],
      ['news', '# none'],
    ])
  })

  test('a program says numbers as numbers, and is heard as one', async () => {
    expect(await send('/settings/limits', { dailyLoss: 400 })).toEqual([
      200,
      { ok: true, saved: 'limits', takesEffect: 'now' },
    ])
    expect(asked).toEqual([['limits', { dailyLoss: dollars(400) }, 'a program']])
    for (const body of [null, [], 'x', 7])
      expect(await send('/settings/limits', body)).toMatchObject([422, { error: { reason: 'not-a-form' } }])
    expect(await send('/settings/limits', { dailyLoss: { value: 1 } })).toEqual([
      422,
      { error: { field: 'dailyLoss', reason: 'not-a-text' } },
    ])
  })

  test('what the desk refuses is told like the rest', async () => {
    answer = { ok: false, field: 'windDown', reason: 'not-ascending' }
    const fields = { preMarket: '00:00', active: '05:00', windDown: '04:00', flatBy: '12:00' }
    expect(await post('/settings/phases', fields)).toEqual([
      303,
      '/settings?form=phases&field=windDown&reason=not-ascending',
    ])
  })

  test('of several lines the one that is wrong is named', async () => {
    answer = { ok: false, field: 'news', reason: 'not-three-parts', line: 3 }
    expect(await post('/settings/news', { news: 'x' })).toEqual([
      303,
      '/settings?form=news&field=news&reason=not-three-parts&line=3',
    ])
    expect(await send('/settings/news', { news: 'x' })).toEqual([
      422,
      { error: { field: 'news', reason: 'not-three-parts', line: 3 } },
    ])
  })
})

describe('a lock', () => {
  test('that was held takes effect, until the session ends unless it says otherwise', async () => {
    expect(await post('/lockout', { until: 'session-end', confirmed: 'yes' })).toEqual([303, '/'])
    expect(
      await post('/lockout', {
        until: '2026-11-20T17:00:00-05:00',
        account: 'Sim101',
        reason: 'tired',
        confirmed: 'yes',
      }),
    ).toEqual([303, '/'])
    expect(asked).toEqual([
      ['lock', { account: '', reason: 'the trader locked himself out', until: undefined }, 'the trader'],
      ['lock', { account: 'Sim101', reason: 'tired', until: Date.UTC(2026, 10, 20, 22) }, 'the trader'],
    ])
  })

  test('that was not held is asked about first', async () => {
    expect(await post('/lockout', { until: 'session-end' })).toEqual([303, '/lockout'])
    expect(await post('/lockout', {}, { ...browser, 'hx-request': 'true' })).toEqual([
      422,
      '{"error":{"field":"confirmed","reason":"not-confirmed"}}',
    ])
    expect(await send('/lockout', {})).toEqual([422, { error: { field: 'confirmed', reason: 'not-confirmed' } }])
    expect(asked).toEqual([])
  })

  test.each([
    [{ until: 'tomorrow' }, 'until', 'not-a-time'],
    [{ until: '2026-11-20T17:00:00' }, 'until', 'not-a-time'],
    [{ reason: 'a\u0000b' }, 'reason', 'not-a-line'],
    [{ reason: 'x'.repeat(201) }, 'reason', 'too-long'],
    [{ account: 'x'.repeat(65) }, 'account', 'too-long'],
  ])('%j is refused', async (fields, field, reason) => {
    expect(await send('/lockout', { ...fields, confirmed: 'yes' })).toEqual([422, { error: { field, reason } }])
    expect(asked).toEqual([])
  })

  test.each(['DELETE', 'PUT', 'PATCH'])('cannot be taken back by %s', async (method) => {
    expect((await app.request('/lockout', { method, body: 'until=0' })).status).toBe(404)
  })
})

describe('an act on the platform', () => {
  test.each([
    ['/kill', ['kill', 'the trader']],
    ['/accounts/Sim101/flatten', ['flatten', 'Sim101', 'the trader']],
    ['/accounts/a%2Fb%20%C3%BC/cancel', ['cancel', 'a/b ü', 'the trader']],
    ['/accounts/Sim101/adoption', ['adopt', 'Sim101', 'the trader']],
  ])('%s is done when it was held, and asked about when not', async (path, done) => {
    expect(await post(path, {})).toEqual([303, path])
    expect(asked).toEqual([])
    expect(await post(path, { confirmed: 'yes' })).toEqual([303, '/'])
    expect(await post(path, { confirmed: 'yes' }, { ...browser, 'hx-request': 'true' })).toEqual([204, ''])
    expect(asked).toEqual([done, done])
  })

  test('that cannot be done says so', async () => {
    answer = { ok: false, reason: 'unknown-account' }
    expect(await send('/accounts/None/flatten', { confirmed: 'yes' })).toEqual([
      422,
      { error: { field: 'account', reason: 'unknown-account' } },
    ])
  })

  test.each([
    ['engine-not-ready', 'engine'],
    ['not-locked', 'lock'],
  ])('that ended in %s names the %s', async (reason, field) => {
    answer = { ok: false, reason }
    expect(await send('/kill', { confirmed: 'yes' })).toEqual([422, { error: { field, reason } }])
  })
})

describe('an account', () => {
  const account = (rules: Account['rules'], firm: string): Account => ({
    name: 'Sim101',
    alias: 'SIM',
    kind: 'SIM',
    firm,
    rules,
    commission: 'settings',
    anchor: { balance: dollars(50_000), at: Date.UTC(2026, 10, 20, 14) },
    peak: dollars(51_234.56),
    watched: true,
  })

  test.each(presets.map((preset) => [preset.id, preset] as const))(
    'with the rules of %s is read as it is written',
    async (_, preset) => {
      const written = account(preset.rules, preset.id)
      expect(await post('/accounts/Sim101', writeAccount(written))).toEqual([303, '/accounts?account=Sim101'])
      expect(asked).toEqual([['account', written, 'the trader']])
    },
  )

  test('that leaves the watch with the next trade date says so, and is shown unwatched', async () => {
    const [preset] = presets
    if (preset === undefined) throw new Error('no preset')
    const fields = writeAccount({ ...account(preset.rules, preset.id), unwatchedFrom: '2026-11-23' })
    answer = { ok: true, from: '2026-11-23' }
    expect(await post('/accounts/Sim101', fields)).toEqual([
      303,
      '/accounts?account=Sim101&saved=Sim101&takesEffect=watch-waits&from=2026-11-23',
    ])
    expect(asked).toMatchObject([['account', { watched: false }, 'the trader']])
  })

  test('saved as it was found has the very anchor it had', async () => {
    const [preset] = presets
    if (preset === undefined) throw new Error('no preset')
    const anchor = { balance: dollars(51_234.5), at: Date.UTC(2026, 10, 20, 14, 0, 4, 12) }
    const fields = writeAccount({ ...account(preset.rules, preset.id), anchor })
    expect(fields['anchor.at']).toBe('2026-11-20 09:00:04.012')
    await post('/accounts/Sim101', fields)
    expect(asked).toMatchObject([['account', { anchor }, 'the trader']])
  })

  test.each([
    ['kind', 'REAL', 'not-one-of'],
    ['commission', '', 'not-one-of'],
    ['anchor.balance', '', 'not-a-number'],
    ['anchor.at', 'yesterday', 'not-a-time'],
    ['anchor.at', '2026-11-31 09:00', 'not-a-date'],
    ['anchor.at', '2026-11-20 09:00:60', 'not-a-time'],
    ['peak', 'high', 'not-a-number'],
    ['alias', 'x'.repeat(41), 'too-long'],
    ['startBalance', '', 'missing'],
    ['startBalance', 'a lot', 'not-an-amount'],
    ['drawdown.kind', 'sliding', 'not-one-of'],
    ['drawdown.amount', '0', 'not-an-amount'],
    ['dailyLoss.time', '25:00', 'not-a-time'],
    ['consistency.percent', '150', 'not-a-share'],
    ['maxContracts.scaling', '1000 3\n500 5', 'not-ascending', '2'],
    ['maxContracts.scaling', '1000 3\n\n1500 3 5', 'not-a-whole-number', '3'],
    ['flatBy.zone', 'Mars/Olympus', 'unknown-zone'],
    ['name', 'x', 'unknown-field'],
  ])('whose %s is %j is refused', async (field, text, reason, line = '') => {
    const [preset] = presets
    if (preset === undefined) throw new Error('no preset')
    const fields = {
      ...writeAccount(account(preset.rules, preset.id)),
      'dailyLoss.amount': '500',
      'consistency.percent': '50',
      'flatBy.time': '16:00',
      [field]: text,
    }
    expect(await post('/accounts/Sim101', fields)).toEqual([
      303,
      `/accounts?${new URLSearchParams({ form: 'Sim101', field, reason, ...(line && { line }) })}`,
    ])
    expect(asked).toEqual([])
  })
})
