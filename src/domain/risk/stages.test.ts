import { expect, test } from 'vitest'
import { type StageWatch, watchStage } from './stages.ts'
import type { Stage } from './standing.ts'

/** The crossings told while a limit runs through stages, as 'from>to'. */
const told = (stages: readonly Stage[], dates: readonly string[] = []): readonly string[] => {
  let watch: StageWatch | undefined
  return stages.map((stage, i) => {
    const step = watchStage(watch, stage, dates[i] ?? '2026-11-20')
    watch = step.watch
    return step.crossing === undefined ? '' : `${step.crossing.direction} ${step.crossing.from}>${step.crossing.to}`
  })
}

test('each stage is told on the way down and on the way up', () => {
  expect(told(['safe', 'warning', 'danger', 'locked', 'danger', 'warning', 'safe'])).toEqual([
    '',
    'worse safe>warning',
    'worse warning>danger',
    'worse danger>locked',
    'better locked>danger',
    'better danger>warning',
    'better warning>safe',
  ])
})

test('to and fro at an edge is told once each way', () => {
  expect(told(['warning', 'safe', 'warning', 'safe', 'warning'])).toEqual([
    'worse safe>warning',
    'better warning>safe',
    '',
    '',
    '',
  ])
})

test('a fall through several stages is one crossing, and what it passed is not told later', () => {
  expect(told(['locked', 'safe', 'warning', 'danger', 'locked'])).toEqual([
    'worse safe>locked',
    'better locked>safe',
    '',
    '',
    '',
  ])
})

test('the next trade date tells anew, and its fresh start is no news', () => {
  expect(told(['danger', 'safe', 'warning'], ['2026-11-20', '2026-11-23', '2026-11-23'])).toEqual([
    'worse safe>danger',
    '',
    'worse safe>warning',
  ])
})
