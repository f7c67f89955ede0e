import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { PlannedCard } from '#src/domain/signals/transition.ts'
import { addVersion, bestOf, emptyPlan, noTradeReason, rankMarkets, type Standing } from './plan.ts'

const standing = (instrument: Standing['instrument'], quality: number, said: Partial<Standing> = {}): Standing => ({
  instrument,
  carded: true,
  excluded: false,
  warm: true,
  quality,
  ...said,
})

test('the best four are the plan, the others the quiet row', () => {
  const markets = [
    standing('MGC', 60),
    standing('SIL', 80),
    standing('MCL', 40),
    standing('MHG', 70),
    standing('MES', 50),
    standing('MNQ', 90),
  ]
  expect(rankMarkets(markets)).toEqual({ places: ['MNQ', 'SIL', 'MHG', 'MGC'], rest: ['MES', 'MCL'] })
})

test('a market with a card comes before a better one without, or an excluded one', () => {
  const markets = [standing('MGC', 90, { carded: false }), standing('SIL', 95, { excluded: true }), standing('MCL', 50)]
  expect(rankMarkets(markets).places).toEqual(['MCL', 'SIL', 'MGC'])
})

test('equals keep the order they are shown in', () => {
  expect(rankMarkets([standing('MGC', 50), standing('SIL', 50)]).places).toEqual(['MGC', 'SIL'])
})

test('one card of quality 55 makes a trading day', () => {
  expect(noTradeReason([standing('MGC', 55), standing('MES', 10)])).toBeUndefined()
  expect(noTradeReason([standing('MGC', 54.9), standing('MES', 10)])).toBe('quality-too-low')
})

test('quality without a card, or in an excluded market, makes none', () => {
  const sideless = standing('MGC', 90, { carded: false })
  expect(noTradeReason([sideless])).toBe('no-side')
  expect(noTradeReason([sideless, standing('MES', 10)])).toBe('quality-too-low')
  expect(noTradeReason([standing('MGC', 90, { excluded: true }), standing('MES', 10)])).toBe('quality-too-low')
  expect([bestOf([sideless, standing('MES', 10)]), bestOf([sideless])]).toEqual([10, 0])
})

test('all excluded, and all still warming up, are said for themselves', () => {
  const excluded = { excluded: true }
  expect(noTradeReason([standing('MGC', 90, excluded), standing('MES', 90, excluded)])).toBe('all-excluded')
  expect(noTradeReason([standing('MGC', 0, { warm: false, ...excluded })])).toBe('warming-up')
  expect(noTradeReason([standing('MGC', 60, { warm: false }), standing('MES', 60)])).toBeUndefined()
})

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const gold: PlannedCard = {
  id: '2013-10-09-MGC-1',
  instrument: 'MGC',
  contract: 'MGC Z3',
  side: 'short',
  zone: { low: 1317.8, high: 1318.2 },
  stop: 1321,
  target1: 1312.7,
  target2: 1306.4,
  contracts: 4,
  quality: 48.6,
}
const frozen = addVersion(emptyPlan('2013-10-09'), [gold], 1000, ['Gold SHORT'], sha256)
const redrawn = addVersion(frozen, [{ ...gold, stop: 1322 }], 2000, ['Gold SHORT 1317.8–1318.2, stop 1322.0'], sha256)

test('the first version is the freeze, with nothing before it and nothing changed', () => {
  expect(frozen).toEqual({
    tradeDate: '2013-10-09',
    changes: [],
    versions: [
      {
        tradeDate: '2013-10-09',
        version: 1,
        drawnAt: 1000,
        reason: 'freeze',
        cards: [gold],
        hash: sha256(
          '{"tradeDate":"2013-10-09","version":1,"drawnAt":1000,"reason":"freeze","cards":[{"id":"2013-10-09-MGC-1","instrument":"MGC","contract":"MGC Z3","side":"short","zone":{"low":1317.8,"high":1318.2},"stop":1321,"target1":1312.7,"target2":1306.4,"contracts":4,"quality":48.6}]}',
        ),
      },
    ],
  })
})

test('a later version keeps the first, holds its hash, and says what changed', () => {
  const [first, second] = redrawn.versions
  expect(first).toEqual(frozen.versions[0])
  expect(second).toMatchObject({ version: 2, reason: 'redrawn', previousHash: first?.hash, drawnAt: 2000 })
  expect(redrawn.changes).toEqual([{ at: 2000, text: 'Gold SHORT 1317.8–1318.2, stop 1322.0' }])
})

test('every hash is of the content and the hash before it, so no version can be changed unseen', () => {
  for (const { hash, ...content } of redrawn.versions) expect(sha256(JSON.stringify(content))).toBe(hash)
  const forged = addVersion(emptyPlan('2013-10-09'), [{ ...gold, stop: 1321.1 }], 1000, [], sha256)
  const after = addVersion(forged, [{ ...gold, stop: 1322 }], 2000, [], sha256)
  expect(after.versions[1]?.hash).not.toBe(redrawn.versions[1]?.hash)
})

test('the newest change stands first and twelve are kept', () => {
  let plan = frozen
  for (let i = 1; i <= 14; i++) plan = addVersion(plan, [gold], 2000 + i, [`change ${i}`], sha256)
  expect(plan.changes).toHaveLength(12)
  expect([plan.changes[0]?.text, plan.changes.at(-1)?.text]).toEqual(['change 14', 'change 3'])
  expect(plan.versions).toHaveLength(15)
})
