import { Hono } from 'hono'
import { beforeEach, describe, expect, test } from 'vitest'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import {
  keptReport,
  labReading,
  quietLab,
  reportId,
  shadowBook,
  study,
  studyId,
  studyTrials,
} from '#src/testing/lab.ts'
import { morning } from '#src/testing/world.ts'
import type { Env } from '../refusal.ts'
import { actions } from './actions.ts'
import { analysis } from './analysis.ts'
import { lab } from './lab.tsx'
import type { LabAnswer, LabDeps, LabWish } from './lab-deps.ts'
import { labWishes } from './lab-wishes.ts'

let asked: LabWish[]
let answer: (wish: LabWish) => LabAnswer
beforeEach(() => {
  asked = []
  answer = () => ({ ok: true })
})

const kept: LabDeps = {
  ...quietLab,
  study: async (id) => (id === studyId ? study : undefined),
  trials: async () => studyTrials,
  report: async (id) => (id === reportId ? keptReport : undefined),
  reports: async (limit) =>
    [{ id: reportId, spec: keptReport.spec, madeAt: keptReport.madeAt, summary: labReading.reports[0] as never }].slice(
      0,
      limit,
    ),
  champions: async () => [{ ...labReading.champions[0], parameters: { target1: 1.25 }, decidedAt: 1 } as never],
  shadowBook: async () => shadowBook,
  ask: async (wish) => {
    asked.push(wish)
    return answer(wish)
  },
}
const deps = {
  bus: { picture: () => ({ ...morning, lab: labReading }) },
  instruments: focusInstruments,
  assets: new Map(),
  ask: async () => {},
  lab: kept,
}
const app = new Hono<Env>()
for (const route of [lab(deps), labWishes(deps), actions(deps), analysis(deps)]) app.route('/', route)

