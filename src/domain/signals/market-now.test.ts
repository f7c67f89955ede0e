import { expect, test } from 'vitest'
import { quietSession, readAt, readingOf, type Said } from '#src/testing/readings.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { marketNow } from './market-now.ts'

const minute = 60_000
const linesOf = (said: Said) => marketNow(readingOf(said), specOf('MES'))
const ofSession = (session: Partial<typeof quietSession>) => linesOf({ session: { ...quietSession, ...session } })

test('what is not known yet says that it is not warm', () => {
  expect(linesOf({})).toEqual([
    { name: 'Dealing range', value: 'not warm: price has no swing on both sides' },
    { name: 'Session profile', value: 'not warm: nothing traded yet' },
    { name: 'Last day', value: 'not warm: it takes 15 trade dates' },
    { name: 'Four-hour block', value: 'not warm: no block before it' },
  ])
})

test('the dealing range says where the close stands in it, since the newer of its two swings', () => {
  const [lowAt, highAt] = [readAt - 90 * minute, readAt - 40 * minute]
  const range = { low: 4980, high: 5005, lowAt, highAt, equilibrium: 4992.5, share: 0.8, word: 'premium' } as const
  expect(linesOf({ frame: { dealing: range } })[0]).toEqual({
    name: 'Dealing range',
    value: 'premium, 80 % of 4,980.00–5,005.00',
    at: readAt - 40 * minute,
  })
})

test('the profile gives its busiest price, its value area and the volume both rest on', () => {
  const profile = { poc: 4998.25, valueLow: 4990, valueHigh: 5002.5, volume: 48_210, basis: 'estimated' } as const
  expect(linesOf({ flow: { relativeVolume: 1, spike: false, profile } }).slice(1, 3)).toEqual([
    { name: 'Session POC', value: '4,998.25', why: 'of 48210 contracts, estimated' },
    { name: 'Value area, 70 %', value: '4,990.00–5,002.50', at: readAt },
  ])
})

test('the chain of days gives the last day, what followed such days, and where it settles', () => {
  const matrix = [
    [0.7, 0.2, 0.1],
    [0.3, 0.6, 0.1],
    [0.4, 0.3, 0.3],
  ] as const
  const steady = [0.521, 0.354, 0.125] as const
  expect(ofSession({ days: { state: 'bear', matrix, steady, n: 132, left: 41 } }).slice(2, 5)).toEqual([
    { name: 'Last day', value: 'bear' },
    { name: 'After a bear day', value: 'bull 30 %, bear 60 %, sideways 10 %', why: '41 days counted' },
    { name: 'In the long run', value: 'bull 52 %, bear 35 %, sideways 13 %', why: '132 days counted' },
  ])
  const nowhere = [Number.NaN, Number.NaN, Number.NaN] as const
  expect(ofSession({ days: { state: 'bear', matrix, steady: nowhere, n: 9, left: 1 } }).slice(3, 5)).toMatchObject([
    { why: '1 day counted' },
    { value: 'it settles in no one way' },
  ])
  expect(ofSession({ days: { state: 'bull', matrix, steady, n: 0, left: 0 } }).slice(3, 5)).toEqual([
    { name: 'After a bull day', value: 'not warm: none before it' },
    { name: 'In the long run', value: 'not warm: no days counted' },
  ])
})

test('each opening range says its state, its edges once it has any, the side it triggered on and since when', () => {
  const range = { name: 'New York', minutes: 15, opensAt: readAt, since: readAt, high: 5004, low: 4996 } as const
  const trigger = { side: 'long', at: readAt, price: 5007, relativeVolume: 1.4 } as const
  const openingRanges = [
    { ...range, state: 'WAIT', high: Number.NaN, low: Number.NaN },
    { ...range, state: 'ARMED' },
    { ...range, state: 'TRIGGERED', trigger },
    { ...range, state: 'EXPIRED', high: Number.NaN, low: Number.NaN },
  ] as const
  expect(ofSession({ openingRanges }).slice(3, 7)).toEqual([
    { name: 'New York 15 min', value: 'WAIT', why: 'opens 09:30 ET' },
    { name: 'New York 15 min', value: 'ARMED 4,996.00–5,004.00', at: readAt },
    { name: 'New York 15 min', value: 'TRIGGERED long 4,996.00–5,004.00', at: readAt },
    { name: 'New York 15 min', value: 'EXPIRED', at: readAt },
  ])
})

test('each setup of the running block says its way, its line and how far it has come', () => {
  const setup = {
    way: 'sweep-and-reverse',
    line: 'high',
    side: 'short',
    price: 5004.25,
    target: 4990,
    reach: 5005,
    state: 'BEYOND',
    steps: [
      { state: 'WATCHING', at: readAt - 60 * minute },
      { state: 'BEYOND', at: readAt - 4 * minute },
    ],
  } as const
  const block = { kind: '4h', marker: readAt, high: 5004.25, low: 4990, setups: [setup] } as const
  expect(ofSession({ block })[3]).toEqual({
    name: 'Sweep of 4h high',
    value: 'BEYOND short 5,004.25',
    at: readAt - 4 * minute,
  })
})
