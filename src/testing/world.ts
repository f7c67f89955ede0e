import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { roundToGrid } from '#src/domain/instruments/ticks.ts'
import type { DateCoverage } from '#src/domain/market/coverage.ts'
import { dollars } from '#src/domain/money.ts'
import type { Gate, GateFact, HistoryReading, Picture, PlanReading, PriceReading } from '#src/domain/picture.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { CardNumber, FocusCard, Provenance, QualityComponent } from '#src/domain/signals/focus-card.ts'
import { checklistOf } from '#src/domain/signals/grade.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import { unheardAccount } from '#src/domain/trading/unheard.ts'

/** A Friday in November, 09:41:07 in New York: the middle of the active phase. */
export const now = Date.UTC(2026, 10, 20, 14, 41, 7)
const minutesAgo = (minutes: number): number => now - minutes * 60_000
const minute = Math.floor(now / 60_000) * 60_000

const provenance: Record<CardNumber, Provenance> = {
  last: { formula: 'the newest trade', inputs: [{ name: 'trade', value: 4123.4, at: now - 300 }] },
  zone: {
    formula: 'level ± 0.15 × ATR(14, 5m), on the tick grid',
    inputs: [
      { name: 'VWAP', value: 4121.6, at: minute },
      { name: 'ATR', value: 7.9, at: minute - 60_000 },
    ],
  },
  stop: {
    formula: 'the farther of the last swing and 1 ATR, 0.8–2.5 ATR, two ticks further',
    inputs: [
      { name: 'swing low', value: 4113.2, at: minutesAgo(31) },
      { name: 'ATR', value: 7.9, at: minute - 60_000 },
    ],
  },
  target1: {
    formula: 'the nearest opposing level at 1R or more',
    inputs: [{ name: 'prior-day high', value: 4136.5, at: minutesAgo(940) }],
  },
  target2: {
    formula: 'the next opposing level at 2R or more',
    inputs: [{ name: 'R1', value: 4147.1, at: minutesAgo(940) }],
  },
  ratio: {
    formula: 'mean of the last 20 bull waves ÷ mean of the last 20 bear waves',
    inputs: [
      { name: 'bull average', value: 1.014, at: minute },
      { name: 'bear average', value: 0.49, at: minute },
    ],
  },
  quality: {
    formula: 'the sum of the components, rescaled to 100 when one is dropped',
    inputs: [{ name: 'waves', value: '28 of 28', at: minute, why: 'ratio 2.07, above 2' }],
  },
  size: {
    formula: 'floor(budget ÷ (stop ticks × tick value + fees + 2 ticks))',
    inputs: [
      { name: 'budget', value: 312.5 },
      { name: 'risk of one', value: 103.44 },
    ],
  },
}

const components = (points: readonly number[]): QualityComponent[] => {
  const parts = [
    ['waves', 28, 'ratio 2.07, above 2'],
    ['momentum', 17, 'AO on the side and rising'],
    ['location', 11, 'close above the middle of the band'],
    ['confluence', 17, 'two of three timeframes agree'],
    ['structure', 11, 'zone rests on VWAP'],
    ['volatility', 11, 'percentile 0.42'],
    ['regime', 5, 'choppy'],
  ] as const
  return parts.map(([name, max, why], i) => ({ name, max, why, points: points[i] ?? 0 }))
}

/** What every card of this world argues. */
const argued: FocusCard['why'] = {
  agrees: [
    'The bull waves are 2.07 times the bear waves.',
    'Traded 3 ticks below the prior-day low at 09:12 ET; closed back inside at 09:20.',
  ],
  disagrees: ['60m stands below its averages.'],
  wouldChange: ['A five-minute close below 4,113.2, the last swing low, turns the structure.'],
}

const quality = (points: readonly number[]): FocusCard['quality'] => ({
  score: points.reduce((sum, p) => sum + p, 0),
  components: components(points),
  dropped: ['order-flow'],
})

