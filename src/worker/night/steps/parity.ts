import { savePaper } from '#src/adapters/db/night-papers.ts'
import { planVersions } from '#src/adapters/db/plans.ts'
import { transitionsOf } from '#src/adapters/db/transitions.ts'
import { sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { compareBacktest, compareDay, type DayStory, type DrawnOnce } from '#src/domain/night/parity.ts'
import { parityWords } from '#src/domain/night/step-words.ts'
import type { PlanVersion } from '#src/domain/signals/transition.ts'
import { backtestDate } from '../backtest-date.ts'
import type { StepWork } from '../night.ts'
import { type NightDeps, turnOf } from '../night-deps.ts'
import { replayDate } from '../replay-date.ts'

/** Each card of a day's plan as the first version that has it drew it. */
const cardsOf = (versions: readonly PlanVersion[]): readonly DrawnOnce[] => {
  const cards = new Map<string, DrawnOnce>()
  for (const { drawnAt, cards: planned } of versions)
    for (const { contract: _, contracts: __, ...card } of planned)
      if (!cards.has(card.id)) cards.set(card.id, { ...card, drawnAt })
  return [...cards.values()]
}

const together = (stories: readonly DayStory[]): DayStory => ({
  cards: stories.flatMap(({ cards }) => cards),
  transitions: stories.flatMap(({ transitions }) => transitions),
})

/** Lives the day again through the engine that lived it, has the backtest walk it too, and compares what each decided. */
export const parity =
  (deps: NightDeps): StepWork =>
  async ({ night: { tradeDate }, signal, tell }) => {
    const { db, market, ledger, instruments, clock } = deps
    const turn = turnOf(deps, signal)
    const bars = new Map<InstrumentId, readonly RecordedBar[]>()
    const replayed: DayStory[] = []
    const backtested: DayStory[] = []
    const traded = instruments.filter((id) => sessionOf(specOf(id).group, tradeDate) !== undefined)
    for (const instrument of traded) {
      const story = await replayDate(deps, { instrument, tradeDate }, turn)
      bars.set(instrument, story.bars)
      replayed.push(story)
      backtested.push(await backtestDate(deps, { instrument, tradeDate, bars: story.read }, signal))
      tell(bars.size / traded.length, `${instrument} played again`)
    }
    const versions = await planVersions(db, ledger, tradeDate)
    const lived = await transitionsOf(db, ledger, tradeDate)
    const asked = {
      live: { cards: cardsOf(versions), transitions: lived, ran: versions.length > 0 },
      bars: (instrument: InstrumentId) => bars.get(instrument) ?? [],
    }
    const compared = {
      ...compareDay({ ...asked, replayed: together(replayed) }),
      backtest: compareBacktest({ ...asked, replayed: together(backtested) }),
    }
    await savePaper(db, market, { tradeDate, madeAt: clock.now(), body: { kind: 'parity', ...compared } })
    return parityWords(compared)
  }
