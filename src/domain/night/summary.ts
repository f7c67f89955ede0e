import type { NightStep, StepState } from '../lab-reading.ts'
import type { Money } from '../money.ts'
import type { FocusDraft, Parity, SummaryLine } from '../night-paper.ts'
import { inDollars } from '../risk/in-dollars.ts'
import { counted, focusWords, parityWords } from './step-words.ts'

/** A step of the night as it stands when it is summed up. */
export type StepOutcome = { readonly step: NightStep; readonly state: StepState; readonly words: string }

/** Trades closed on a trade date in all accounts, of them won, and their net Money. */
export type DayResult = { readonly trades: number; readonly won: number; readonly net: Money }

export type SummaryQuestion = {
  readonly steps: readonly StepOutcome[]
  /** Absent where no account is kept. */
  readonly day?: DayResult
  readonly parity?: Parity
  /** Studies of the night, and what is changed by them: 'MGC Focus plan: … takes over on 2026-11-23'. */
  readonly studies: { readonly done: number; readonly changes: readonly string[] }
  readonly focus?: { readonly tradeDate: string; readonly markets: readonly FocusDraft[] }
}

const plain = (about: string, words: string): SummaryLine => ({ about, words, tone: 'plain' })

const dayLine = ({ trades, won, net }: DayResult): SummaryLine => {
  if (trades === 0) return plain('Your day', 'no trades')
  const words = `${counted(trades, 'trade')}, ${won} won, ${inDollars(net)} net`
  return { about: 'Your day', words, tone: net > 0 ? 'good' : net < 0 ? 'bad' : 'plain' }
}

const parityLine = (parity: Parity): SummaryLine => {
  const { backtest } = parity
  const differences = [...parity.differences, ...(backtest?.differences ?? [])]
  if (parity.cards === 0 && differences.length === 0) return plain('Live against replay', 'no card was drawn')
  const open = differences.some(({ explained }) => explained === undefined)
  const tone = open ? 'bad' : differences.length === 0 ? 'good' : 'plain'
  return { about: 'Live against replay', words: parityWords(parity), tone }
}

const studiesLine = ({ done, changes }: SummaryQuestion['studies']): SummaryLine =>
  changes.length === 0
    ? plain('Parameters', `unchanged: of ${counted(done, 'study', 'studies')} none proved a better set`)
    : { about: 'Parameters', words: changes.join('; '), tone: 'good' }

/** Steps whose own words the trader reads, under these headings. */
const told: readonly (readonly [NightStep, string])[] = [
  ['quality', 'Bars'],
  ['shadow', 'Cards'],
  ['calibration', 'Calibration'],
  ['backtests', 'Backtests'],
]

const troubleLines = (steps: readonly StepOutcome[]): readonly SummaryLine[] =>
  steps.flatMap(({ step, state, words }): readonly SummaryLine[] => {
    if (state === 'done' || step === 'refresh' || step === 'summary') return []
    if (state === 'failed') return [{ about: 'Failed', words: `${step}: ${words}`, tone: 'bad' }]
    return [plain('Not finished', `${step}: goes on in the next off-hours`)]
  })

/** The night in lines a trader reads in a minute: what went wrong first, then the day, then what is known of tomorrow. */
export const summaryOf = ({ steps, day, parity, studies, focus }: SummaryQuestion): readonly SummaryLine[] => [
  ...troubleLines(steps),
  ...(day ? [dayLine(day)] : []),
  ...told.flatMap(([step, about]) => {
    const done = steps.find((each) => each.step === step && each.state === 'done')
    return done ? [plain(about, done.words)] : []
  }),
  ...(parity ? [parityLine(parity)] : []),
  ...(studies.done > 0 ? [studiesLine(studies)] : []),
  ...(focus ? [plain(`Plan for ${focus.tradeDate}`, focusWords(focus.markets))] : []),
]
