import type { KeptReport } from '#src/adapters/db/reports.ts'
import type { Study } from '#src/adapters/db/studies.ts'
import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { Report, TradeRow } from '#src/domain/backtest/report.ts'
import { smaCross } from '#src/domain/backtest/strategies/sma-cross.ts'
import type { Discipline, Terms } from '#src/domain/backtest/terms.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { LabReading } from '#src/domain/lab-reading.ts'
import { dollars } from '#src/domain/money.ts'
import { honestyOf } from '#src/domain/optimization/honesty.ts'
import { defaultsOf } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec, Trial } from '#src/domain/optimization/trial.ts'
import type { ShadowBook } from '#src/domain/trading/shadow-book.ts'
import type { LabDeps } from '#src/http/routes/lab-deps.ts'
import { now } from './world.ts'

const { ticksPerPoint, tickValue } = specOf('MGC')

const terms: Terms = {
  ...{ ticksPerPoint, tickValue, feePerSide: dollars(0.72), feeShare: 0, slippageTicks: 2, spreadTicks: 1 },
  ...{ limitThrough: 1, path: 'stop-first', latencyMs: 0, volumeShare: 1 },
}
const discipline: Discipline = {
  ...{ entriesFrom: 300, entriesUntil: 600, flatBy: 720 },
  ...{ tradesPerDay: 8, lossesInRow: 3, dailyLoss: dollars(600) },
}
const rules = {
  ...{ terms, discipline, accountSize: dollars(50_000), seed: 7 },
  ...{ dataHash: '3f5a90c1d2e4b6789ab0c1d2e3f40516', codeVersion: '0.1.0-1f2e3d4c' },
}
const defaults = defaultsOf(smaCross.space)
const better = { ...defaults, fast: 15, stop: 6 }

export const studyId = 'a1'.repeat(32)
export const reportId = 'b2'.repeat(32)

const studySpec: StudySpec = {
  ...{ instrument: 'MGC', strategy: 'sma-cross', method: 'model', objective: 'expectancy', budget: 200, round: 40 },
  ...{ windows: { train: 6, test: 1, step: 1 }, from: '2026-04-01', to: '2026-11-19', champion: defaults },
  ...rules,
}

const train = { from: '2026-04-01', to: '2026-09-30' }

/** Two folds: one kept its edge, the other lost it and its fast average moved far. */
const walkForward: NonNullable<StudyResult['walkForward']> = {
  windows: { train: 6, test: 1, step: 1 },
  objective: 'expectancy',
  folds: [
    {
      ...{ train, number: 4, parameters: defaults, test: { from: '2026-10-01', to: '2026-10-30' } },
      inSample: { net: dollars(2_100), r: 0.2, trades: 140, score: 2.1 },
      outOfSample: { net: dollars(310), r: 0.16, trades: 31, score: 0.9 },
      ...{ retention: 0.8, drift: null },
    },
    {
      ...{ train, number: 9, parameters: better, test: { from: '2026-11-02', to: '2026-11-19' } },
      inSample: { net: dollars(2_300), r: 0.25, trades: 133, score: 2.4 },
      outOfSample: { net: dollars(-40), r: -0.02, trades: 20, score: -0.1 },
      ...{ retention: -0.08, drift: { shares: { fast: 0.25, slow: 0, stop: 0.333, target: 0 }, alerts: ['stop'] } },
    },
  ],
  outOfSample: { net: dollars(270), r: 0.09, trades: 51, score: 0.8 },
  ...{ retention: 0.402, retained: false, drifted: true },
  next: { train: { from: '2026-05-20', to: '2026-11-19' }, number: 9, parameters: better },
}

