import { describe, expect, test, vi } from 'vitest'
import { brackets } from './brackets.ts'
import { delivery } from './delivery.ts'
import { flattening } from './flattening.ts'
import { obeying } from './obeying.ts'
import { type Case, openScene } from './scene.ts'
import { addOnTarget, simulatorTarget } from './target.ts'
import { telling } from './telling.ts'
import { watching } from './watching.ts'

const parts: readonly (readonly [name: string, cases: readonly Case[]])[] = [
  ['telling', telling],
  ['delivery', delivery],
  ['commands', obeying],
  ['brackets', brackets],
  ['flattening', flattening],
  ['watchdog', watching],
]

// Cases mostly wait, and each has a bridge and a co-pilot of its own.
vi.setConfig({ maxConcurrency: 12 })

describe.concurrent.each([simulatorTarget, addOnTarget])('$name', (target) => {
  describe.concurrent.each(parts)('%s', (_, cases) => {
    test.concurrent.for(cases)('%s', { timeout: 90_000 }, async ([, play]) => {
      const scene = await openScene(target)
      try {
        await play(scene)
        expect(scene.faults()).toEqual([])
      } finally {
        await scene.close()
      }
    })
  })
})
