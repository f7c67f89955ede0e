import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createFlattening } from './flattening.ts'
import { signed } from './holding.ts'
import { createPlatform } from './platform.ts'
import { createTimers } from './timers.ts'

const wish = { account: 'Sim101', instrument: 'MNQ 12-26' } as const

/** One account with a position and working orders on a platform of many faults, flattened in virtual time. */
const tell = async (seed: number) => {
  const { uniform } = createStream(seed)
  const { clock, schedule, pass } = createHandClock(1_000_000)
  const timers = createTimers(schedule)
  const faults = { partial: 0.4, reject: 0.1, race: 0.5, disconnectEveryS: seed % 4 === 0 ? 7 : 0 }
  const platform = createPlatform({ clock, random: uniform, timers, faults })
  const flattening = createFlattening({ platform, timers, wall: clock.wall })
  let real = 0
  let turned = false
  platform.hear({
    onExecution: ({ orderName, side, quantity }) => {
      const after = real + signed(side, quantity)
      if (orderName === 'Flatten' && (Math.abs(after) > Math.abs(real) || after * real < 0)) turned = true
      real = after
    },
  })
  platform.onPrice(wish.instrument, { last: 20_000 })
  platform.trade({ ...wish, side: seed % 2 === 0 ? 'buy' : 'sell', quantity: 1 + (seed % 3), name: 'Manual' }, 20_000)
  for (const [side, limitPrice] of [
    ['buy', 19_990],
    ['sell', 20_010],
  ] as const)
    platform.submit({ ...wish, side, type: 'limit', limitPrice, quantity: 2, name: 'Manual' })
  await pass(40)
  let end: string | undefined
  void flattening.flatten(wish.account).then((said) => {
    end = said
  })
  for (let n = 0; end === undefined && n < 2_000; n++) {
    if (n % 3 === 0) platform.onPrice(wish.instrument, { last: 20_000 + Math.floor(uniform() * 120 - 60) / 4 })
    await pass(20)
  }
  timers.stop()
  return { seed, end, real, turned, working: platform.working().length }
}

test('on a platform of partial fills, refusals, late cancels and outages the end is flat, or said not to be', async () => {
  const stories = []
  for (let seed = 0; seed < 200; seed++) stories.push(await tell(seed))
  expect(stories.filter(({ turned }) => turned)).toEqual([])
  expect(
    stories.filter(({ end, real, working }) => end !== 'not-flat' && !(end === 'done' && real === 0 && working === 0)),
  ).toEqual([])
  expect(stories.filter(({ end }) => end === 'done').length).toBeGreaterThan(190)
})
