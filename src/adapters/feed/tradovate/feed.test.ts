import { afterEach, expect, test } from 'vitest'
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

/** The trades heard of a contract and those of the tape over the same stretch. */
const bothSides = (
  { tape }: Rehearsal,
  ticks: readonly { eventTime: number; price: number; size: number }[],
  name: string,
) => {
  const heard = ticks.map(({ eventTime, price, size }) => [eventTime, price, size])
  const [first, last] = [ticks[0]?.eventTime ?? 0, ticks.at(-1)?.eventTime ?? 0]
  return { heard, played: tape.trades(name, first, last + 1).map(({ at, price, size }) => [at, price, size]) }
}

test('every trade of two markets arrives once and in order, with quotes around it and time that never goes back', async () => {
  const rehearsal = await rehearse()
  const { ofMonth, ticks, quotes, words, times, feed } = rehearsal.listen([gold, nasdaq])
  await until(() => ofMonth(gold).length > 80 && ofMonth(nasdaq).length > 80, '80 trades of each')

  for (const [contract, name] of [
    [gold, 'MGCZ6'],
    [nasdaq, 'MNQZ6'],
  ] as const) {
    // The newest trades may still be on their way; the stretch before them is complete.
    const { heard, played } = bothSides(rehearsal, ofMonth(contract).slice(0, 60), name)
    expect(heard).toEqual(played.slice(0, heard.length))
  }
  expect(words).toEqual(['connecting: connecting', 'live: Tradovate'])
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(quotes.length).toBeGreaterThan(10)
  expect(quotes.every(({ bid, ask }) => bid < ask)).toBe(true)
  expect(ticks.filter(({ aggressor }) => aggressor === undefined)).toEqual([])
  expect(feed.status()).toEqual({ mode: 'REPLAY', grain: 'tick', refused: {}, connections: 1 })
})

test('packets that overtake each other come out in order and whole', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('reordered')
  const { ofMonth } = rehearsal.listen([nasdaq])
  await until(() => ofMonth(nasdaq).length > 120, '120 trades')
  const { heard, played } = bothSides(rehearsal, ofMonth(nasdaq).slice(0, 90), 'MNQZ6')
  // Trades of one instant may stand either way around.
  expect(heard.toSorted()).toEqual(played.slice(0, heard.length).toSorted())
})

test('without trades for the account whole minutes come, as the vendor has them, and the trader is told', async () => {
  const rehearsal = await rehearse({ startAt: Date.UTC(2026, 10, 20, 14, 30, 50) })
  rehearsal.standIn.inject('no-ticks')
  const { bars, ticks, times, feed } = rehearsal.listen([gold])
  await until(() => bars.length > 0 && times.some((now) => now >= Date.UTC(2026, 10, 20, 14, 31)), 'a minute')
  expect(ticks).toEqual([])
  expect(bars[0]).toEqual({
    instrument: 'MGC',
    bar: rehearsal.tape.bars('MGCZ6', Date.UTC(2026, 10, 20, 14, 30), Date.UTC(2026, 10, 20, 14, 31))[0],
    toldAt: expect.any(Number),
  })
  expect(bars[0]?.toldAt).toBeLessThan(Date.UTC(2026, 10, 20, 14, 31))
  expect(feed.status().note).toBe('the account has no trades: minute bars only')
  expect(feed.status().grain).toBe('bar')
})

test('an account without market data is told so and not asked again for half an hour', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('access-denied')
  const { words, feed, ticks } = rehearsal.listen([gold, nasdaq])
  await until(() => words.length > 1, 'the refusal')
  expect(words.at(-1)).toBe('down: Tradovate denies this to the account: Access is denied')
  expect((feed.status().nextTryAt ?? 0) - rehearsal.wall()).toBeGreaterThan(29 * 60_000)
  expect(ticks).toEqual([])
})

test('a wrong password is told without it, and tried no more than three times an hour', async () => {
  const rehearsal = await rehearse({ password: 'a-secret-phrase' })
  const { words, feed } = rehearsal.listen([gold])
  await until(() => words.length > 1, 'the refusal')
  expect(words.at(-1)).toBe(
    'down: Tradovate refuses the login: Incorrect username or password. Please try again. (•••)',
  )
  expect((feed.status().nextTryAt ?? 0) - rehearsal.wall()).toBeGreaterThan(19 * 60_000)
  expect(rehearsal.standIn.counts().logins).toBe(1)
})

test('a time penalty is waited out with its ticket, on the way in and on the socket', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('penalty')
  rehearsal.standIn.inject('penalized')
  const { words, ticks } = rehearsal.listen([gold])
  await until(() => ticks.length > 0, 'a trade')
  expect(words.at(-1)).toBe('live: Tradovate')
  expect(rehearsal.standIn.counts().logins).toBe(2)
})

test('a captcha is left alone for an hour', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('captcha')
  const { words, feed } = rehearsal.listen([gold])
  await until(() => words.length > 1, 'the refusal')
  expect(words.at(-1)).toBe(
    'down: Tradovate wants a captcha answered, which only its own site can show: waiting one hour',
  )
  expect((feed.status().nextTryAt ?? 0) - rehearsal.wall()).toBeGreaterThan(59 * 60_000)
  expect(rehearsal.standIn.counts().logins).toBe(1)
})

