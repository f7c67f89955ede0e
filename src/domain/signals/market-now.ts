import type { FlowReading } from '../flow/flow-reading.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { clockWords, priceWords } from '../patterns/wording.ts'
import { type DailyRegime, dailyRegime, dayStates } from '../regime/daily-regime.ts'
import type { BlockSetup } from '../session/block-setup.ts'
import type { OpeningRange } from '../session/opening-range.ts'
import type { TimeBlock } from '../session/time-block.ts'
import type { DealingRange } from '../structure/dealing-range.ts'
import type { Reading } from './analysis.ts'
import type { Input } from './focus-card.ts'

const notWarm = (name: string, what: string): Input => ({ name, value: `not warm: ${what}` })

const shareWords = (share: number): string => `${Math.round(100 * share)} %`
const rangeWords = (spec: ContractSpec, low: number, high: number): string =>
  `${priceWords(spec, low)}–${priceWords(spec, high)}`

const dealing = (range: DealingRange | undefined, spec: ContractSpec): Input => {
  const name = 'Dealing range'
  if (range === undefined) return notWarm(name, 'price has no swing on both sides')
  const { word, share, low, high, lowAt, highAt } = range
  return { name, value: `${word}, ${shareWords(share)} of ${rangeWords(spec, low, high)}`, at: Math.max(lowAt, highAt) }
}

const profile = ({ profile: traded }: FlowReading, at: number, spec: ContractSpec): readonly Input[] => {
  if (traded === undefined) return [notWarm('Session profile', 'nothing traded yet')]
  const { poc, valueLow, valueHigh, volume, basis } = traded
  const why = `of ${Math.round(volume)} contracts${basis === 'estimated' ? ', estimated' : ''}`
  return [
    { name: 'Session POC', value: priceWords(spec, poc), why },
    { name: 'Value area, 70 %', value: rangeWords(spec, valueLow, valueHigh), at },
  ]
}

const countWords = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'} counted`

const chances = (shares: readonly number[]): string =>
  dayStates.map((state, i) => `${state} ${shareWords(shares[i] ?? Number.NaN)}`).join(', ')

const days = ({ state, matrix, steady, n, left }: DailyRegime): readonly Input[] => {
  if (state === undefined) return [notWarm('Last day', `it takes ${dailyRegime.warmup} trade dates`)]
  const after = `After a ${state} day`
  const next = chances(matrix[dayStates.indexOf(state)] ?? [])
  const whole = steady.some(Number.isNaN) ? 'it settles in no one way' : chances(steady)
  return [
    { name: 'Last day', value: state },
    left === 0 ? notWarm(after, 'none before it') : { name: after, value: next, why: countWords(left) },
    n === 0
      ? notWarm('In the long run', 'no days counted')
      : { name: 'In the long run', value: whole, why: countWords(n) },
  ]
}

const openingRange = (range: OpeningRange, spec: ContractSpec): Input => {
  const { state, since, opensAt, low, high, trigger } = range
  const name = `${range.name} ${range.minutes} min`
  if (state === 'WAIT') return { name, value: state, why: `opens ${clockWords(opensAt)}` }
  const side = trigger === undefined ? '' : ` ${trigger.side}`
  const edges = Number.isNaN(high) ? '' : ` ${rangeWords(spec, low, high)}`
  return { name, value: `${state}${side}${edges}`, at: since }
}

const wayWords = { 'sweep-and-reverse': 'Sweep', 'break-and-retest': 'Break' } as const

const setup = ({ way, line, side, state, price, steps }: BlockSetup, kind: string, spec: ContractSpec): Input => {
  const at = steps.at(-1)?.at
  return {
    name: `${wayWords[way]} of ${kind} ${line}`,
    value: `${state} ${side} ${priceWords(spec, price)}`,
    ...(at !== undefined && { at }),
  }
}

const block = (taken: TimeBlock | undefined, spec: ContractSpec): readonly Input[] =>
  taken === undefined
    ? [notWarm('Four-hour block', 'no block before it')]
    : taken.setups.map((each) => setup(each, taken.kind, spec))

/**
 * How a market stands, whichever side it speaks for, one line each: dealing range, the session's profile, the chain of days,
 * the opening ranges and the setups of the running four-hour block.
 */
export const marketNow = ({ at, frame, flow, session }: Reading, spec: ContractSpec): readonly Input[] => [
  dealing(frame.dealing, spec),
  ...profile(flow, at, spec),
  ...days(session.days),
  ...session.openingRanges.map((range) => openingRange(range, spec)),
  ...block(session.block, spec),
]
