import { expect, test } from 'vitest'
import type { Run } from '#src/adapters/db/runs.ts'
import { standingOf } from './night-standing.ts'

const run = (state: Run['state'], detail: unknown, rest: Partial<Run> = {}): Run => ({
  ...{ id: 1, market: 'real', job: 'night:parity', state, startedAt: 1, leaseUntil: 2, progress: 0, detail },
  ...rest,
})
const failed = run('failed', { reason: 'the disk is full' })

test('a step stands where its runs have brought it', () => {
  expect(standingOf('parity', [])).toEqual({ state: 'waiting', words: '', tries: 0 })
  expect(standingOf('parity', [run('done', 'no differences', { endedAt: 7 }), failed])).toEqual({
    ...{ state: 'done', words: 'no differences', tries: 1, endedAt: 7 },
  })
  expect(standingOf('parity', [failed, run('running', null)])).toEqual({ state: 'running', words: '', tries: 1 })
  expect(standingOf('focus', [failed, failed, failed])).toEqual({ state: 'waiting', words: '', tries: 0 })
})

test('a step is given up after it failed three times, not when it was stopped or its process died', () => {
  const stopped = run('failed', { reason: 'stopped' })
  const lost = run('failed', { reason: 'lease-expired' })
  expect(standingOf('parity', [failed, failed, stopped, lost, lost])).toMatchObject({ state: 'waiting', tries: 2 })
  expect(standingOf('parity', [failed, failed, failed])).toEqual({
    ...{ state: 'failed', words: 'the disk is full', tries: 3 },
  })
})