/** Gold, long, price inside the zone, gate open: the card a trader acts on. */
export const goldInZone: FocusCard = {
  id: '2026-11-20-MGC-1',
  instrument: 'MGC',
  name: 'Gold',
  contract: 'MGC Z6',
  tradeDate: '2026-11-20',
  place: 1,
  bias: 'long',
  state: 'in-zone',
  stateSince: minutesAgo(2),
  action: 'enter',
  reason: 'price-in-zone',
  bracket: {
    level: { kind: 'vwap', name: 'VWAP', price: 4122.8, at: minute },
    atr: 7.9,
    zone: { low: 4121.6, high: 4124 },
    stop: 4113,
    target1: 4136.5,
    target2: 4147.1,
    stopTicks: 110,
    stopWidened: false,
  },
  size: {
    contracts: 3,
    startWith: 2,
    risk: dollars(310.32),
    riskPerContract: dollars(103.44),
    budget: dollars(312.5),
    multiplier: 1,
    halved: false,
  },
  stack: { addAt: 4129.5, minRatio: 1.8, ratioAllows: true },
  quality: quality([28, 17, 11, 11, 6, 11, 2]),
  otherQuality: 21,
  checklist: checklistOf(quality([28, 17, 11, 11, 6, 11, 2])),
  why: argued,
  ratio: 2.07,
  waves: 'strong',
  confluence: 2,
  volatility: { percentile: 0.42, cluster: 'MEDIUM', atr: 7.9 },
  regime: 'CHOPPY',
  excluded: false,
  drawnAt: minutesAgo(281),
  version: 1,
  asOf: minute,
  provenance,
  market: [
    { name: 'Dealing range', value: 'discount, 38 % of 4,113.2–4,140.0', at: minutesAgo(31) },
    { name: 'Session POC', value: '4,121.9', why: 'of 48210 contracts, estimated' },
    { name: 'New York 15 min', value: 'ARMED 4,117.4–4,125.8', at: minutesAgo(51) },
    { name: 'Four-hour block', value: 'not warm: no block before it' },
  ],
  method: { code: '0.1.0-1f2e3d4c', parameters: '9a8b7c6d' },
}

/** Nasdaq, short, price below its zone: place the limit and wait. */
export const nasdaqNear: FocusCard = {
  ...goldInZone,
  id: '2026-11-20-MNQ-1',
  instrument: 'MNQ',
  name: 'Nasdaq-100',
  contract: 'MNQ Z6',
  place: 2,
  bias: 'short',
  state: 'near',
  stateSince: minutesAgo(6),
  action: 'limit',
  reason: 'price-beyond-zone',
  bracket: {
    level: { kind: 'prior-high', name: 'prior-day high', price: 24561.25, at: minutesAgo(1000) },
    atr: 56.5,
    zone: { low: 24552.75, high: 24569.75 },
    stop: 24618.25,
    target1: 24480,
    target2: 24391.5,
    stopTicks: 262,
    stopWidened: true,
  },
  size: {
    contracts: 2,
    startWith: 2,
    risk: dollars(266.48),
    riskPerContract: dollars(133.24),
    budget: dollars(312.5),
    multiplier: 1,
    halved: false,
  },
  stack: { addAt: 24520, minRatio: 1.8, ratioAllows: false },
  quality: quality([17, 17, 11, 17, 6, 6, 5]),
  otherQuality: 18,
  checklist: checklistOf(quality([17, 17, 11, 17, 6, 6, 5])),
  why: argued,
  ratio: 1.62,
  waves: 'with',
}

/** Crude, long, halved by a neutral ratio, nothing near. */
export const crudeWatching: FocusCard = {
  ...goldInZone,
  id: '2026-11-20-MCL-1',
  instrument: 'MCL',
  name: 'Crude Oil',
  contract: 'MCL F7',
  place: 3,
  state: 'watching',
  stateSince: minutesAgo(44),
  action: 'wait',
  reason: 'nothing-near',
  bracket: {
    level: { kind: 'ema21', name: 'EMA 21', price: 59.62, at: minute },
    atr: 0.28,
    zone: { low: 59.58, high: 59.66 },
    stop: 59.31,
    target1: 60.05,
    target2: 60.48,
    stopTicks: 35,
    stopWidened: false,
  },
  size: {
    contracts: 4,
    startWith: 2,
    risk: dollars(153.76),
    riskPerContract: dollars(38.44),
    budget: dollars(312.5),
    multiplier: 1,
    halved: true,
  },
  stack: { addAt: 59.84, minRatio: 1.8, ratioAllows: false },
  quality: quality([8, 8, 11, 17, 6, 11, 2]),
  otherQuality: 34,
  checklist: checklistOf(quality([8, 8, 11, 17, 6, 11, 2])),
  why: argued,
  ratio: 1.29,
  waves: 'neutral',
}