export const studyResult: StudyResult = {
  ...{ tried: 200, of: 1_225, dates: { from: '2026-04-01', to: '2026-11-19', count: 3 } },
  ...{ best: { number: 9, parameters: better, score: 2.4 }, challenger: better, walkForward, needs: null },
  outOfSample: { dates: ['2026-11-17', '2026-11-18', '2026-11-19'], net: [120, -60, 210].map(dollars) },
  championNet: [40, 0, -25].map(dollars),
  tests: {
    deflatedSharpe: {
      ...{ ratio: 0.11, benchmark: 0.19, trials: 200, probability: 0.31 },
      published: { benchmark: 0.94, probability: 0.002 },
    },
    trials: { runs: 9_999, chosen: 3, p: [0.6, 0.001, 0.3, 0.02] },
    permutation: { observed: dollars(90), p: 0.212, runs: 1_000 },
  },
  honesty: honestyOf({
    ...{ trades: 51, retention: 0.402, deflatedSharpe: 0.31, overfitting: null, permutation: 0.212 },
    ...{ randomEntry: 0.04, expectancy: 0.09, baselines: [{ name: 'rsi', expectancy: 0.02 }] },
    ...{ net: dollars(270), doubledNet: dollars(-35) },
  }),
  decision: {
    ...{ verdict: 'too-few-trades', champion: { r: 0.01, trades: 48 }, challenger: { r: 0.09, trades: 51 } },
    ...{ difference: 0.021, standardError: 0.014, effective: null },
    words: 'kept: 51 trades out of sample, 100 are asked for',
  },
}

export const study: Study = {
  ...{
    id: studyId,
    market: 'real',
    spec: studySpec,
    state: 'done',
    askedAt: now - 7_200_000,
    endedAt: now - 7_000_000,
  },
  result: studyResult,
}

const daysOf = (net: readonly number[]): Trial['days'] => ({
  net: Float64Array.from(net, dollars),
  r: Float64Array.from(net, (each) => each / 50),
  rSquared: Float64Array.from(net, (each) => (each / 50) ** 2 + 20),
  trades: Int32Array.from(net, () => 20),
  wins: Int32Array.from(net, () => 10),
})

/** Four sets over three dates: a fast average of 15 did well, one of 10 did not. */
export const studyTrials: readonly Trial[] = [
  [10, 4, -90],
  [10, 6, -30],
  [15, 4, 80],
  [15, 6, 160],
].map(([fast = 0, stop = 0, made = 0], number) => ({
  number,
  parameters: { ...defaults, fast, stop },
  days: daysOf([made, made / 2, made / 3]),
}))

const reportSpec: BacktestSpec = {
  ...{ instrument: 'MGC', strategy: 'sma-cross', parameters: better, from: '2026-11-17', to: '2026-11-19' },
  ...rules,
}

const row: TradeRow = {
  ...{ date: '2026-11-19', enteredAt: Date.UTC(2026, 10, 19, 13, 31), leftAt: Date.UTC(2026, 10, 19, 14, 2) },
  ...{
    side: 'long',
    quantity: 2,
    entry: 4_120.3,
    exit: 4_126.1,
    net: dollars(113.12),
    r: 1.41,
    mfeTicks: 64,
    maeTicks: -18,
  },
  ...{ reason: 'target', grade: 'A', regime: 1, setup: 41 },
}

const slice = { n: 3, won: 2, net: dollars(270), r: 0.45 }
const excursions = { mfeTicks: [4, 20, 41, 60, 90], maeTicks: [-40, -22, -12, -4, -1] } as const

