import { expect, test } from 'vitest'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import { toQuestions, wantedParts } from './history-plan.ts'

const fronts = createFronts([])
const dates = ['2026-10-20', '2026-10-19', '2026-10-16']

test('trade dates of one contract that follow each other are one question', () => {
  const [question, ...others] = toQuestions(wantedParts('MES', dates, fronts))
  expect(others).toEqual([])
  expect(question?.parts.map(({ tradeDate }) => tradeDate)).toEqual(['2026-10-16', '2026-10-19', '2026-10-20'])
})

test('markets whose contracts are of the same month never share a question', () => {
  // One that is asked for older dates only would fit onto another's newer ones.
  const parts = [
    ...wantedParts('MNQ', dates.slice(1), fronts),
    ...wantedParts('MES', dates, fronts),
    ...wantedParts('MHG', dates, fronts),
  ]
  const questions = toQuestions(parts)
  expect(questions.map(({ contract, parts: own }) => `${contractCode(contract)} ${own.length}`).toSorted()).toEqual([
    'MES Z6 3',
    'MHG Z6 3',
    'MNQ Z6 2',
  ])
  for (const { contract, parts: own } of questions)
    expect(new Set(own.map((part) => part.contract.id))).toEqual(new Set([contract.id]))
})
