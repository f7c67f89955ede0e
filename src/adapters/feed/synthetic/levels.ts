import { nextTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { dayOf } from '#src/domain/instruments/zone.ts'
import { type Character, characterOf, rootOf } from './character.ts'
import { createStream } from './stream.ts'

/** A trade date in one line: natural logarithms of its first and last price, and its volatility. */
export type Level = { readonly open: number; readonly close: number; readonly sigma: number }

/** The first trade date the synthetic markets know. */
const epoch = '2010-01-04'

/** Share of a day's volatility that an ordinary break moves, and a weekend or holiday. */
const breakGap = 0.06
const weekendGap = 0.35
const longBreakMs = 20 * 3_600_000

/** Pulls the price home with a half-life of 35 trade dates. */
const homing = 0.02
/** A volatility shock halves in 14 trade dates. */
const memory = 0.95
const wander = 0.1

type Chain = { readonly byDate: Map<string, Level>; last: Level; lastDate: string; lastClose: number; mood: number }

/** The day's return, gap and change of volatility in standard deviations, each correlated as the markets are. */
const shocksOf = (seed: number, { pulls }: Character, date: string): readonly [number, number, number] => {
  const sums: [number, number, number] = [0, 0, 0]
  for (const { driver, weight } of pulls) {
    const chance = createStream(seed, driver, dayOf(date), 2)
    sums[0] += weight * chance.normal()
    sums[1] += weight * chance.normal()
    sums[2] += weight * chance.normal()
  }
  return sums
}

/** Walks each market's trade dates in cheap steps from the epoch, so that any one is known without its minutes. */
export const createLevels = (seed: number): { readonly levelOf: (id: InstrumentId, tradeDate: string) => Level } => {
  const chains = new Map<InstrumentId, Chain>()

  const startChain = (root: InstrumentId): Chain => {
    const { base, sigma } = characterOf(root)
    const open = Math.log(base)
    const last = { open, close: open, sigma }
    const chain = {
      byDate: new Map([[epoch, last]]),
      last,
      lastDate: epoch,
      lastClose: sessionOf(specOf(root).group, epoch)?.close ?? 0,
      mood: 0,
    }
    chains.set(root, chain)
    return chain
  }

  const extend = (root: InstrumentId, chain: Chain): void => {
    const character = characterOf(root)
    const { group } = specOf(root)
    const date = nextTradeDate(group, chain.lastDate)
    const session = sessionOf(group, date)
    if (session === undefined) throw new RangeError(`${date} is no trade date of ${root}`)
    const [move, gap, mood] = shocksOf(seed, character, date)
    chain.mood = memory * chain.mood + wander * mood
    const sigma = character.sigma * Math.exp(chain.mood)
    const open = chain.last.close + gap * sigma * (session.open - chain.lastClose > longBreakMs ? weekendGap : breakGap)
    const close = open + move * sigma - homing * (open - Math.log(character.base))
    chain.last = { open, close, sigma }
    chain.lastDate = date
    chain.lastClose = session.close
    chain.byDate.set(date, chain.last)
  }

  return {
    levelOf: (id, tradeDate) => {
      const root = rootOf(id)
      const chain = chains.get(root) ?? startChain(root)
      while (chain.lastDate < tradeDate) extend(root, chain)
      const level = chain.byDate.get(tradeDate)
      if (level === undefined) throw new RangeError(`${tradeDate} is no trade date of ${id} since ${epoch}`)
      return level
    },
  }
}
