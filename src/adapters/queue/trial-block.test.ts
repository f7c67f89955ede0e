import { expect, test } from 'vitest'
import { blockId, blocksOf, HopelessBlock, parseBlock } from './trial-block.ts'

const study = 'ab'.repeat(32)
const proposal = (number: number) => ({ number, parameters: { stop: 1.5 } })
const numbersOf = (numbers: readonly number[]) =>
  blocksOf(study, numbers.map(proposal)).map(({ proposals }) => proposals.map(({ number }) => number))

test('a block off the queue is what was put on it', () => {
  const block = { study, proposals: [proposal(0), proposal(1)] }
  expect(parseBlock(JSON.parse(JSON.stringify(block)))).toEqual(block)
})

test.each([
  ['study', { study: 'mine', proposals: [proposal(0)] }],
  ['proposals', { study, proposals: [] }],
  ['proposals.1.number', { study, proposals: [proposal(0), proposal(-1)] }],
  ['proposals.0.parameters.stop', { study, proposals: [{ number: 0, parameters: { stop: '1.5' } }] }],
  ['block', { study, proposals: [proposal(0)], market: 'real' }],
  ['block', undefined],
])('what is no block is refused by its field: %s', (field, given) => {
  expect(() => parseBlock(given)).toThrow(HopelessBlock)
  expect(() => parseBlock(given)).toThrow(`not a block of trials: ${field}: `)
})

test('trials are cut into blocks of fixed stretches of numbers', () => {
  expect(numbersOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [8, 9],
  ])
  expect(numbersOf([])).toEqual([])
})

test('what is missing of a block is cut again as the same block, with less to do', () => {
  expect(numbersOf([5, 7, 9, 30])).toEqual([[5, 7], [9], [30]])
  const [whole] = blocksOf(study, [0, 1, 2, 3, 4, 5, 6, 7].map(proposal))
  const [rest, next] = blocksOf(study, [5, 7, 9].map(proposal))
  expect([whole, rest, next].map((block) => block && blockId(block))).toEqual([
    `${study}-0`,
    `${study}-0`,
    `${study}-1`,
  ])
})