export const report: Report = {
  ...{ from: '2026-11-17', to: '2026-11-19', dates: 3, accountSize: dollars(50_000), exposure: 0.031 },
  ...{ net: dollars(270), gross: dollars(283), fees: dollars(13), slipped: dollars(22), feesShare: 0.034 },
  ...{ trades: 3, winners: 2, losers: 1, winRate: 2 / 3, averageWin: dollars(165), averageLoss: dollars(-60) },
  ...{ expectancy: { money: dollars(90), r: 0.45 }, profitFactor: 5.5, sqn: 1.1, streaks: { winning: 1, losing: 1 } },
  averageLength: { bars: 31, minutes: 31 },
  ...{ sharpe: 10.57, sortino: 41.2, calmar: 378, volatility: 0.0431, tailRatio: 3.4, straightness: 0.61 },
  market: { beta: -0.2, alpha: 0.4, rSquared: 0.02 },
  drawdown: {
    ...{ money: dollars(-60), share: -0.0012, from: '2026-11-18', bottom: '2026-11-18', recovered: '2026-11-19' },
    dates: 1,
  },
  days: {
    date: ['2026-11-17', '2026-11-18', '2026-11-19'],
    net: [120, -60, 210].map(dollars),
    equity: [120, 60, 270].map(dollars),
    drawdown: [0, -60, 0].map(dollars),
  },
  costsDoubled: { net: dollars(235), expectancyR: 0.38 },
  intervals: {
    resamples: 1_000,
    expectancyR: { value: 0.45, low: -0.2, high: 1.1 },
    profitFactor: { value: 5.5, low: 0.4, high: null },
    winRate: { value: 2 / 3, low: 0.208, high: 0.938 },
    netPerDay: { value: dollars(90), low: dollars(-60), high: dollars(210) },
    sharpe: { value: 10.57, low: -3.1, high: 22 },
    maxDrawdown: { value: dollars(-60), low: dollars(-180), high: 0 },
  },
  excursions: {
    winners: { n: 2, ...excursions, mfeR: [0.2, 0.6, 1.1, 1.6, 2.1], maeR: [-0.8, -0.5, -0.3, -0.1, 0] },
    losers: { n: 1, ...excursions, mfeR: [0.1, 0.1, 0.1, 0.1, 0.1], maeR: [-1, -1, -1, -1, -1] },
  },
  by: {
    hour: [{ ...slice, of: 8 }],
    weekday: [{ ...slice, of: 4 }],
    side: [{ ...slice, of: 'long' }],
    reason: [{ ...slice, of: 'target' }],
    grade: [{ ...slice, of: 'A' }],
    regime: [{ ...slice, of: null }],
  },
  list: [
    { ...row, date: '2026-11-17', net: dollars(216.88), reason: 'flat-by', grade: null, regime: null, setup: null },
    { ...row, date: '2026-11-18', side: 'short', net: dollars(-60), r: -1.02, reason: 'stop' },
    row,
  ],
}

/** What other orders of some more trades would have been like. */
export const shuffled: NonNullable<Report['shuffled']> = {
  paths: 1_000,
  drawdown: {
    ...{ p5: dollars(210), p25: dollars(340), p50: dollars(480) },
    ...{ p75: dollars(640), p95: dollars(930), p99: dollars(1_150) },
  },
  losingStreak: { p5: 3, p25: 4, p50: 5, p75: 6, p95: 9, p99: 11 },
}

export const keptReport: KeptReport = {
  id: reportId,
  market: 'real',
  spec: reportSpec,
  report,
  madeAt: now - 3_600_000,
}

const quietSum = { n: 0, net: 0 }

/** A winner that was left alone, and one that was taken. */
export const shadowBook: ShadowBook = {
  lines: [
    {
      card: {
        ...{ cardId: '2026-11-19-MGC-2', instrument: 'MGC', tradeDate: '2026-11-19', side: 'long', quality: 74.6 },
        ...{ grade: 'A', drawnAt: Date.UTC(2026, 10, 19, 13), enteredAt: Date.UTC(2026, 10, 19, 13, 20) },
        ...{ endedAt: Date.UTC(2026, 10, 19, 14), endedAs: 'target-1', r: 1.12, lived: true },
      },
      ...{ fate: 'missed', money: dollars(163.2) },
    },
    {
      card: {
        ...{ cardId: '2026-11-19-MNQ-1', instrument: 'MNQ', tradeDate: '2026-11-19', side: 'short', quality: 61 },
        ...{ drawnAt: Date.UTC(2026, 10, 19, 12), enteredAt: Date.UTC(2026, 10, 19, 12, 5) },
        ...{ endedAt: Date.UTC(2026, 10, 19, 12, 40), endedAs: 'stopped', r: -0.9, lived: true },
      },
      fate: 'taken',
    },
  ],
  every: { n: 2, r: 0.22, money: dollars(163.2), unpriced: 1 },
  compared: {
    since: '2026-10-02',
    ...{ taken: { n: 1, r: -0.9, money: 0, unpriced: 1 }, own: { n: 1, net: dollars(-88) } },
    missedWinners: { n: 1, r: 1.12, money: dollars(163.2), unpriced: 0 },
    missedLosers: { n: 0, r: 0, money: 0, unpriced: 0 },
    ...{ improvised: { n: 2, net: dollars(-120) }, larger: { n: 1, net: dollars(-44) }, smaller: quietSum },
  },
}

