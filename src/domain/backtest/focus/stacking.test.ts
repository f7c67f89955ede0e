import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import { toPrice, worthOf } from '../../instruments/ticks.ts'
import { dollars } from '../../money.ts'
import { riskPerContract } from '../../risk/sizing.ts'
import { stackHint } from '../../trading/stack.ts'
import type { Ground } from './draw-at.ts'
import { livePlan } from './plan-rules.ts'
import { findStack } from './stacking.ts'
import type { PlanCard } from './walk-cards.ts'

const spec = specOf('MGC')
const fee = dollars(0.72)
const count = 40
const time = Float64Array.from({ length: count }, (_, i) => i * 60_000)

/** Closes that wander around an entry at 13,000 ticks, with wave ratios from against to strong. */
const groundOf = (chance: () => number): Ground => {
  const close = Int32Array.from({ length: count }, () => 13_000 + Math.round((chance() - 0.5) * 160))
  const ratio = Float64Array.from({ length: count }, () => 0.3 + 2.4 * chance())
  return {
    spec,
    history: { columns: { time }, ticks: { close } },
    columns: { ratio },
    accountSize: dollars(50_000),
    fee,
  } as unknown as Ground
}

/** The first close at which the ledger's own hint allows one more. */
const hinted = ({ history, columns }: Ground, card: PlanCard, quantity: number, entry: number): number => {
  const sign = card.side === 'long' ? 1 : -1
  const stop = Math.round(card.bracket.stop * spec.ticksPerPoint)
  const risked = quantity * riskPerContract(spec, sign * (entry - stop), fee)
  for (let i = 0; i < count - 1; i++) {
    const close = history.ticks.close[i] as number
    const net = worthOf(spec, sign * (close - entry), quantity) - 2 * quantity * fee
    const ratio = columns.ratio[i] as number
    const { allowed } = stackHint({
      spec,
      quantity: sign * quantity,
      size: card.size,
      r: net / risked,
      ratio: card.side === 'long' ? ratio : 1 / ratio,
      risk: risked,
      cap: dollars(375),
      last: toPrice(spec, close),
      stop: card.bracket.stop,
      fees: 2 * fee,
    })
    if (allowed) return i
  }
  return -1
}

test('one more is allowed when the ledger’s hint allows it', () => {
  const chance = createChance(6)
  let allowed = 0
  for (let n = 0; n < 500; n++) {
    const ground = groundOf(chance)
    const side = chance() < 0.5 ? 'long' : 'short'
    const away = 10 + Math.round(chance() * 90)
    const stop = toPrice(spec, 13_000 - (side === 'long' ? away : -away))
    const quantity = 1 + Math.floor(chance() * 3)
    const size = { contracts: 1 + Math.floor(chance() * 5) }
    const card = { side, bracket: { stop }, size, closes: count * 60_000 } as unknown as PlanCard
    const found = findStack(ground, livePlan, { card, quantity, entry: 13_000 }, 0)
    expect(found).toBe(hinted(ground, card, quantity, 13_000))
    if (found >= 0) allowed++
  }
  expect(allowed).toBeGreaterThan(100)
})

test('no more is bought for a bar in which nothing may be entered', () => {
  const close = Int32Array.of(13_000, 13_100, 13_100)
  const ground = {
    spec,
    history: { columns: { time }, ticks: { close } },
    columns: { ratio: Float64Array.of(3, 3, 3) },
  } as unknown as Ground
  const card = { side: 'long', bracket: { stop: 1298 }, size: { contracts: 5 } } as unknown as PlanCard
  const within = (closes: number): number =>
    findStack(
      { ...ground, accountSize: dollars(50_000), fee },
      livePlan,
      { card: { ...card, closes }, quantity: 2, entry: 13_000 },
      0,
    )
  expect([within(180_000), within(120_000)]).toEqual([1, -1])
})
