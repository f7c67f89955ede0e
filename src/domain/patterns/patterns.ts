import type { Indicator } from '../indicators/indicator.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Bar } from '../market/bar.ts'
import { breakAndRetest } from './break-and-retest.ts'
import { type CrossingState, crossings } from './crossing.ts'
import type { Evidence } from './evidence.ts'
import { failedBreakout } from './failed-breakout.ts'
import type { Finding } from './finding.ts'
import { openingRangeBreakout } from './opening-range-breakout.ts'
import { closeOf, type PatternInput } from './pattern-input.ts'
import { sweptGapReversal } from './swept-gap-reversal.ts'

export type PatternsState = {
  readonly crossing: CrossingState
  /** The newest trigger of an opening range that was judged, epoch ms. */
  readonly triggered: number
  /** What still counts, oldest first. */
  readonly findings: readonly Finding[]
}

const none: readonly Finding[] = []
const finders = [failedBreakout, breakAndRetest, sweptGapReversal]

const withMore = (reasons: readonly string[], more: readonly string[]): readonly string[] =>
  reasons.concat(more.filter((reason) => !reasons.includes(reason)))

/** Levels at one price, or ranges within one another, make one piece of evidence, with the reasons of all. */
const merge = (findings: readonly Finding[]): readonly Finding[] => {
  if (findings.length < 2) return findings
  const merged: Finding[] = []
  for (const finding of findings) {
    const { pattern, side, level, reasons } = finding.evidence
    const same = merged.findIndex(
      ({ evidence, loses }) =>
        evidence.pattern === pattern &&
        evidence.side === side &&
        (evidence.level === level || pattern === 'opening-range-breakout') &&
        (loses === finding.loses || pattern === 'opening-range-breakout'),
    )
    const first = merged[same]
    if (first === undefined) merged.push(finding)
    else
      merged[same] = {
        ...first,
        evidence: { ...first.evidence, reasons: withMore(first.evidence.reasons, reasons) },
      }
  }
  return merged
}

/**
 * The patterns the trader named, folded over closed 5m bars with the levels, gaps and opening ranges known with each. Each
 * counts for an hour, or until a close back through its level.
 */
export const patterns = (spec: ContractSpec): Indicator<PatternsState, PatternInput, readonly Evidence[]> => {
  const across = crossings(spec)

  const counts = ({ evidence, loses }: Finding, bar: Bar): boolean => {
    const beyond = toTicks(spec, bar.close) - toTicks(spec, loses)
    return closeOf(bar) < evidence.until && (evidence.side === 'long' ? beyond >= 0 : beyond <= 0)
  }

  const seek = ({ crossings: each }: CrossingState, { bar, openingRanges }: PatternInput, since: number): Finding[] => {
    const found: Finding[] = []
    for (const crossing of each)
      for (const find of finders) {
        const finding = find(spec, crossing, bar)
        if (finding !== undefined && counts(finding, bar)) found.push(finding)
      }
    for (const range of openingRanges) {
      const finding = openingRangeBreakout(spec, range, since)
      if (finding !== undefined && counts(finding, bar)) found.push(finding)
    }
    return found
  }

  return {
    warmup: 1,
    initial: { crossing: across.initial, triggered: Number.NEGATIVE_INFINITY, findings: none },
    step: ({ crossing: before, triggered, findings: known }, input) => {
      const { bar, openingRanges } = input
      const crossing = across.step(before, input)
      const kept = known.every((finding) => counts(finding, bar)) ? known : known.filter((each) => counts(each, bar))
      const fresh = seek(crossing, input, triggered)
      return {
        crossing,
        triggered: openingRanges.reduce((newest, { trigger }) => Math.max(newest, trigger?.at ?? newest), triggered),
        findings: fresh.length === 0 ? kept : [...kept, ...merge(fresh)],
      }
    },
    value: ({ findings }) => findings.map(({ evidence }) => evidence),
  }
}
