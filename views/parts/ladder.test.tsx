import { expect, test } from 'vitest'
import { goldInZone, nasdaqNear } from '#src/testing/world.ts'
import { Ladder, ladderX } from './ladder.tsx'

test('prices stand to scale between stop and second target', () => {
  expect(ladderX(100, 100, 200)).toBe(18)
  expect(ladderX(150, 100, 200)).toBe(160)
  expect(ladderX(200, 100, 200)).toBe(302)
})

test('a price beyond either end stays inside the drawing', () => {
  expect(ladderX(90, 100, 200)).toBe(18)
  expect(ladderX(1e9, 100, 200)).toBe(302)
  expect(ladderX(100, 100, 100)).toBe(18)
})

const wordsOf = ({ bracket }: typeof goldInZone, last?: number): string[] => {
  const drawing = bracket ? String(<Ladder bracket={bracket} last={last} />) : ''
  const marks = [...drawing.matchAll(/<text x="([\d.]+)"[^>]*>([^<]+)/g)]
  return marks.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , word]) => word ?? '')
}

test('the stop of a long stands left of its targets, that of a short right of them', () => {
  expect(wordsOf(goldInZone)).toEqual(['stop', 'TP1', 'TP2'])
  expect(wordsOf(nasdaqNear)).toEqual(['TP2', 'TP1', 'stop'])
})
