import { defaultBoundaries } from '../../instruments/phase.ts'
import type { ParametersOf } from '../../optimization/search-space.ts'
import { parameters as p } from '../../signals/parameters.ts'

/**
 * What of the plan may be searched, from what it is live; everything else stays as it runs. Where no level serves a target,
 * it lies one and a half times its least R away.
 */
export const planSpace = {
  tradeQuality: {
    words: 'Least quality to trade',
    default: p.tradeQuality,
    kind: 'range',
    from: 45,
    to: 75,
    step: 5,
  },
  biasQuality: {
    words: 'Least quality to draw',
    default: p.biasQuality,
    kind: 'range',
    from: 40,
    to: 65,
    step: 5,
  },
  biasLead: { words: 'Lead over the other side', default: p.biasLead, kind: 'range', from: 0, to: 30, step: 5 },
  stopFactor: {
    words: 'Stop, times the plan’s',
    default: 1,
    kind: 'range',
    from: 0.6,
    to: 1.6,
    step: 0.2,
  },
  target1: { words: 'First target, least R', default: p.target1Minimum, kind: 'range', from: 0.5, to: 2, step: 0.25 },
  target2: { words: 'Second target, least R', default: p.target2Minimum, kind: 'range', from: 1.5, to: 4, step: 0.5 },
  stackRatio: {
    words: 'Wave ratio for one more',
    default: p.stackRatio,
    kind: 'choice',
    of: [1.4, 1.8, 2.2, 3, 100],
  },
  riskShare: {
    words: 'Share of the account at risk',
    unit: 'percent',
    default: p.riskShare,
    kind: 'choice',
    of: [0.0025, 0.005, 0.0075],
  },
  from: {
    words: 'Cards from, ET',
    unit: 'clock',
    default: defaultBoundaries.active,
    kind: 'choice',
    of: [180, 240, 300, 360, 420, 480, 540],
  },
  until: {
    words: 'Entries until, ET',
    unit: 'clock',
    default: defaultBoundaries.windDown,
    kind: 'choice',
    of: [480, 540, 570, 600, 660],
  },
} as const

export type PlanRules = ParametersOf<typeof planSpace>

/** The plan as it runs live. */
export const livePlan = Object.fromEntries(
  Object.entries(planSpace).map(([name, dimension]) => [name, dimension.default]),
) as PlanRules
