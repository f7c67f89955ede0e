import { afterEach, expect, test } from 'vitest'
import { key, opening, startStandIn } from '#src/testing/massive/rehearsal.ts'
import { checkCalendar } from './calendar-check.ts'
import { createMassiveHistory } from './history.ts'
import { createMassiveRest } from './rest.ts'

const gold = { id: 'MGC', year: 2026, month: 12 } as const
const halfHour = { from: opening - 30 * 60_000, to: opening }
const forever = new AbortController().signal

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Our client on the stand-in, whose market stands still at 09:30 of Friday 2026-11-20. */
const rehearse = async (given: Parameters<typeof startStandIn>[0] = {}) => {
  const standIn = await startStandIn(given)
  stops.push(standIn.close)
  const rest = createMassiveRest({
    baseUrl: standIn.restUrl,
    apiKey: key,
    requestsPerMinute: 6_000,
    wall: () => opening,
    schedule: (run, ms) => {
      const timer = setTimeout(run, ms / 20)
      return () => clearTimeout(timer)
    },
    random: () => 0.01,
  })
  return { standIn, rest, history: createMassiveHistory({ rest, wall: () => opening }) }
}

const readAll = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const page of pages) all.push(page)
  return all
}

test('everything the stand-in tells of the markets is understood', async () => {
  const { rest } = await rehearse()
  const markets = ['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ'] as const
  const contracts = await rest.contracts(markets, '2026-11-20', forever)
  expect(contracts).toMatchObject({ ok: true, dropped: {} })
  const listed = contracts.ok ? contracts.value.map(({ contract }) => contract) : []
  expect(listed).toContainEqual(gold)
  expect(await rest.snapshot(listed, forever)).toMatchObject({
    ok: true,
    dropped: {},
    value: { length: listed.length },
  })
  expect(await rest.products(markets, '2026-11-20', forever)).toMatchObject({ dropped: {}, value: { length: 6 } })
  expect(await rest.marketStatus(markets, forever)).toMatchObject({ dropped: {}, value: { length: 6 } })
  const minute = { from: opening - 60_000, to: opening }
  for (const page of [
    ...(await readAll(rest.trades(gold, minute, forever))),
    ...(await readAll(rest.quotes(gold, minute, forever))),
  ])
    expect(page).toMatchObject({ ok: true, dropped: {}, rows: { 0: { instrument: 'MGC' } } })
})

test('small pages add up to the whole, each row once', async () => {
  const { rest } = await rehearse()
  const minutes = (limit: number) => readAll(rest.aggregates(gold, { resolution: '1min', ...halfHour, limit }, forever))
  const [whole] = await minutes(50_000)
  const pages = await minutes(7)
  expect(pages).toHaveLength(5)
  expect(pages.flatMap((page) => (page.ok ? page.rows : []))).toEqual(whole?.ok && whole.rows)
})

test('the history is whole and ends a minute before now', async () => {
  const { history } = await rehearse()
  const [page, ...more] = await readAll(
    history.minutes(gold, { from: halfHour.from, to: opening + 3_600_000 }, forever),
  )
  expect(more).toEqual([])
  expect(page).toMatchObject({ ok: true, reaches: opening - 60_000, dropped: {} })
  expect(page?.ok && page.bars.map(({ time }) => time)).toEqual(
    Array.from({ length: 30 }, (_, minute) => halfHour.from + minute * 60_000),
  )
})

test('a busy server and numbers in quotes change nothing', async () => {
  const { history, standIn } = await rehearse()
  const calm = await readAll(history.minutes(gold, halfHour, forever))
  standIn.inject({ kind: 'rest-error', status: 429, times: 2, retryAfterS: 1 })
  standIn.inject({ kind: 'strings' })
  expect(await readAll(history.minutes(gold, halfHour, forever))).toEqual(calm)
  expect(calm).toMatchObject([{ ok: true, bars: { length: 30 } }])
})

test.each(['loop', 'https://stranger.example'])('a next page at %s is not read', async (to) => {
  const { rest, standIn } = await rehearse()
  standIn.inject({ kind: 'wrong-next-url', to })
  const pages = await readAll(rest.aggregates(gold, { resolution: '1min', ...halfHour, limit: 10 }, forever))
  expect(pages.at(-1)).toMatchObject({ ok: false, reason: 'garbage' })
})

test.each([
  ['starter', 'minute bars only'],
  ['developer', 'minute bars, trades'],
  ['advanced', 'minute bars, trades, quotes'],
] as const)('the %s plan has %s', async (plan, words) => {
  const { history } = await rehearse({ plan })
  expect(await history.check(forever)).toEqual({ ok: true, plan: words })
})

test('a key that is not known is told', async () => {
  const { history, standIn } = await rehearse()
  standIn.inject({ kind: 'auth-refused' })
  expect(await history.check(forever)).toEqual({ ok: false, reason: 'bad-key', detail: 'the key is not known' })
})

test('the calendars agree from October to January, over the change of the clock and every holiday between', async () => {
  const { rest } = await rehearse()
  const range = { from: '2026-10-01', to: '2027-01-31' }
  expect(await checkCalendar(rest, ['MGC', 'MCL', 'MES'], range, forever)).toEqual({ ok: true, value: [] })
})
