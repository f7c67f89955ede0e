import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { bracketEndings } from '#src/domain/optimization/firm-odds.ts'
import { account } from '#src/testing/fills.ts'
import { oddsTasks } from './odds-task.ts'

/** A coin of $1,000 between a target of $2,000 and a floor of $3,000 below: the gambler's ruin (Huygens 1657), 3 of 5. */
const { rules: own } = account()
const rules = { ...own, profitTarget: dollars(2_000), drawdown: { ...own.drawdown, amount: dollars(3_000) } }
const from = { balance: dollars(50_000), peak: dollars(50_000), bestDay: 0, days: 0 }
const question = { rules, stage: 'evaluation', from } as const
const days = [{ net: dollars(1_000) }, { net: dollars(-1_000) }]

test('the same question has the same answer, to the last bit', () => {
  const [first, second] = [oddsTasks.odds({ question, days }), oddsTasks.odds({ question, days })]
  expect(first).toEqual(second)
  expect(first?.pass).toBeCloseTo(0.6, 2)
})

test('an account is played from where it stands', () => {
  const higher = { ...question, from: { ...from, balance: dollars(51_000), peak: dollars(51_000) } }
  expect(oddsTasks.odds({ question: higher, days })?.pass).toBeCloseTo(0.8, 2)
})

test('a card is judged on the paths of its account', () => {
  // 4 of 5 from a step higher in three of ten paths, 2 of 5 from a step lower in seven.
  const stake = { contracts: 3, size: '3 MNQ', endings: bracketEndings(0.3, dollars(1_000), dollars(1_000)) }
  const odds = oddsTasks.cardOdds({ question, days, stake })
  expect(odds?.words).toBe('taking this card with 3 MNQ moves pass 60 % → 52 %')
})

test('of no days there is no answer', () => {
  expect(oddsTasks.odds({ question, days: [] })).toBeUndefined()
})
