import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import { easternAt } from '../instruments/zone.ts'

/** A price of so many ticks as it is written: '4,120.3'. */
const ticksWords = (spec: ContractSpec, ticks: number): string => {
  let words = toPrice(spec, ticks).toFixed(spec.decimals)
  const first = ticks < 0 ? 1 : 0
  const point = spec.decimals === 0 ? words.length : words.length - spec.decimals - 1
  for (let at = point - 3; at > first; at -= 3) words = `${words.slice(0, at)},${words.slice(at)}`
  return words
}

/** A price in points as it is written, on the tick grid. */
export const priceWords = (spec: ContractSpec, price: number): string => ticksWords(spec, toTicks(spec, price))

/** How far apart two prices are: '1 tick', '7 ticks'. */
export const ticksApart = (spec: ContractSpec, one: number, other: number): string => {
  const ticks = Math.abs(toTicks(spec, one) - toTicks(spec, other))
  return ticks === 1 ? '1 tick' : `${ticks} ticks`
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** An instant (epoch ms) on New York's clock: '09:41 ET'. */
export const clockWords = (ms: number): string => {
  const { minute } = easternAt(ms)
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)} ET`
}
