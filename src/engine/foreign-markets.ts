import { easternAt } from '#src/domain/instruments/zone.ts'
import type { Snapshot } from '#src/domain/trading/platform-event.ts'

/** What one account was last seen to trade or hold of a market the product does not know; `at` is the platform's clock. */
export type ForeignTrade = { readonly account: string; readonly market: string; readonly at: number }

const pad = (number: number): string => String(number).padStart(2, '0')

const instantWords = (at: number): string => {
  const { date, minute } = easternAt(at)
  return `${date} ${pad(Math.floor(minute / 60))}:${pad(minute % 60)} ET`
}

/**
 * The unknown markets an account traded in. What it made there is in no sum, so neither is it in a limit, on that day or
 * later: only a balance as of after it, told by the trader, has it in.
 */
export const createForeignMarkets = (account: string, anchorAt: () => number) => {
  const tradedAt = new Map<string, number>()
  const note = (market: string, at: number): void => {
    tradedAt.set(market, Math.max(at, tradedAt.get(market) ?? at))
  }
  return {
    note,
    noteHeld: ({ foreign }: Snapshot, at: number): void => {
      for (const { name, quantity } of foreign) if (quantity !== 0) note(name, at)
    },
    /** What is in no limit, in words; what is still held is told as that. */
    words: (told: Snapshot | undefined): readonly string[] => {
      const held = new Set(told?.foreign.filter(({ quantity }) => quantity !== 0).map(({ name }) => name))
      return [...tradedAt]
        .filter(([market, at]) => at >= anchorAt() && !held.has(market))
        .map(
          ([market, at]) =>
            `${account} ${market}: its result is in no limit; enter under Accounts the balance as of after ${instantWords(at)}`,
        )
    },
  }
}