/** S&P 500, long, stopped out: the card is finished for the day. */
export const sp500Stopped: FocusCard = {
  ...goldInZone,
  id: '2026-11-20-MES-1',
  instrument: 'MES',
  name: 'S&P 500',
  contract: 'MES Z6',
  place: 4,
  state: 'stopped',
  stateSince: minutesAgo(17),
  action: 'skip',
  reason: 'finished',
  bracket: {
    level: { kind: 'gap', name: 'gap edge', price: 6712.5, at: minutesAgo(120) },
    atr: 8.2,
    zone: { low: 6711.25, high: 6713.75 },
    stop: 6704.5,
    target1: 6724,
    target2: 6733.25,
    stopTicks: 37,
    stopWidened: false,
  },
  size: {
    contracts: 6,
    startWith: 2,
    risk: dollars(299.94),
    riskPerContract: dollars(49.99),
    budget: dollars(312.5),
    multiplier: 1,
    halved: false,
  },
  stack: { addAt: 6718.5, minRatio: 1.8, ratioAllows: false },
  quality: quality([12, 8, 11, 11, 6, 6, 2]),
  otherQuality: 39,
  checklist: checklistOf(quality([12, 8, 11, 11, 6, 6, 2])),
  why: argued,
  ratio: 1.44,
  waves: 'neutral',
}

const { bracket: _bracket, size: _size, stack: _stack, drawnAt: _drawnAt, ...undrawn } = goldInZone

/** A market left alone: too volatile, no bracket. */
const silverExcluded: FocusCard = {
  ...undrawn,
  id: '2026-11-20-SIL-0',
  instrument: 'SIL',
  name: 'Silver',
  contract: 'SIL Z6',
  place: 0,
  bias: 'neutral',
  state: 'watching',
  stateSince: minutesAgo(190),
  action: 'skip',
  reason: 'too-volatile',
  quality: quality([10, 7, 0, 6, 0, 0, 0]),
  otherQuality: 20,
  checklist: checklistOf(quality([10, 7, 0, 6, 0, 0, 0])),
  why: argued,
  ratio: 1.36,
  waves: 'neutral',
  volatility: { percentile: 0.93, cluster: 'HIGH', atr: 0.31 },
  regime: 'VOLATILE',
  excluded: true,
}

/** A market that leans neither way. */
const copperNeutral: FocusCard = {
  ...silverExcluded,
  id: '2026-11-20-MHG-0',
  instrument: 'MHG',
  name: 'Copper',
  contract: 'MHG H7',
  action: 'wait',
  reason: 'no-bias',
  ratio: null,
  quality: quality([0, 7, 11, 6, 5, 11, 2]),
  otherQuality: 38,
  checklist: checklistOf(quality([0, 7, 11, 6, 5, 11, 2])),
  why: argued,
  volatility: { percentile: 0.22, cluster: 'LOW', atr: 0.0071 },
  regime: 'CHOPPY',
  excluded: false,
}

/** A price of a card's market `ageMs` old; the rest as the market usually stands. */
const priceOf = (instrument: InstrumentId, last: number, change: number, ageMs = 300): PriceReading => {
  const spec = specOf(instrument)
  const tick = 1 / spec.ticksPerPoint
  return {
    instrument,
    contract: '',
    last: roundToGrid(spec, last, 'nearest'),
    asOf: now - ageMs,
    receivedAt: now - ageMs,
    change,
    bid: roundToGrid(spec, last, 'nearest'),
    ask: roundToGrid(spec, last + tick, 'nearest'),
  }
}

const fact = (id: string, reason: string, more: Partial<GateFact> = {}): GateFact => ({
  id,
  watched: true,
  ok: true,
  reason,
  since: minutesAgo(101),
  source: 'engine',
  ...more,
})

const unwatched = [
  fact('bridge', 'bridge-never-seen', { watched: false, ok: false, source: 'NinjaTrader' }),
  fact('agreement', 'no-second-price', { watched: false, ok: false, source: 'NinjaTrader' }),
  fact('loss-limits', 'no-account', { watched: false, ok: false, source: 'NinjaTrader' }),
  fact('open-trades', 'no-account', { watched: false, ok: false, source: 'NinjaTrader' }),
  fact('news', 'no-calendar', { watched: false, ok: false, source: 'news calendar' }),
]

