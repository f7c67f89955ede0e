import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { Row } from '#src/testing/bench.ts'
import { dollars } from '../money.ts'
import { presets } from '../risk/firms/presets.ts'
import { bracketEndings, firmOdds, type OddsTerms, oddsWithCard } from './firm-odds.ts'

/** A hundred thousand paths of sixty days of each plan, drawn from a year of days; the slowest plan is told. */
export const name = 'Firm odds'

const { normal, uniform } = createStream(2_026)
const days = Array.from({ length: 250 }, () => {
  const net = Math.round(normal() * 250 + 30) * 10_000
  return { net, worst: Math.min(0, net) - dollars(80), best: Math.max(0, net) + dollars(90) }
})
const terms: OddsTerms = { paths: 100_000, horizonDays: 60, random: uniform, stage: 'evaluation' }
const card = { endings: bracketEndings(0.45, dollars(180), dollars(320)), size: '3 MNQ' }

const slowest = (what: string, play: (preset: (typeof presets)[number]) => string): Row => {
  let [worst, plan] = [0, '']
  for (const preset of presets) {
    const begin = performance.now()
    const words = play(preset)
    const took = performance.now() - begin
    if (took > worst) [worst, plan] = [took, `${preset.id}: ${words}`]
  }
  return { what, ours: `${worst.toFixed(0)} ms, ${plan}` }
}

export const run = async (): Promise<Row[]> => [
  slowest('100,000 paths of 60 days', ({ rules }) => firmOdds(rules, days, terms)?.words ?? ''),
  slowest(
    'the same with and without a card',
    ({ rules }) => oddsWithCard(rules, days, card, terms)?.words ?? 'no change',
  ),
]