const get = async (path: string) => {
  const response = await app.request(path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const post = async (
  path: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Record<string, string> = {},
) => {
  const response = await app.request(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: 'http://localhost', ...headers },
  })
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

describe('pages', () => {
  test.each([
    ['/lab', 'lab', 'id="lab"'],
    ['/lab?strategy=rsi', 'lab', 'value="rsi"'],
    ['/lab?form=report:time-block&field=from&reason=not-a-date', 'lab', 'value="time-block"'],
    [`/lab/studies/${studyId}?x=stop&y=fast`, 'lab-sheet', 'id="verdict"'],
    [`/lab/reports/${reportId}?page=1`, 'lab-sheet', 'id="trades"'],
    [`/lab/compare?a=${reportId}&b=${reportId}`, 'lab-sheet', 'the same report'],
    ['/lab/compare', 'lab-sheet', '<select name="a">'],
    ['/lab/shadow-book?show=all', 'lab-sheet', 'Every card'],
    ['/lab/night', 'lab-sheet', 'id="focus-draft"'],
  ])('%s is whole, on the stream %s', async (path, stream, part) => {
    const { status, text } = await get(path)
    expect([status, text.startsWith('<!doctype html>')]).toEqual([200, true])
    expect(text).toContain(`sse-connect="/live?page=${stream}"`)
    expect(text).toContain(part)
  })

  test.each([
    ['/lab/studies/none', 'study', 'unknown-study'],
    ['/lab/reports/none', 'report', 'unknown-report'],
    ['/lab/reports/abc.csv', 'report', 'unknown-report'],
  ])('%s is named as unknown', async (path, field, reason) => {
    const { status, text } = await get(path)
    expect([status, JSON.parse(text)]).toEqual([404, { error: { field, reason } }])
  })

  test('the trades come as a file that opens in a sheet', async () => {
    const { status, headers, text } = await get(`/lab/reports/${reportId}.csv`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="backtest-MGC-sma-cross-2026-11-17-2026-11-19.csv"',
    )
    const lines = text.split('\r\n')
    expect(lines[0]).toBe(
      'trade_date,entered_utc,left_utc,side,quantity,entry,exit,net_dollars,r,mfe_ticks,mae_ticks,reason,grade,regime',
    )
    expect(lines[1]).toBe(
      '2026-11-17,2026-11-19T13:31:00.000Z,2026-11-19T14:02:00.000Z,long,2,4120.3,4126.1,216.88,1.4100,64,-18,flat-by,,',
    )
    expect(lines.slice(4)).toEqual([''])
  })
})

const wantedStudy = { instrument: 'MGC', strategy: 'rsi', method: 'grid', budget: '400' }

describe('a study', () => {
  test('that is kept leads to its page, and a program hears its id', async () => {
    answer = () => ({ ok: true, id: studyId })
    expect(await post('/lab/studies', wantedStudy)).toEqual([303, `/lab/studies/${studyId}`])
    expect(await send('/lab/studies', { ...wantedStudy, budget: 400 })).toEqual([202, { ok: true, id: studyId }])
    const wish = { kind: 'study', instrument: 'MGC', strategy: 'rsi', method: 'grid', budget: 400 }
    expect(asked).toEqual([wish, wish])
    await post('/lab/studies', { ...wantedStudy, windows: '3/1/0.5' })
    expect(asked[2]).toEqual({ ...wish, windows: { train: 3, test: 1, step: 0.5 } })
  })

  test.each([
    [{ instrument: 'XYZ' }, 'instrument', 'unknown-instrument'],
    [{ instrument: 'MYM' }, 'instrument', 'unknown-instrument'],
    [{ strategy: 'luck' }, 'strategy', 'unknown-strategy'],
    [{ method: 'guess' }, 'method', 'unknown-method'],
    [{ budget: 'many' }, 'budget', 'not-a-number'],
    [{ budget: '1' }, 'budget', 'too-small'],
    [{ budget: '5001' }, 'budget', 'too-large'],
    [{ budget: '2.5' }, 'budget', 'not-a-whole-number'],
    [{ windows: '6/1' }, 'windows', 'not-windows'],
    [{ windows: '6/1/0' }, 'windows', 'not-windows'],
    [{ seed: '3' }, 'seed', 'unknown-field'],
  ])('with %j is refused by its field, and nothing is asked', async (change, field, reason) => {
    const fields = { ...wantedStudy, ...change }
    const form = `study:${fields.strategy}`
    expect(await post('/lab/studies', fields)).toEqual([303, `/lab?${new URLSearchParams({ form, field, reason })}`])
    expect(await send('/lab/studies', fields)).toEqual([422, { error: { field, reason } }])
    expect(asked).toEqual([])
  })

  test('of a market of which nothing is stored says so', async () => {
    answer = () => ({ ok: false, field: 'instrument', reason: 'nothing-stored' })
    expect(await post('/lab/studies', wantedStudy)).toEqual([
      303,
      '/lab?form=study%3Arsi&field=instrument&reason=nothing-stored',
    ])
  })

  test('is given up from a form, by htmx, or refused when it is over', async () => {
    expect(await post(`/lab/studies/${studyId}/cancellation`)).toEqual([303, '/lab'])
    expect(await post(`/lab/studies/${studyId}/cancellation`, {}, { 'hx-request': 'true' })).toEqual([204, ''])
    expect(asked[0]).toEqual({ kind: 'cancel', study: studyId })
    answer = () => ({ ok: false, field: 'study', reason: 'study-over' })
    expect(await post(`/lab/studies/${studyId}/cancellation`)).toEqual([
      303,
      '/lab?form=cancellation&field=study&reason=study-over',
    ])
    expect((await get(`/lab/studies/${studyId}/cancellation`)).status).toBe(404)
  })
})

const crossing = { instrument: 'MES', strategy: 'sma-cross' }
const parameters = { 'p.fast': '15.0', 'p.slow': '45', 'p.stop': '3.0', 'p.target': '2.5' }

describe('a backtest', () => {
  test('takes parameters and dates, or those in force and all that is stored', async () => {
    answer = () => ({ ok: true, id: reportId })
    const dates = { from: '2026-01-02', to: '2026-11-19' }
    expect(await post('/lab/reports', { ...crossing, ...dates, ...parameters })).toEqual([
      303,
      `/lab/reports/${reportId}`,
    ])
    expect(await post('/lab/reports', { ...crossing, from: '', to: '' })).toEqual([303, `/lab/reports/${reportId}`])
    expect(asked).toEqual([
      { kind: 'backtest', ...crossing, ...dates, parameters: { fast: 15, slow: 45, stop: 3, target: 2.5 } },
      { kind: 'backtest', ...crossing },
    ])
  })

  test('is played on an account and with other fills where they are filled in', async () => {
    answer = () => ({ ok: true, id: reportId })
    await post('/lab/reports', {
      ...crossing,
      account: 'topstep-50k',
      limitThrough: '2',
      volumeShare: '0.1',
      latencyMs: '',
    })
    await post('/lab/reports', { ...crossing, account: '', path: 'nearest-extreme' })
    expect(asked).toEqual([
      { kind: 'backtest', ...crossing, account: 'topstep-50k', realism: { limitThrough: 2, volumeShare: 0.1 } },
      { kind: 'backtest', ...crossing, realism: { path: 'nearest-extreme' } },
    ])
  })

  test.each([
    [{ account: 'topstep' }, 'account', 'not-one-of'],
    [{ limitThrough: '1.5' }, 'limitThrough', 'not-a-whole-number'],
    [{ latencyMs: '60001' }, 'latencyMs', 'too-large'],
    [{ volumeShare: '0' }, 'volumeShare', 'too-small'],
    [{ slippageTicks: 'two' }, 'slippageTicks', 'not-a-number'],
    [{ path: 'best' }, 'path', 'not-one-of'],
    [{ from: '2026-13-01' }, 'from', 'not-a-date'],
    [{ to: 'today' }, 'to', 'not-a-date'],
    [{ from: '2026-02-30' }, 'from', 'not-a-date'],
    [{ from: '2026-11-19', to: '2026-11-18' }, 'to', 'not-ascending'],
    [{ 'p.fast': '15' }, 'p.slow', 'missing'],
    [{ ...parameters, 'p.fast': '16' }, 'p.fast', 'not-one-of'],
    [{ ...parameters, 'p.fast': '' }, 'p.fast', 'not-one-of'],
    [{ 'p.window': '5' }, 'p.window', 'unknown-field'],
    [{ strategy: 'opening-range', 'p.window': '5', 'p.beyond': '' }, 'p.beyond', 'not-one-of'],
    [{ instrument: '' }, 'instrument', 'unknown-instrument'],
  ])('with %j is refused by its field, and nothing is asked', async (change, field, reason) => {
    expect(await send('/lab/reports', { ...crossing, ...change })).toEqual([422, { error: { field, reason } }])
    expect(asked).toEqual([])
  })
})

test('the night is run when it is asked for, once', async () => {
  expect(await post('/lab/night')).toEqual([303, '/lab'])
  expect(asked).toEqual([{ kind: 'night' }])
  answer = () => ({ ok: false, field: 'night', reason: 'night-running' })
  expect(await post('/lab/night')).toEqual([303, '/lab?form=night&field=night&reason=night-running'])
})

describe('what programs ask', () => {
  test('the results in short, one in full, and how the champions changed', async () => {
    const short = JSON.parse((await get('/analysis/backtest_results')).text)
    expect(short).toMatchObject([{ id: reportId, spec: { strategy: 'sma-cross' }, summary: { trades: 3 } }])
    const whole = JSON.parse((await get(`/analysis/backtest_results?id=${reportId}`)).text)
    expect(whole).toEqual(JSON.parse(JSON.stringify(keptReport)))
    const unknown = await get('/analysis/backtest_results?id=none')
    expect([unknown.status, JSON.parse(unknown.text)]).toEqual([
      404,
      { error: { field: 'id', reason: 'unknown-report' } },
    ])
    expect(JSON.parse((await get('/analysis/strategy_history')).text)).toMatchObject([
      { instrument: 'MES', strategy: 'focus-plan', from: '2026-11-12', parameters: { target1: 1.25 } },
    ])
  })

  test('studies of one market, or of each that is watched', async () => {
    answer = (wish) => (wish.kind === 'study' ? { ok: true, id: `of-${wish.instrument}` } : { ok: true })
    expect(
      await send('/actions/optimize_now', { instrument: 'MNQ', strategy: 'rsi', method: 'random', budget: 50 }),
    ).toEqual([202, { accepted: true, studies: ['of-MNQ'] }])
    expect(asked).toEqual([{ kind: 'study', instrument: 'MNQ', strategy: 'rsi', method: 'random', budget: 50 }])
    const [status, told] = await send('/actions/optimize_now', {})
    expect([status, told]).toEqual([202, { accepted: true, studies: focusInstruments.map((id) => `of-${id}`) }])
    expect(asked[1]).toEqual({ kind: 'study', instrument: 'MGC', strategy: 'focus-plan', method: 'model', budget: 200 })
  })

  test('those that cannot be made are named, and none at all is a refusal', async () => {
    answer = (wish) =>
      wish.kind === 'study' && wish.instrument === 'MGC'
        ? { ok: true, id: 'one' }
        : { ok: false, field: 'instrument', reason: 'nothing-stored' }
    const [status, told] = await send('/actions/optimize_now', {})
    expect(status).toBe(202)
    expect(told).toMatchObject({ studies: ['one'] })
    expect((told as { refused: unknown[] }).refused).toHaveLength(focusInstruments.length - 1)
    expect(await send('/actions/optimize_now', { instrument: 'MES' })).toEqual([
      409,
      { error: { field: 'instrument', reason: 'nothing-stored' } },
    ])
  })

  test.each([
    [{ instrument: 'XYZ' }, 'instrument', 'unknown-instrument'],
    [{ strategy: 'luck' }, 'strategy', 'unknown-strategy'],
    [{ budget: 0 }, 'budget', 'too-small'],
    [{ markets: 'MES' }, 'markets', 'unknown-field'],
  ])('a study of %j is refused by its field', async (body, field, reason) => {
    expect(await send('/actions/optimize_now', body)).toEqual([422, { error: { field, reason } }])
    expect(asked).toEqual([])
  })
})