const gateOpen: Gate = {
  open: true,
  facts: [
    fact('feed', 'feed-live', { source: 'synthetic market, seed 7' }),
    fact('phase', 'phase-active', { source: 'clock', since: minutesAgo(281) }),
    fact('flat-by', 'before-flat-by', { source: 'clock', since: minutesAgo(281) }),
    fact('plan', 'plan-frozen', { source: 'plan', since: minutesAgo(281) }),
    ...unwatched,
  ],
}

export const gateClosed: Gate = {
  open: false,
  facts: [
    fact('feed', 'feed-stale', { ok: false, source: 'synthetic market, seed 7', since: now - 9_000 }),
    fact('phase', 'phase-wind-down', { ok: false, source: 'clock', since: minutesAgo(12) }),
    ...gateOpen.facts.slice(2),
  ],
}

const plan: PlanReading = {
  tradeDate: '2026-11-20',
  version: 2,
  hash: '9f3c1e77a0b25d64',
  frozenAt: minutesAgo(281),
  places: ['MGC', 'MNQ', 'MCL', 'MES'],
  rest: ['MHG', 'SIL'],
  bestQuality: 86,
  changes: [{ at: minutesAgo(44), text: 'Crude Oil redrawn from EMA 21 after its first bracket became invalid' }],
}

export const noTradePlan: PlanReading = {
  ...plan,
  places: [],
  rest: [...focusInstruments],
  noTrade: 'quality-too-low',
  bestQuality: 48,
  changes: [],
}

export const alerts: readonly Alert[] = [
  {
    id: 7,
    key: '2026-11-20-MGC-1:in-zone',
    kind: 'card',
    severity: 'urgent',
    instrument: 'MGC',
    at: minutesAgo(2),
    text: 'Gold LONG is in its zone 4,121.6–4,124.0',
  },
  {
    id: 6,
    key: '2026-11-20-MNQ-1:near',
    kind: 'card',
    severity: 'notice',
    instrument: 'MNQ',
    at: minutesAgo(6),
    text: 'Nasdaq-100 SHORT is near its zone',
  },
  {
    id: 5,
    key: '2026-11-20-MES-1:stopped',
    kind: 'card',
    severity: 'notice',
    instrument: 'MES',
    at: minutesAgo(17),
    text: 'S&P 500 LONG was stopped at 6,704.50',
  },
  {
    id: 4,
    key: 'spike-MES',
    kind: 'feed',
    severity: 'quiet',
    instrument: 'MES',
    at: minutesAgo(25),
    text: 'S&P 500 volume 2.4 × its average',
    acknowledgedAt: minutesAgo(24),
  },
  {
    id: 3,
    key: 'plan-2',
    kind: 'plan',
    severity: 'notice',
    at: minutesAgo(44),
    text: 'The plan changed: version 2',
    acknowledgedAt: minutesAgo(40),
  },
  {
    id: 2,
    key: 'phase-active',
    kind: 'plan',
    severity: 'quiet',
    at: minutesAgo(281),
    text: 'ACTIVE: entries are allowed until 10:00 ET',
    acknowledgedAt: minutesAgo(200),
  },
]

const coverage: DateCoverage = {
  tradeDate: '2026-11-19',
  contract: 202612,
  expected: 1_380,
  present: 1_374,
  partial: 0,
  silent: 6,
  holes: [],
  offHours: 0,
  offGrid: 0,
  outliers: 0,
  duplicates: 0,
  sources: ['massive'],
}
const hole = { from: minute - 600_000, to: minute }

/** A history that is being fetched: a date missing, one with a hole, one whole, and today's. */
const history: HistoryReading = {
  source: 'massive',
  state: 'working',
  detail: 'MHG Z6, March 2026',
  since: minutesAgo(3),
  progress: 0.42,
  gaps: { found: 3, filled: 2 },
  markets: focusInstruments.map((instrument) => ({
    instrument,
    dates: [
      { ...coverage, tradeDate: '2026-11-17', present: 0, silent: 0, holes: [hole] },
      { ...coverage, tradeDate: '2026-11-18', present: 1_370, silent: 0, holes: [hole] },
      coverage,
      { ...coverage, tradeDate: '2026-11-20', expected: 941, present: 941, partial: 2, silent: 0 },
    ],
  })),
  rolls: [
    {
      instrument: 'MGC',
      contract: 'MGC Z6',
      next: 'MGC G7',
      rollsOn: '2026-11-24',
      tradeDates: 2,
      volumes: { front: 81_204, next: 67_950 },
    },
    { instrument: 'MES', contract: 'MES Z6', next: 'MES H7', rollsOn: '2026-12-14', tradeDates: 15 },
  ],
}