test('a session taken away by two other programs is left to them for a minute, then taken back once', async () => {
  const rehearsal = await rehearse()
  const { words, ticks, feed } = rehearsal.listen([gold])
  await until(() => ticks.length > 0, 'a trade')
  rehearsal.standIn.openElsewhere()
  rehearsal.standIn.openElsewhere()
  await until(() => words.length > 2, 'the kick')
  expect(words.at(-1)).toBe('down: Tradovate closed the connection: too many programs use this account at once')
  expect((feed.status().nextTryAt ?? 0) - rehearsal.wall()).toBeGreaterThan(59_000)
  await until(() => words.at(-1) === 'live: Tradovate', 'the way back')
  expect(rehearsal.standIn.counts().logins).toBe(2)
})

test('a server under maintenance, a cut line and a lost session are all come back from, one socket at a time', async () => {
  const rehearsal = await rehearse()
  const { words, ticks, feed } = rehearsal.listen([gold, nasdaq])
  await until(() => ticks.length > 0, 'a trade')
  for (const fail of [() => rehearsal.standIn.shutDown('Maintenance'), rehearsal.standIn.drop]) {
    const [told, heard] = [words.length, ticks.length]
    fail()
    await until(() => words.length === told + 2 && ticks.length > heard, 'the way back')
    expect(words.slice(told)).toEqual([expect.stringMatching(/^down: /), 'live: Tradovate'])
  }
  expect(words).toContain('down: Tradovate is under maintenance: closed: Maintenance')
  rehearsal.standIn.expireSessions()
  rehearsal.standIn.drop()
  await until(() => rehearsal.standIn.counts().logins === 2 && words.at(-1) === 'live: Tradovate', 'a new session')
  expect(rehearsal.standIn.counts().mostSockets).toBe(1)
  expect(feed.status().connections).toBeGreaterThanOrEqual(4)
})

test('a half-open socket is noticed within ten seconds of silence', async () => {
  const rehearsal = await rehearse()
  const { words, ticks } = rehearsal.listen([gold])
  await until(() => ticks.length > 0, 'a trade')
  rehearsal.standIn.inject('half-open')
  const silentFrom = rehearsal.wall()
  await until(() => words.length > 2, 'the silence')
  expect(words.at(-1)).toBe('down: Tradovate fell silent on an open connection')
  expect(rehearsal.wall() - silentFrom).toBeGreaterThan(7_000)
  rehearsal.standIn.clear()
  await until(() => words.at(-1) === 'live: Tradovate', 'the way back')
})

test('a server that beats and sends no prices for a minute of the open market is asked anew', async () => {
  const rehearsal = await rehearse()
  const { words, ticks } = rehearsal.listen([gold])
  await until(() => ticks.length > 0, 'a trade')
  rehearsal.standIn.inject('stall')
  await until(() => words.length > 2, 'the word')
  expect(words.at(-1)).toBe('down: no price for a minute though the market is open')
})

test('nonsense between the frames is counted by kind and changes nothing', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('garbage')
  const { ofMonth, words, feed } = rehearsal.listen([gold])
  await until(() => ofMonth(gold).length > 80, '80 trades')
  const { heard, played } = bothSides(rehearsal, ofMonth(gold).slice(0, 60), 'MGCZ6')
  expect(heard).toEqual(played.slice(0, heard.length))
  expect(words).toEqual(['connecting: connecting', 'live: Tradovate'])
  const { refused } = feed.status()
  expect(Object.keys(refused).sort()).toEqual([
    'not-json',
    'quote',
    'unasked-answer',
    'unknown-frame',
    'unknown-message',
  ])
  expect(refused['unasked-answer']).toBe(refused['not-json'])
})

test('too many requests are answered with patience', async () => {
  const rehearsal = await rehearse()
  rehearsal.standIn.inject('too-many')
  const { words, ticks } = rehearsal.listen([gold])
  await until(() => words.length > 1, 'the refusal')
  expect(words.at(-1)).toBe('down: Tradovate asks for fewer requests')
  expect(rehearsal.standIn.counts().logins).toBe(0)
  rehearsal.standIn.clear()
  await until(() => ticks.length > 0, 'a trade')
})

test('the contracts can be changed while it runs, and asleep it holds no connection', async () => {
  const rehearsal = await rehearse()
  const { ofMonth, words, feed, ticks, times } = rehearsal.listen([nasdaq])
  await until(() => ofMonth(nasdaq).length > 0, 'a trade')
  feed.follow([nextNasdaq, gold])
  await until(() => ofMonth(nextNasdaq).length > 0 && ofMonth(gold).length > 0, 'trades of the new ones')
  const old = ofMonth(nasdaq).length
  await until(() => ofMonth(nextNasdaq).length > 50, 'more trades')
  expect(ofMonth(nasdaq).length).toBe(old)

  feed.sleep('nobody trades')
  await until(() => rehearsal.standIn.counts().open === 0, 'no connection')
  const [heard, reached] = [ticks.length, times.at(-1) ?? 0]
  await until(() => (times.at(-1) ?? 0) > reached + 5_000, 'time that passes all the same')
  expect(words.at(-1)).toBe('asleep: nobody trades')
  expect(ticks.length).toBe(heard)
  feed.wake()
  await until(() => ticks.length > heard, 'a trade after waking')
  expect(words.slice(-2)).toEqual(['connecting: connecting', 'live: Tradovate'])
  expect(rehearsal.standIn.counts().logins).toBe(1)
})
