import { expect, test } from 'vitest'
import { checkCalendar } from './calendar-check.ts'
import type { MassiveRest } from './rest.ts'
import type { SessionEvent } from './to-domain.ts'

const forever = new AbortController().signal

const event = (
  tradeDate: string,
  name: SessionEvent['event'],
  at: string,
  instrument: SessionEvent['instrument'] = 'MGC',
) => ({
  instrument,
  tradeDate,
  event: name,
  at: Date.parse(at),
})

const check = (events: readonly SessionEvent[], from: string, to: string) => {
  const rest: Pick<MassiveRest, 'schedules'> = { schedules: async () => ({ ok: true, value: events, dropped: {} }) }
  return checkCalendar(rest, ['MGC'], { from, to }, forever)
}

const friday = [
  event('2026-11-20', 'pre-open', '2026-11-19T22:45:00Z'),
  event('2026-11-20', 'open', '2026-11-19T23:00:00Z'),
  event('2026-11-20', 'close', '2026-11-20T22:00:00Z'),
]

test('sessions that are the same are no news, though events come twice and weekends have none', async () => {
  expect(await check([...friday, ...friday.toReversed()], '2026-11-20', '2026-11-22')).toEqual({ ok: true, value: [] })
})

test('a session the vendor closes earlier is told with both accounts', async () => {
  const early = friday.with(2, event('2026-11-20', 'close', '2026-11-20T18:45:00Z'))
  const from = Date.parse('2026-11-19T23:00:00Z')
  expect(await check(early, '2026-11-20', '2026-11-20')).toEqual({
    ok: true,
    value: [
      {
        product: 'MGC',
        tradeDate: '2026-11-20',
        ours: [{ from, to: Date.parse('2026-11-20T22:00:00Z') }],
        vendors: [{ from, to: Date.parse('2026-11-20T18:45:00Z') }],
      },
    ],
  })
})

test('a holiday that belongs to the next trade date is two stretches of it', async () => {
  const thanksgiving = [
    event('2026-11-27', 'open', '2026-11-25T23:00:00Z'),
    event('2026-11-27', 'pause', '2026-11-26T19:30:00Z'),
    event('2026-11-27', 'pre-open', '2026-11-26T22:45:00Z'),
    event('2026-11-27', 'open', '2026-11-26T23:00:00Z'),
    event('2026-11-27', 'close', '2026-11-27T19:45:00Z'),
  ]
  expect(await check(thanksgiving, '2026-11-26', '2026-11-27')).toEqual({ ok: true, value: [] })
})

test('an open that is said twice begins no second stretch', async () => {
  const again = event('2026-11-20', 'open', '2026-11-20T01:00:00Z')
  expect(await check([...friday, again], '2026-11-20', '2026-11-20')).toEqual({ ok: true, value: [] })
})

test('a trade date only one of the two knows is told, and so is a session that never ends', async () => {
  const answer = await check(
    [
      friday[0],
      friday[1],
      event('2026-11-21', 'open', '2026-11-20T23:00:00Z'),
      event('2026-11-21', 'close', '2026-11-21T22:00:00Z'),
      ...friday.map((each) => ({ ...each, instrument: 'MES' as const })),
    ].filter((each) => each !== undefined),
    '2026-11-20',
    '2026-11-21',
  )
  expect(answer).toMatchObject({
    value: [
      { tradeDate: '2026-11-20', ours: [{}], vendors: [] },
      { tradeDate: '2026-11-21', ours: [], vendors: [{}] },
    ],
  })
})

test('a refusal is passed on', async () => {
  const refusal = { ok: false, reason: 'unavailable', detail: 'the server answers with 500' } as const
  expect(
    await checkCalendar({ schedules: async () => refusal }, ['MGC'], { from: '2026-11-20', to: '2026-11-20' }, forever),
  ).toBe(refusal)
})