/** The lab in the middle of a night: some steps are over, one runs, one waits for the machine. */
export const labReading: LabReading = {
  at: now,
  hands: 'one thread of this machine',
  night: {
    tradeDate: '2026-11-19',
    steps: [
      { step: 'backfill', state: 'done', since: now - 9_000_000, progress: 1, words: 'nothing was missing', tries: 1 },
      { step: 'quality', state: 'done', since: now - 8_900_000, progress: 1, words: '0 suspect bars', tries: 1 },
      {
        step: 'parity',
        state: 'failed',
        since: now - 8_500_000,
        progress: 0,
        words: 'no bars of 2026-11-19',
        tries: 3,
      },
      { step: 'backtests', state: 'paused', since: now - 600_000, progress: 0.6, words: '29 of 48', tries: 1 },
      {
        step: 'optimization',
        state: 'running',
        since: now - 60_000,
        progress: 0.3,
        words: 'MGC: 120 of 400 tried',
        tries: 1,
      },
      { step: 'focus', state: 'waiting', progress: 0, words: '', tries: 0 },
    ],
  },
  studies: [
    {
      ...{ id: 'c3'.repeat(32), instrument: 'MNQ', strategy: 'opening-range', method: 'grid', state: 'running' },
      ...{ askedAt: now - 60_000, tried: 120, budget: 400, words: '' },
    },
    {
      ...{ id: studyId, instrument: 'MGC', strategy: 'sma-cross', method: 'model', state: 'done', passed: false },
      ...{
        askedAt: now - 7_200_000,
        tried: 200,
        budget: 200,
        night: '2026-11-18',
        words: 'refused: 51 trades out of sample',
      },
    },
  ],
  reports: [
    {
      ...{
        id: reportId,
        instrument: 'MGC',
        strategy: 'sma-cross',
        from: '2026-11-17',
        to: '2026-11-19',
        baseline: true,
        costsDoubled: false,
      },
      ...{ madeAt: now - 3_600_000, trades: 3, net: dollars(270), expectancyR: 0.45, profitFactor: 5.5, sharpe: 10.57 },
      maxDrawdown: dollars(-60),
    },
  ],
  champions: [
    {
      ...{ instrument: 'MES', strategy: 'focus-plan', from: '2026-11-12', study: 'd4'.repeat(32) },
      words: 'the challenger made 0.31 R a trade against 0.22 R over 140 trades: takes over on 2026-11-12',
    },
  ],
  parity: [
    {
      ...{ tradeDate: '2026-11-18', cards: 14, transitions: 52, differences: 0, explained: 0 },
      backtest: { differences: 0, explained: 0 },
    },
    {
      ...{ tradeDate: '2026-11-17', cards: 12, transitions: 41, differences: 2, explained: 2 },
      backtest: { differences: 3, explained: 2 },
    },
    { tradeDate: '2026-11-16', cards: 12, transitions: 40, differences: 3, explained: 1 },
  ],
  summary: {
    tradeDate: '2026-11-18',
    lines: [
      { about: 'Cards', words: '14 drawn, 6 entered, 4 reached TP1', tone: 'plain' },
      { about: 'Parity', words: '0 differences', tone: 'good' },
      { about: 'Optimization', words: 'nothing passed every check', tone: 'bad' },
    ],
  },
}

/** A lab that knows nothing and keeps whatever it is asked. */
export const quietLab: LabDeps = {
  study: async () => undefined,
  trials: async () => [],
  report: async () => undefined,
  reports: async () => [],
  champions: async () => [],
  papers: async () => [],
  shadowBook: async () => ({ lines: [], every: { n: 0, r: 0, money: 0, unpriced: 0 } }),
  ask: async () => ({ ok: true }),
}
