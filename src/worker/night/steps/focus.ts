import { flowsSince } from '#src/adapters/db/flows.ts'
import { savePaper } from '#src/adapters/db/night-papers.ts'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { byWorth, draftOf } from '#src/domain/night/focus-draft.ts'
import { focusWords } from '#src/domain/night/step-words.ts'
import type { FocusDraft } from '#src/domain/night-paper.ts'
import { analysisOf } from '#src/domain/signals/analysis.ts'
import type { StepWork } from '../night.ts'
import { type NightDeps, turnOf } from '../night-deps.ts'
import { readPast } from '../read-past.ts'

/** Read in one go: about a millisecond. */
const readAtOnce = 200
const flowsMs = 86_400_000

const draft = async (
  deps: NightDeps,
  instrument: InstrumentId,
  morning: string,
  turn: () => Promise<void>,
): Promise<FocusDraft | undefined> => {
  const { db, ledger, clock } = deps
  const spec = specOf(instrument)
  const analysis = analysisOf(spec)
  const now = clock.now()
  const kept = await flowsSince(db, { market: ledger, instrument }, now - flowsMs, now)
  const flows = new Map(kept.map((flow) => [flow.time, flow]))
  let state = analysis.start()
  for await (const bars of readPast(deps, instrument, now))
    for (const [i, bar] of bars.entries()) {
      state = analysis.step(state, { bar, tradeDate: dateOfBar(spec.group, bar.time), flow: flows.get(bar.time) })
      if (i % readAtOnce === 0) await turn()
    }
  return state.bar && draftOf(spec, state, analysis.value(state), morning)
}

/** Judges every market as it stands and writes down where tomorrow begins; the refresh does so once the morning is there. */
export const focus =
  (deps: NightDeps, which: 'first' | 'refreshed'): StepWork =>
  async ({ night: { morning: at }, signal, tell }) => {
    const { db, market, instruments, clock } = deps
    const tradeDate = easternAt(at).date
    const turn = turnOf(deps, signal)
    const markets: FocusDraft[] = []
    for (const [i, instrument] of instruments.entries()) {
      const made = await draft(deps, instrument, tradeDate, turn)
      if (made !== undefined) markets.push(made)
      tell((i + 1) / instruments.length, `${instrument} read`)
    }
    markets.sort(byWorth)
    const asOf = clock.now()
    await savePaper(db, market, { tradeDate, madeAt: asOf, body: { kind: 'focus', draft: which, asOf, markets } })
    return `${tradeDate}: ${focusWords(markets)}`
  }
