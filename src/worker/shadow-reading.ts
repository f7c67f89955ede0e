import type { KeptOutcome } from '#src/adapters/db/outcomes.ts'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { type InstrumentId, instrumentIds } from '#src/domain/instruments/instrument.ts'
import { dayOf } from '#src/domain/instruments/zone.ts'
import type { CalibrationReading, PastCard } from '#src/domain/picture.ts'
import { calibrationOf, type Outcome, type Permutation, permutationTest } from '#src/domain/signals/calibration.ts'
import type { QualityComponentName } from '#src/domain/signals/focus-card.ts'

type Counts = Omit<CalibrationReading['markets'][number], 'instrument'>
type Sum = { count: number; sum: number }

const shownCards = 30
const nothing: Counts = { cards: 0, n: 0, won: 0, r: 0 }
const meanOf = ({ count, sum }: Sum): number => (count === 0 ? 0 : sum / count)

const toPastCard = ({ components: _, won: __, ...card }: KeptOutcome): PastCard => card

/** What the outcomes say together, apart from the market's name, the permutation test and the work on them. */
type Tally = Pick<
  CalibrationReading,
  'cards' | 'n' | 'won' | 'lived' | 'buckets' | 'markets' | 'components' | 'recent'
> & {
  /** The cards that were entered. */
  readonly entered: readonly Outcome[]
}

/** Creates the count of outcomes, which are added in the order of their trade dates. */
export const createTally = () => {
  const entered: Outcome[] = []
  const markets = new Map<InstrumentId, Counts>()
  const components = new Map<QualityComponentName, { readonly winners: Sum; readonly others: Sum }>()
  let recent: readonly PastCard[] = []
  let lived = 0

  const weigh = ({ components: parts, won }: KeptOutcome): void => {
    for (const { name, points, max } of parts) {
      const sums = components.get(name) ?? { winners: { count: 0, sum: 0 }, others: { count: 0, sum: 0 } }
      const own = won ? sums.winners : sums.others
      own.count++
      own.sum += points / max
      components.set(name, sums)
    }
  }

  const add = (outcome: KeptOutcome): void => {
    const { instrument, quality, won, r, enteredAt } = outcome
    const { cards, n, won: wins, r: sum } = markets.get(instrument) ?? nothing
    const isIn = enteredAt !== undefined
    markets.set(instrument, {
      cards: cards + 1,
      n: n + Number(isIn),
      won: wins + Number(won),
      r: sum + (r ?? 0),
    })
    if (outcome.lived) lived++
    if (!isIn) return
    entered.push({ quality, won })
    weigh(outcome)
  }

  return {
    add: (outcomes: readonly KeptOutcome[]): void => {
      outcomes.forEach(add)
      recent = [...recent, ...outcomes.map(toPastCard)].sort((a, b) => b.drawnAt - a.drawnAt).slice(0, shownCards)
    },
    read: (): Tally => {
      const counted = instrumentIds.flatMap((instrument) => {
        const { r: sum, ...counts } = markets.get(instrument) ?? nothing
        return counts.cards === 0 ? [] : [{ instrument, ...counts, r: meanOf({ count: counts.n, sum }) }]
      })
      return {
        cards: counted.reduce((sum, { cards }) => sum + cards, 0),
        n: entered.length,
        won: entered.filter(({ won }) => won).length,
        lived,
        buckets: calibrationOf(entered),
        markets: counted,
        components: [...components].map(([name, { winners, others }]) => ({
          name,
          winners: meanOf(winners),
          others: meanOf(others),
        })),
        recent,
        entered,
      }
    },
  }
}

const runs = 1_000
const runsAtOnce = 25

/**
 * The permutation test of a trade date, its shuffles drawn from the date alone, a few at a time so that everybody else
 * gets a turn in between; undefined where nobody won or nobody lost.
 */
export const testOn = async (
  tradeDate: string,
  entered: readonly Outcome[],
  turn: () => Promise<void>,
): Promise<Permutation | undefined> => {
  const { uniform } = createStream(dayOf(tradeDate))
  let asGood = 0
  let auc = Number.NaN
  for (let done = 0; done < runs; done += runsAtOnce) {
    const part = permutationTest(entered, runsAtOnce, uniform)
    if (Number.isNaN(part.p)) return undefined
    auc = part.auc
    asGood += Math.round(part.p * (1 + runsAtOnce)) - 1
    await turn()
  }
  return { n: entered.length, auc, p: (1 + asGood) / (1 + runs), runs }
}
