import { specOf } from '../instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '../instruments/instrument.ts'
import { minuteMs, type RecordedBar } from '../market/bar.ts'
import type { Compared, ParityDifference } from '../night-paper.ts'
import { clockWords, priceWords } from '../patterns/wording.ts'
import type { CardTransition, PlannedCard } from '../signals/transition.ts'
import { explainDrawn, explainMinute, type Split } from './explain.ts'

/** A card as it was drawn. */
export type DrawnOnce = Omit<PlannedCard, 'contract' | 'contracts'> & { readonly drawnAt: number }

/** What one of the two tells of a day: each card once, its changes of state in their order. */
export type DayStory = { readonly cards: readonly DrawnOnce[]; readonly transitions: readonly CardTransition[] }

export type ParityQuestion = {
  /** As it was lived; `ran` is false where the terminal has kept no plan of the day at all. */
  readonly live: DayStory & { readonly ran: boolean }
  /** As the stored bars tell it: each change stamped with the end of its minute. */
  readonly replayed: DayStory
  /** The bars of the trade date with how they came to be, oldest first. */
  readonly bars: (instrument: InstrumentId) => readonly RecordedBar[]
}

/** States the price of the moment alone decides; the others are decided once. */
const approaches: readonly CardTransition['to'][] = ['watching', 'near', 'in-zone']
const isApproach = ({ to }: CardTransition): boolean => approaches.includes(to)
/** Changed by judgement or by the clock, at a whole minute. */
const isClocked = ({ cause }: CardTransition): boolean => cause !== undefined && cause !== 'stop-before-entry'

const numbers = ['stop', 'target1', 'target2'] as const

/** Each number of a card in words, for the trader to compare. */
const numbersOf = (spec: ContractSpec, card: DrawnOnce): Readonly<Record<string, string>> => ({
  side: card.side,
  zone: `zone ${priceWords(spec, card.zone.low)}–${priceWords(spec, card.zone.high)}`,
  ...Object.fromEntries(numbers.map((name) => [name, `${name} ${priceWords(spec, card[name])}`])),
  quality: `quality ${card.quality}`,
  drawn: `drawn at ${clockWords(card.drawnAt)}`,
})

/** What is not the same about two cards of one id, in words of each; undefined when all is. */
const cardSplit = (live: DrawnOnce | undefined, replayed: DrawnOnce | undefined): Split | undefined => {
  const known = live ?? replayed
  if (known === undefined) return undefined
  const spec = specOf(known.instrument)
  const at = Math.min(live?.drawnAt ?? Number.POSITIVE_INFINITY, replayed?.drawnAt ?? Number.POSITIVE_INFINITY)
  if (live === undefined || replayed === undefined) {
    const words = Object.values(numbersOf(spec, known)).join(', ')
    return { at, live: live ? words : 'not drawn', replayed: replayed ? words : 'not drawn' }
  }
  const [ours, theirs] = [numbersOf(spec, live), numbersOf(spec, replayed)]
  const names = Object.keys(ours).filter((name) => ours[name] !== theirs[name])
  if (names.length === 0) return undefined
  return {
    at,
    live: names.map((name) => ours[name]).join(', '),
    replayed: names.map((name) => theirs[name]).join(', '),
  }
}

/** What a card's minute did to it, and the state it left it in. */
type Minute = { readonly end: number; readonly steps: readonly CardTransition[]; readonly state: string }

const transitionWords = (spec: ContractSpec, { to, price, cause }: CardTransition): string =>
  `${to} at ${priceWords(spec, price)}${cause === undefined ? '' : ` (${cause})`}`

const minuteWords = (spec: ContractSpec, { steps, state }: Minute): string =>
  steps.length === 0 ? `stays ${state}` : steps.map((step) => transitionWords(spec, step)).join(', ')

/** A card's life on both sides. */
type Lives = {
  readonly card: DrawnOnce
  readonly live: readonly CardTransition[]
  readonly replayed: readonly CardTransition[]
  readonly barAt: (time: number) => RecordedBar | undefined
}

/**
 * The end of the minute a change was lived in. A trade in a minute's first instant belongs to that minute, what a whole bar or
 * the clock did at its end to the one before: the replay tells which, and where it does not the bar's opening price.
 */
const endOfMinute = ({ replayed, barAt }: Lives, step: CardTransition): number => {
  const { at, to, price } = step
  if (at % minuteMs !== 0) return at - (at % minuteMs) + minuteMs
  const isTold = (end: number): boolean => replayed.some((other) => other.to === to && other.at === end)
  if (isClocked(step) || isTold(at)) return at
  return isTold(at + minuteMs) || barAt(at)?.open === price ? at + minuteMs : at
}

const isWithin = (bar: RecordedBar | undefined, price: number): boolean =>
  bar === undefined || (price >= bar.low && price <= bar.high)

