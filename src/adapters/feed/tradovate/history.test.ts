import { afterEach, expect, test } from 'vitest'
import type { Bar } from '#src/domain/market/bar.ts'
import type { HistoryPage, Refused } from '#src/engine/ports.ts'
import { gold, nasdaq, nextNasdaq, rehearseTradovate, until } from '#src/testing/tradovate/rehearsal.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearseTradovate>>
const running: Rehearsal[] = []
const rehearse = async (options?: Parameters<typeof rehearseTradovate>[0]): Promise<Rehearsal> => {
  const rehearsal = await rehearseTradovate(options)
  running.push(rehearsal)
  return rehearsal
}
afterEach(async () => {
  for (const rehearsal of running.splice(0)) await rehearsal.close()
})

const denied = { ok: false, reason: 'not-entitled', detail: 'Tradovate denies this to the account: Access is denied' }
const never = new AbortController().signal
const gather = async (pages: AsyncIterable<HistoryPage | Refused>): Promise<(HistoryPage | Refused)[]> => {
  const all: (HistoryPage | Refused)[] = []
  for await (const page of pages) all.push(page)
  return all
}
const barsOf = (pages: readonly (HistoryPage | Refused)[]): readonly Bar[] =>
  pages.flatMap((page) => (page.ok ? page.bars : []))

test('a fortnight comes in order of time though the vendor gives it backwards and cut short', async () => {
  const rehearsal = await rehearse({ chartLimit: 1_100 })
  const [from, to] = [Date.UTC(2026, 10, 4, 14), Date.UTC(2026, 10, 18, 3)]
  const pages = await gather(rehearsal.vendor.history().minutes(gold, { from, to }, never))

  expect(barsOf(pages)).toEqual(rehearsal.tape.bars('MGCZ6', from, to))
  expect(barsOf(pages).length).toBeGreaterThan(10_000)
  expect(pages.map((page) => (page.ok ? new Date(page.reaches).toISOString() : page.reason))).toEqual([
    '2026-11-09T14:00:00.000Z',
    '2026-11-14T14:00:00.000Z',
    '2026-11-18T03:00:00.000Z',
  ])
  expect(pages.map((page) => (page.ok ? page.dropped : {}))).toEqual([{}, {}, {}])
  await until(() => rehearsal.standIn.counts().open === 0, 'the socket closed after use')
  expect(rehearsal.standIn.counts().sockets).toBe(1)
})

test('the minute that runs is never given, nor the one that has only just ended', async () => {
  const rehearsal = await rehearse({ startAt: Date.UTC(2026, 10, 20, 14, 30, 5) })
  const range = { from: Date.UTC(2026, 10, 20, 14, 20), to: Date.UTC(2026, 10, 20, 15) }
  const pages = await gather(rehearsal.vendor.history().minutes(nasdaq, range, never))
  expect(barsOf(pages).at(-1)?.time).toBe(Date.UTC(2026, 10, 20, 14, 28))
  expect(pages.map((page) => page.ok && page.reaches)).toEqual([Date.UTC(2026, 10, 20, 14, 29)])
})

test('a weekend is known without asking', async () => {
  const rehearsal = await rehearse()
  const range = { from: Date.UTC(2026, 10, 14), to: Date.UTC(2026, 10, 15) }
  expect(await gather(rehearsal.vendor.history().minutes(gold, range, never))).toEqual([
    { ok: true, bars: [], reaches: Date.UTC(2026, 10, 15), dropped: {} },
  ])
  expect(rehearsal.standIn.counts().charts).toBe(0)
})

test('a line cut in the middle costs nothing', async () => {
  const rehearsal = await rehearse({ chartLimit: 500 })
  const [from, to] = [Date.UTC(2026, 10, 16), Date.UTC(2026, 10, 19)]
  const asked = gather(rehearsal.vendor.history().minutes(gold, { from, to }, never))
  await until(() => rehearsal.standIn.counts().charts > 2, 'the third chart')
  rehearsal.standIn.drop()
  expect(barsOf(await asked)).toEqual(rehearsal.tape.bars('MGCZ6', from, to))
})

test('what is called off ends with that word, what is denied with the vendor’s', async () => {
  const rehearsal = await rehearse()
  const range = { from: Date.UTC(2026, 10, 2), to: Date.UTC(2026, 10, 19) }
  const stop = new AbortController()
  const stopped = gather(rehearsal.vendor.history().minutes(gold, range, stop.signal))
  await until(() => rehearsal.standIn.counts().charts > 0, 'the first chart')
  stop.abort()
  expect((await stopped).at(-1)).toEqual({ ok: false, reason: 'stopped', detail: 'stopped' })

  rehearsal.standIn.inject('access-denied')
  expect(await gather(rehearsal.vendor.history().minutes(gold, range, never))).toEqual([denied])
})

test('the check says what the account has', async () => {
  const rehearsal = await rehearse({ contracts: [{ id: 'MES', year: 2026, month: 12 }] })
  const { vendor, standIn } = rehearsal
  expect(await vendor.history().check(never)).toEqual({ ok: true, plan: 'quotes, trades and minute bars' })
  standIn.inject('no-ticks')
  expect(await vendor.history().check(never)).toEqual({ ok: true, plan: 'quotes and minute bars, no trades' })
  standIn.inject('access-denied')
  expect(await vendor.history().check(never)).toEqual(denied)
})

test('volumes are the running session’s, and a feed on the same socket hears on', async () => {
  const startAt = Date.UTC(2026, 10, 20, 14, 30)
  const rehearsal = await rehearse({ startAt })
  const { quotes } = rehearsal.listen([nasdaq])
  await until(() => quotes.length > 0, 'a quote')
  const answer = await rehearsal.vendor.history().volumes([nasdaq, nextNasdaq], never)
  const traded = rehearsal.tape
    .bars('MNQZ6', Date.UTC(2026, 10, 19, 23), startAt)
    .reduce((sum, bar) => sum + bar.volume, 0)
  if (!answer.ok) throw new Error(answer.detail)
  expect(answer.value.map(({ contract, tradeDate }) => [contract, tradeDate])).toEqual([
    [nasdaq, '2026-11-20'],
    [nextNasdaq, '2026-11-20'],
  ])
  for (const { volume } of answer.value) {
    expect(volume).toBeGreaterThanOrEqual(traded)
    expect(volume).toBeLessThan(traded * 1.05)
  }
  const heard = quotes.length
  await until(() => quotes.length > heard, 'a further quote')
  expect(rehearsal.standIn.counts().mostSockets).toBe(1)
})
