import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { TradedDay } from '#src/domain/optimization/firm-course.ts'
import {
  type CardOdds,
  type FirmOdds,
  firmOdds,
  type OddsTerms,
  oddsWithCard,
} from '#src/domain/optimization/firm-odds.ts'
import type { AccountQuestion, CardStake } from '#src/domain/optimization/odds-question.ts'

/** How many paths of an account are played, and of how many traded days: a quarter of a year. */
export const oddsPaths = 20_000
export const oddsHorizonDays = 60
/** The same chance for every account and card: what differs between two odds is what was asked. */
const seed = 20_000

/** An account and the days its future is drawn from. */
export type AccountAsked = { readonly question: AccountQuestion; readonly days: readonly TradedDay[] }
export type CardAsked = AccountAsked & { readonly stake: CardStake }

const termsOf = ({ stage, from, funded }: AccountQuestion): OddsTerms => ({
  ...{ paths: oddsPaths, horizonDays: oddsHorizonDays, random: createStream(seed).uniform, stage, from },
  ...(funded && { funded }),
})

/** What a thread does for the firm's odds; each is a pure function of its input, undefined of no days. */
export const oddsTasks = {
  odds: ({ question, days }: AccountAsked): FirmOdds | undefined => firmOdds(question.rules, days, termsOf(question)),
  cardOdds: ({ question, days, stake }: CardAsked): CardOdds | undefined =>
    oddsWithCard(question.rules, days, stake, termsOf(question)),
}
