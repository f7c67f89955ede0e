import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeptLines } from './kept-lines.ts'
import { createOutbox } from './outbox.ts'

const event = (kind: string, number: number) => ({ id: `${kind}-${number}`, at: number, kind })
const none = (): readonly [] => []

test('of what is passing the newest thousand wait, and what was dropped is counted', () => {
  const outbox = createOutbox(openKeptLines(undefined, 'unsent', false))
  for (let n = 0; n < 1_200; n++) outbox.pass(event('price', n))
  expect(outbox.depth()).toEqual({ queues: { executions: 0, market: 1_000 }, dropped: 200 })
  expect(outbox.next(none)[0]?.id).toBe('price-200')
})

test('what is kept goes first and in its order, two hundred events at a time', () => {
  const outbox = createOutbox(openKeptLines(undefined, 'unsent', false))
  outbox.pass(event('price', 0))
  for (let n = 0; n < 250; n++) outbox.keep(event('execution', n))
  const first = outbox.next(none)
  expect(first).toHaveLength(200)
  outbox.forget(first)
  expect(outbox.next(none).map(({ id }) => id)).toEqual([
    ...Array.from({ length: 50 }, (_, n) => `execution-${200 + n}`),
    'price-0',
  ])
})

test('what accounts hold is told only together with the last of what is kept', () => {
  const outbox = createOutbox(openKeptLines(undefined, 'unsent', false))
  for (let n = 0; n < 201; n++) outbox.keep(event('execution', n))
  const states = () => [event('positions', 1)]
  const first = outbox.next(states)
  expect(first.some(({ kind }) => kind === 'positions')).toBe(false)
  outbox.forget(first)
  expect(outbox.next(states).map(({ kind }) => kind)).toEqual(['execution', 'positions'])
})

test('another process takes up what was not sent, and nothing that was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-outbox-'))
  const open = () => createOutbox(openKeptLines(folder, 'unsent.jsonl', false))
  const before = open()
  before.keep(event('execution', 1))
  const after = open()
  after.takeUp()
  expect(after.next(none)).toEqual([{ id: 'execution-1', at: 1, kind: 'execution' }])
  after.forget(after.next(none))
  const later = open()
  later.takeUp()
  expect(later.next(none)).toEqual([])
  rmSync(folder, { recursive: true })
})