/** The same decision: to the tick where a level made it, within the minute's prices where judgement or the clock did. */
const isSameDecision = (
  ours: CardTransition,
  theirs: CardTransition | undefined,
  bar: RecordedBar | undefined,
): boolean =>
  ours.to === theirs?.to &&
  ours.cause === theirs.cause &&
  (isClocked(ours) ? isWithin(bar, ours.price) : ours.price === theirs.price)

const agrees = (ours: Minute, theirs: Minute, bar: RecordedBar | undefined): boolean => {
  const [decided, expected] = [ours, theirs].map(({ steps }) => steps.filter((step) => !isApproach(step)))
  return (
    ours.state === theirs.state &&
    decided?.length === expected?.length &&
    decided?.every((step, i) => isSameDecision(step, expected?.[i], bar)) === true &&
    ours.steps.filter(isApproach).every(({ price }) => isWithin(bar, price))
  )
}

/** Where two lives of one card part, minute by minute; after the first minute that left another state nothing is compared. */
const lifeSplits = (lives: Lives): readonly Split[] => {
  const { card, live, replayed, barAt } = lives
  const spec = specOf(card.instrument)
  const lived = live.map((step) => ({ step, end: endOfMinute(lives, step) }))
  const ends = [...new Set([...lived.map(({ end }) => end), ...replayed.map(({ at }) => at)])].sort((a, b) => a - b)
  const first = (live[0] ?? replayed[0])?.from ?? ''
  let [ours, theirs] = [first, replayed[0]?.from ?? first] as [string, string]
  const splits: Split[] = []
  for (const end of ends) {
    const steps = lived.filter((each) => each.end === end).map(({ step }) => step)
    const told = replayed.filter(({ at }) => at === end)
    ours = steps.at(-1)?.to ?? ours
    theirs = told.at(-1)?.to ?? theirs
    const [own, other] = [
      { end, steps, state: ours },
      { end, steps: told, state: theirs },
    ]
    if (agrees(own, other, barAt(end - minuteMs))) continue
    const prices = [...steps, ...told].filter((step) => !isApproach(step)).map(({ price }) => price)
    const clocked = [...steps, ...told].some(isClocked)
    splits.push({ at: end, live: minuteWords(spec, own), replayed: minuteWords(spec, other), prices, clocked })
    if (ours !== theirs) break
  }
  return splits
}

/**
 * Compares what the live engine decided on a trade date with what its replay over the stored bars decides: every card as it
 * was drawn, and every change of state by its minute. A live change of approach must lie within its minute's prices and leave
 * the state the minute ends with; what decides a card must be the same, at the same price. A difference is explained only by
 * what is found in the bars themselves.
 */
export const compareDay = ({ live, replayed, bars }: ParityQuestion): Compared => {
  const ids = [...new Set([...live.cards, ...replayed.cards].map(({ id }) => id))].sort()
  const differences: (ParityDifference & { readonly at: number; readonly instrument: InstrumentId })[] = []
  for (const id of ids) {
    const [ours, theirs] = [live, replayed].map(({ cards }) => cards.find((card) => card.id === id))
    const card = ours ?? (theirs as DrawnOnce)
    const { instrument } = card
    const own = bars(instrument)
    const byTime = new Map(own.map((bar) => [bar.time, bar]))
    const [lived, told] = [live, replayed].map(({ transitions }) => transitions.filter(({ cardId }) => cardId === id))
    const tell = (what: ParityDifference['what'], split: Split, explained: string | undefined): void => {
      const { at, live: was, replayed: is } = split
      const minute = what === 'transition' ? `${clockWords(at)}: ` : ''
      differences.push({
        ...{ cardId: id, instrument, at, what, live: `${minute}${was}`, replayed: `${minute}${is}` },
        ...(explained !== undefined && { explained }),
      })
    }
    const drawn = cardSplit(ours, theirs)
    if (drawn !== undefined) {
      const before = differences.filter((each) => each.instrument === instrument && each.at <= drawn.at)
      const isMoved = ours?.drawnAt !== theirs?.drawnAt
      tell('drawn', drawn, explainDrawn({ split: drawn, bars: own, ran: live.ran, before, isMoved }))
    }
    if (ours === undefined || theirs === undefined) continue
    const barAt = (time: number): RecordedBar | undefined => byTime.get(time)
    for (const split of lifeSplits({ card, live: lived ?? [], replayed: told ?? [], barAt }))
      tell('transition', split, explainMinute({ split, card, bars: own }))
  }
  return {
    cards: ids.length,
    transitions: live.transitions.length,
    differences: differences.map(({ at: _, instrument: __, ...difference }) => difference),
  }
}

/** Compares with what the backtest decides over the same bars: it tells what fills or ends a card, no approach. */
export const compareBacktest = ({ live, ...question }: ParityQuestion): Compared => {
  const transitions = live.transitions.filter((step) => !isApproach(step))
  return compareDay({ ...question, live: { ...live, transitions } })
}
