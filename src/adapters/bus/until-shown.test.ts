import { expect, test } from 'vitest'
import type { Alert } from '#src/domain/signals/transition.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createMemoryBus } from './memory.ts'
import { untilShown } from './until-shown.ts'

const alert = (acknowledgedAt?: number): Alert => ({
  ...{ id: 1, key: 'a', kind: 'card', severity: 'notice', at: 0, text: 'a card' },
  ...(acknowledgedAt !== undefined && { acknowledgedAt }),
})

const setUp = () => {
  const { schedule, pass } = createHandClock(0)
  const bus = createMemoryBus({ wall: () => 0 })
  bus.put('alerts', [alert()])
  const shown: string[] = []
  const isShown = ({ alerts }: { alerts?: readonly Alert[] }): boolean => alerts?.[0]?.acknowledgedAt !== undefined
  void untilShown(bus, isShown, { ms: 1_000, schedule }).then(() => shown.push('over'))
  return { bus, shown, pass }
}

test('what is waited for is over with the change that shows it, and not with another', async () => {
  const { bus, shown } = setUp()
  bus.put('alerts', [alert()])
  await Promise.resolve()
  expect(shown).toEqual([])
  bus.put('alerts', [alert(5)])
  await Promise.resolve()
  await Promise.resolve()
  expect(shown).toEqual(['over'])
})

test('nobody is kept waiting for longer than was said', async () => {
  const { shown, pass } = setUp()
  await pass(999)
  expect(shown).toEqual([])
  await pass(1)
  expect(shown).toEqual(['over'])
})
