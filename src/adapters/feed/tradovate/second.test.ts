import { afterEach, expect, test } from 'vitest'
import type { SecondSourcePrice } from '#src/engine/ports.ts'
import { gold, nasdaq, rehearseTradovate, until } from '#src/testing/tradovate/rehearsal.ts'

let rehearsal: Awaited<ReturnType<typeof rehearseTradovate>> | undefined
afterEach(async () => rehearsal?.close())

test('a second source gives the last trade of each contract, follows another one and stops', async () => {
  rehearsal = await rehearseTradovate()
  const { vendor, tape, standIn } = rehearsal
  const heard: SecondSourcePrice[] = []
  const prices = vendor.prices([gold], (price) => void heard.push(price))
  expect(prices.state()).toEqual({ word: 'off', detail: '' })
  prices.start()
  await until(() => heard.length > 3, 'prices')
  expect(prices.state()).toEqual({ word: 'live', detail: '' })
  for (const { source, instrument, contract, price, eventTime } of heard) {
    expect({ source, instrument, contract }).toEqual({ source: 'Tradovate', instrument: 'MGC', contract: 202612 })
    expect(price).toBe(tape.trades('MGCZ6', eventTime - 600_000, eventTime).at(-1)?.price)
  }

  prices.follow([nasdaq])
  await until(() => heard.at(-1)?.instrument === 'MNQ', 'the other market')
  const golden = heard.filter(({ instrument }) => instrument === 'MGC').length
  const all = heard.length
  await until(() => heard.length > all + 3, 'more of it')
  expect(heard.filter(({ instrument }) => instrument === 'MGC')).toHaveLength(golden)

  standIn.drop()
  await until(() => prices.state().word === 'down', 'the loss')
  await until(() => prices.state().word === 'live', 'the way back')
  prices.stop()
  await until(() => standIn.counts().open === 0, 'the end')
  expect(prices.state()).toEqual({ word: 'off', detail: '' })
})
