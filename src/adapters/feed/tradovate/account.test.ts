import { afterEach, expect, test } from 'vitest'
import { rehearseTradovate, until } from '#src/testing/tradovate/rehearsal.ts'
import { type BrokerReading, createAccountState } from './account-state.ts'

let rehearsal: Awaited<ReturnType<typeof rehearseTradovate>> | undefined
afterEach(async () => {
  await rehearsal?.close()
  rehearsal = undefined
})

test('positions and fills are those of the broker at the start, at every change and after a lost line', async () => {
  rehearsal = await rehearseTradovate()
  const { vendor, standIn } = rehearsal
  standIn.setPosition('MNQZ6', 2, 25_000.25)
  let newest: BrokerReading | undefined
  const account = vendor.account((reading) => {
    newest = reading
  })
  account.start()
  await until(() => newest !== undefined, 'the picture')
  expect(newest).toEqual({
    accounts: [{ id: 123, name: 'DEMO123', active: true }],
    positions: [
      { account: 'DEMO123', contract: 'MNQZ6', netQuantity: 2, averagePrice: 25_000.25, asOf: expect.any(Number) },
    ],
    fills: [],
  })

  standIn.addFill('MNQZ6', 'Sell', 2, 25_010.5)
  standIn.setPosition('MNQZ6', 0, 0)
  await until(() => newest?.positions[0]?.netQuantity === 0, 'the flat position')
  expect(newest?.positions).toEqual([
    { account: 'DEMO123', contract: 'MNQZ6', netQuantity: 0, asOf: expect.any(Number) },
  ])
  const fill = { account: 'DEMO123', contract: 'MNQZ6', side: 'sell', quantity: 2, price: 25_010.5 }
  expect(newest?.fills).toEqual([{ ...fill, id: expect.any(Number), at: expect.any(Number) }])
  expect(account.state().refused).toEqual({ 'unknown-entity': 1 })

  standIn.drop()
  await until(() => account.state().word === 'down', 'the loss')
  standIn.setPosition('MGCZ6', -1, 4_100.1)
  await until(() => newest?.positions.length === 2, 'the picture taken anew')
  expect(account.state().word).toBe('live')
  account.stop()
  expect(account.state().word).toBe('off')
})

test('a contract nobody has named is asked for once', async () => {
  rehearsal = await rehearseTradovate()
  rehearsal.standIn.inject('nameless')
  rehearsal.standIn.setPosition('MGCZ6', 1, 4_100)
  let newest: BrokerReading | undefined
  const account = rehearsal.vendor.account((reading) => {
    newest = reading
  })
  account.start()
  await until(() => newest?.positions[0]?.contract === 'MGCZ6', 'the name')
  account.stop()
})

test('only the newest 200 fills are kept, and an entity that cannot be read leaves everything as it was', () => {
  const state = createAccountState()
  const fill = { orderId: 1, contractId: 9, action: 'Buy', qty: 1, price: 100 }
  const at = (n: number) => new Date(Date.UTC(2026, 10, 20) + n * 1_000).toISOString()
  for (let n = 1; n <= 450; n++)
    state.apply({ entityType: 'fill', eventType: 'Created', entity: { ...fill, id: n, timestamp: at(n) } })
  expect(state.reading().fills).toHaveLength(200)
  expect(
    state
      .reading()
      .fills.map(({ id }) => id)
      .slice(0, 2),
  ).toEqual([450, 449])

  const before = state.reading()
  expect(state.apply({ entityType: 'fill', eventType: 'Updated', entity: { ...fill, id: 450, qty: 'many' } })).toEqual([
    'fill',
  ])
  expect(state.apply({ entityType: 'riskStatus', eventType: 'Created', entity: { id: 1 } })).toEqual(['unknown-entity'])
  expect(state.apply(null)).toEqual(['unknown-entity'])
  expect(state.reading()).toEqual(before)
  state.apply({ entityType: 'fill', eventType: 'Deleted', entity: { id: 450 } })
  expect(state.reading().fills[0]?.id).toBe(449)
})
