import { expect, test } from 'vitest'
import { dollars, type Money } from '../../money.ts'
import type { FirmRules } from '../firm-rules.ts'
import { presets } from './presets.ts'

const inWords = (money: Money | undefined): string => (money === undefined ? '–' : String(money / 10_000))
const clock = (zoned: FirmRules['flatBy']): string => (zoned === undefined ? '–' : `${zoned.time} ${zoned.zone}`)

/** A plan on one line, as a firm's page would list it. */
const line = ({ startBalance, profitTarget, drawdown, dailyLoss, maxContracts, flatBy, ...rest }: FirmRules): string =>
  [
    inWords(startBalance),
    `target ${inWords(profitTarget)}`,
    `${drawdown.kind} ${inWords(drawdown.amount)} ${drawdown.lockAt}${drawdown.lockOffset ? ` ${inWords(drawdown.lockOffset)}` : ''}${drawdown.includesOpen ? ' open' : ''}`,
    dailyLoss
      ? `day ${inWords(dailyLoss.amount)} ${dailyLoss.basis} ${dailyLoss.mode} ${clock(dailyLoss.resetAt)}`
      : 'day –',
    `${maxContracts.mini} × ${maxContracts.microsPerMini}`,
    `flat ${clock(flatBy)}`,
    `days ${rest.minDays ?? '–'}`,
    rest.consistency ? `best ${rest.consistency.bestDayMaxShare} ${rest.consistency.scope}` : 'best –',
  ].join(' | ')

const et = 'America/New_York'
const ct = 'America/Chicago'
const test5 = `flat 17:00 ${et} | days 5 | best 0.5 evaluation`

test.each([
  ['take-profit-trader-test-25k', `25000 | target 1500 | trailing-eod 1500 start | day – | 3 × 10 | ${test5}`],
  ['take-profit-trader-test-50k', `50000 | target 3000 | trailing-eod 2000 start | day – | 6 × 10 | ${test5}`],
  ['take-profit-trader-test-75k', `75000 | target 4500 | trailing-eod 2500 start | day – | 9 × 10 | ${test5}`],
  ['take-profit-trader-test-100k', `100000 | target 6000 | trailing-eod 3000 start | day – | 12 × 10 | ${test5}`],
  ['take-profit-trader-test-150k', `150000 | target 9000 | trailing-eod 4500 start | day – | 15 × 10 | ${test5}`],
  [
    'take-profit-trader-pro-25k',
    `25000 | target – | trailing-intraday 1500 start open | day – | 3 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'take-profit-trader-pro-50k',
    `50000 | target – | trailing-intraday 2000 start open | day – | 6 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'take-profit-trader-pro-75k',
    `75000 | target – | trailing-intraday 2500 start open | day – | 9 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'take-profit-trader-pro-100k',
    `100000 | target – | trailing-intraday 3000 start open | day – | 12 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'take-profit-trader-pro-150k',
    `150000 | target – | trailing-intraday 4500 start open | day – | 15 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'take-profit-trader-pro-plus-50k',
    `50000 | target – | trailing-intraday 2000 start open | day – | 6 × 10 | flat 17:00 ${et} | days – | best –`,
  ],
  [
    'topstep-50k',
    `50000 | target 3000 | trailing-eod 2000 start | day 1000 equity soft-lock 17:00 ${ct} | 5 × 10 | flat 15:10 ${ct} | days – | best –`,
  ],
  [
    'topstep-100k',
    `100000 | target 6000 | trailing-eod 3000 start | day 2000 equity soft-lock 17:00 ${ct} | 10 × 10 | flat 15:10 ${ct} | days – | best –`,
  ],
  [
    'topstep-150k',
    `150000 | target 9000 | trailing-eod 4500 start | day 3000 equity soft-lock 17:00 ${ct} | 15 × 10 | flat 15:10 ${ct} | days – | best –`,
  ],
  [
    'apex-intraday-50k',
    `50000 | target 3000 | trailing-intraday 2500 start-plus 100 open | day – | 10 × 10 | flat 16:59 ${et} | days – | best 0.5 payout`,
  ],
  [
    'apex-eod-50k',
    `50000 | target 3000 | trailing-eod 2500 start-plus 100 | day – | 10 × 10 | flat 16:59 ${et} | days – | best 0.5 payout`,
  ],
  [
    'ftmo-type-100k',
    '100000 | target 10000 | static 10000 never open | day 5000 equity breach 00:00 Europe/Prague | 10 × 10 | flat – | days 4 | best –',
  ],
  [
    'personal-sim-50k',
    `50000 | target – | static 2000 never open | day 500 equity soft-lock 18:00 ${et} | 5 × 10 | flat – | days – | best –`,
  ],
])('%s', (id, expected) => {
  expect(presets.filter((preset) => preset.id === id).map(({ rules }) => line(rules))).toEqual([expected])
})

test('no plan ships unnamed here, and no two share a name', () => {
  expect(presets).toHaveLength(18)
  expect(new Set(presets.map(({ id }) => id)).size).toBe(18)
})

test('every plan of a firm says where it comes from and what is doubtful; no firm’s plan is taken to allow automation', () => {
  for (const { firm, doubts = [], source, rules } of presets.filter((preset) => preset.firm !== 'Personal')) {
    expect([firm, doubts.length > 0, source !== '', rules.automationAllowed]).toEqual([firm, true, true, false])
  }
})

test('PRO asks for its drawdown as a buffer, PRO+ closes a minute around the news', () => {
  const rulesOf = (id: string) => presets.find((preset) => preset.id === id)?.rules
  expect(rulesOf('take-profit-trader-pro-50k')).toMatchObject({ payoutBuffer: dollars(2_000), maxExecutionsPerDay: 50 })
  expect(rulesOf('take-profit-trader-pro-plus-50k')?.news).toEqual({
    events: ['FOMC', 'FOMC minutes', 'NFP', 'CPI', 'EIA crude'],
    minutesBefore: 1,
    minutesAfter: 1,
  })
})
