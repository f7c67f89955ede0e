import { dateOfBar } from '../instruments/calendar.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import { feeOf, type Terms } from './fees.ts'
import type { Fill } from './fill.ts'
import { applyFill, type Held, markPrice, nothingHeld, type Step } from './trade.ts'

/** The highest and lowest price in ticks seen between a fill and the next one, and when; epoch ms. */
type Span = {
  readonly high: number
  readonly highAt: number
  readonly low: number
  readonly lowAt: number
}

/** A fill in its place, with what it made of the holding. */
export type Line = Step & {
  readonly fill: Fill
  readonly fee: Money
  /** The exchange's trade date of the fill. */
  readonly tradeDate: string
  /** What traded after it while something was held. */
  readonly span?: Span
}

const widened = (span: Span | undefined, ticks: number, at: number): Span => ({
  ...(span !== undefined && span.high >= ticks ? span : { high: ticks, highAt: at }),
  ...(span !== undefined && span.low <= ticks ? { low: span.low, lowAt: span.lowAt } : { low: ticks, lowAt: at }),
})

/** Notes a price (ticks, epoch ms) after the newest line; the very line where it is no new extreme. */
export const notePrice = (line: Line, ticks: number, at: number): Line => {
  const { span, held, fill } = line
  if (held.trade === undefined || at < fill.at) return line
  if (span !== undefined && ticks <= span.high && ticks >= span.low) return line
  return { ...line, span: widened(span, ticks, at) }
}

/** The holding after a line with what traded since. */
export const heldAfter = (spec: ContractSpec, { held, span }: Pick<Line, 'held' | 'span'>): Held =>
  span === undefined ? held : markPrice(spec, markPrice(spec, held, span.high), span.low)

const write = (spec: ContractSpec, before: Held, fill: Fill, terms: Terms): Line => ({
  ...applyFill(spec, before, fill, terms),
  fill,
  fee: feeOf(fill, terms).fee,
  tradeDate: dateOfBar(spec.group, fill.at),
})

type Print = { readonly ticks: number; readonly at: number }

/** The extremes known, as prices in order of time: a fill that comes late may part what was one stretch. */
const printsOf = (lines: readonly Line[]): readonly Print[] =>
  lines
    .flatMap(({ span }) =>
      span
        ? [
            { ticks: span.high, at: span.highAt },
            { ticks: span.low, at: span.lowAt },
          ]
        : [],
    )
    .sort((a, b) => a.at - b.at)

/** Folds fills in order onto `lines`, with the prices that traded among them. */
const refold = (
  spec: ContractSpec,
  lines: readonly Line[],
  fills: readonly Fill[],
  prints: readonly Print[],
  terms: Terms,
): readonly Line[] => {
  const written = [...lines]
  let next = 0
  for (const [i, fill] of fills.entries()) {
    const last = written.at(-1)
    let line = write(spec, last === undefined ? nothingHeld : heldAfter(spec, last), fill, terms)
    const until = fills[i + 1]?.at ?? Number.POSITIVE_INFINITY
    for (let print = prints[next]; print !== undefined && print.at < until; print = prints[++next])
      line = notePrice(line, print.ticks, print.at)
    written.push(line)
  }
  return written
}

/** The fills that have no line yet, each once. What is told again bears its time: one fill after the last needs no search. */
const unwritten = (lines: readonly Line[], fills: readonly Fill[]): readonly Fill[] => {
  const newest = lines.at(-1)?.fill.at ?? Number.NEGATIVE_INFINITY
  if (fills.length === 1 && fills.every(({ at }) => at > newest)) return fills
  const known = new Set(lines.map(({ fill }) => fill.executionId))
  return fills.filter(({ executionId }) => !known.has(executionId) && known.add(executionId))
}

/**
 * Puts fills of one holding in their places — by the platform's time, of one instant in the order heard — and folds anew
 * from the earliest of them: one that comes late leaves the same books as had it come in time. The same execution twice
 * changes nothing.
 */
export const record = (
  spec: ContractSpec,
  lines: readonly Line[],
  fills: readonly Fill[],
  terms: Terms,
): readonly Line[] => {
  const fresh = unwritten(lines, fills)
  if (fresh.length === 0) return lines
  const earliest = fresh.reduce((at, fill) => Math.min(at, fill.at), Number.POSITIVE_INFINITY)
  const stays = lines.findLastIndex(({ fill }) => fill.at <= earliest) + 1
  const moved = lines.slice(Math.max(0, stays - 1))
  const due = [...moved.map(({ fill }) => fill), ...fresh].sort((a, b) => a.at - b.at)
  return refold(spec, lines.slice(0, Math.max(0, stays - 1)), due, printsOf(moved), terms)
}

/** The same fills under other terms, with the prices seen. */
export const recordAnew = (spec: ContractSpec, lines: readonly Line[], terms: Terms): readonly Line[] =>
  refold(
    spec,
    [],
    lines.map(({ fill }) => fill),
    printsOf(lines),
    terms,
  )