/** Everything the terminal shows on an ordinary morning. */
export const morning: Picture = Object.assign(
  {
    clock: {
      at: now,
      wall: now,
      speed: 1,
      mode: 'SIM MARKET',
      phase: 'ACTIVE',
      phaseEndsAt: now + 1_133_000,
      nextPhase: 'WIND DOWN',
      tradeDate: '2026-11-20',
    },
    strip: {
      venues: [
        { venue: 'Tokyo', open: false, changesAt: Date.UTC(2026, 10, 23, 0) },
        { venue: 'London', open: true, changesAt: Date.UTC(2026, 10, 20, 16, 30) },
        { venue: 'New York', open: true, changesAt: Date.UTC(2026, 10, 20, 21) },
      ],
      overlap: true,
      futures: 'open',
      futuresChangesAt: Date.UTC(2026, 10, 20, 22),
      spikes: [{ instrument: 'MGC', ratio: 2.3, at: minute - 60_000 }],
    },
    feed: {
      mode: 'SIM MARKET',
      state: 'live',
      since: minutesAgo(101),
      receivedAt: now - 200,
      source: 'synthetic market, seed 7',
      grain: 'tick',
      refused: [],
      faults: [],
      markets: focusInstruments.map((instrument, i) => ({
        instrument,
        contract: `${instrument} Z6`,
        receivedAt: now - 200 - i * 350,
        rate: 24.5 - i * 3.7,
        state: 'live',
        bars: 41_200 + i,
        refused: 0,
      })),
    },
    gate: gateOpen,
    plan,
    account: unheardAccount(dollars(50_000), defaultLimits, now),
    alerts,
    system: {
      startedAt: minutesAgo(101),
      hops: [
        {
          name: 'event to state',
          p50: 0.02,
          p95: 0.06,
          p99: 0.21,
          count: 182_330,
          buckets: [180_000, 2_000, 330, 0, 0, 0, 0, 0, 0],
        },
        {
          name: 'state to page',
          p50: 121,
          p95: 238,
          p99: 251,
          count: 24_180,
          buckets: [0, 0, 0, 180, 10_000, 13_000, 1_000, 0, 0],
        },
      ],
      residentBytes: 212_000_000,
      heapBytes: 91_000_000,
      eventLoopP99Ms: 11.4,
      pages: 2,
      dependencies: [
        { name: 'engine', state: 'ok', since: minutesAgo(101), detail: 'beats every second' },
        { name: 'database', state: 'ok', since: minutesAgo(101), detail: 'embedded' },
        { name: 'bus', state: 'ok', since: minutesAgo(101), detail: 'in memory' },
        { name: 'feed', state: 'ok', since: minutesAgo(101), detail: 'synthetic market, seed 7' },
      ],
      version: '0.1.0',
      market: 'sim-7',
      ledger: 'sim-7',
    },
    history,
  } satisfies Partial<Picture>,
  ...[goldInZone, nasdaqNear, crudeWatching, sp500Stopped, copperNeutral, silverExcluded].map((card) => ({
    [`focus:${card.instrument}`]: card,
  })),
  ...[
    { ...priceOf('MGC', 4123.4, 18.2), toZone: 0 },
    { ...priceOf('MNQ', 24537.5, -61.25, 900), toZone: -15.25 },
    { ...priceOf('MCL', 59.94, 0.41, 1_400), toZone: 0.28 },
    { ...priceOf('MES', 6702.75, -9.5), toZone: -8.5 },
    priceOf('MHG', 5.0125, 0.003, 2_600),
    priceOf('SIL', 50.12, -0.385, 12_000),
  ].map((price) => ({ [`price:${price.instrument}`]: { ...price, contract: `${price.instrument} Z6` } })),
) as Picture
