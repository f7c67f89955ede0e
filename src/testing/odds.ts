import { dollars } from '#src/domain/money.ts'
import type { CardOddsReading, OddsReading } from '#src/domain/odds-reading.ts'
import { now } from './world.ts'

const gold: CardOddsReading = {
  ...{ cardId: '2026-11-20-MGC-1', instrument: 'MGC', account: 'TS-50K-8841', alias: 'TOPSTEP50', contracts: 3 },
  ...{ of: 'pass', before: 0.6212, after: 0.5804, standardError: 0.0021 },
  words: 'taking this card with 3 MGC moves pass 62 % → 58 %',
}

const { words: _, ...silent } = gold

/** The odds of the world's accounts: an evaluation by its own days, a simulated one by a backtest, and what gold would do. */
export const oddsReading: OddsReading = {
  ...{ at: now - 34_000, paths: 20_000, horizonDays: 60 },
  accounts: [
    {
      ...{ account: 'TS-50K-8841', alias: 'TOPSTEP50' },
      chances: {
        ...{ pass: 0.6212, bust: 0.3091, running: 0.0697, medianDays: 14, standardError: 0.0034 },
        ...{ payout: dollars(412.5), paid: 0.38, from: 'from 48 own days' },
      },
    },
    {
      ...{ account: 'Sim101', alias: 'SIM101' },
      chances: {
        ...{ bust: 0.1184, running: 0.8816, standardError: 0.0023 },
        from: 'from a backtest of the focus plan in MGC: 181 traded of 230 dates',
      },
    },
  ],
  cards: [gold, { ...silent, account: 'Sim101', alias: 'SIM101', of: 'bust', before: 0.1184, after: 0.119 }],
}
