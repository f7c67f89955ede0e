import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { BacktestSpec, ReportSummary } from '#src/domain/backtest/backtest-spec.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import type { FlowBasis } from '#src/domain/flow/classify.ts'
import type { Roll } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Stretch } from '#src/domain/market/coverage.ts'
import type { NightPaper } from '#src/domain/night-paper.ts'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec } from '#src/domain/optimization/trial.ts'
import type { FirmRules } from '#src/domain/risk/firm-rules.ts'
import type { CardState, Grade, QualityComponent, Side } from '#src/domain/signals/focus-card.ts'
import type { CardOutcome } from '#src/domain/signals/outcome.ts'
import type { AlertKind, CardTransition, NewAlert, PlannedCard, PlanVersion } from '#src/domain/signals/transition.ts'
import type { Account, AccountKind } from '#src/domain/trading/account.ts'
import type { OrderSide } from '#src/domain/trading/fill.ts'
import type {
  CommandState,
  PlatformCommand,
  PlatformEvent,
  PlatformEventKind,
} from '#src/domain/trading/platform-event.ts'

/** Every instant is epoch ms UTC: exact in a double, the same number in the database, the engine and the browser. */
const instant = (name: string) => bigint(name, { mode: 'number' })

/** Any JSON value. Drizzle's own jsonb parses a second time what the drivers have parsed: the text "7" came back as 7. */
const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => value,
})

/** Whose market a row belongs to: 'real', or 'sim-7' for the synthetic market of seed 7. The two can never mix. */
const market = () => text('market').notNull()
const instrument = () => text('instrument').$type<InstrumentId>()

/** One-minute bars; every other timeframe derives from them. */
export const bars = pgTable(
  'bars',
  {
    market: market(),
    instrument: instrument().notNull(),
    /** Delivery month as yyyymm: 202612. */
    contract: integer('contract').notNull(),
    /** First instant of the minute. */
    time: instant('time').notNull(),
    /** Prices in points. */
    open: doublePrecision('open').notNull(),
    high: doublePrecision('high').notNull(),
    low: doublePrecision('low').notNull(),
    close: doublePrecision('close').notNull(),
    /** Contracts traded. */
    volume: doublePrecision('volume').notNull(),
    /** Who said so: 'import:es.csv.gz', 'synthetic market, seed 7'. */
    source: text('source').notNull(),
    /** Rank in `finalities` of the domain; a higher one replaces a lower one. */
    finality: smallint('finality').notNull(),
    /** Up to when the source had seen the market; among equal finalities the newer wins. */
    asOf: instant('as_of').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.market, table.instrument, table.contract, table.time] }),
    check('bars_whole_minute', sql`${table.time} % 60000 = 0`),
  ],
)

/** Who crossed the spread in each minute whose trades were all seen; what was not seen has no row. */
export const minuteFlows = pgTable(
  'minute_flows',
  {
    market: market(),
    instrument: instrument().notNull(),
    contract: integer('contract').notNull(),
    time: instant('time').notNull(),
    /** Contracts. */
    buy: doublePrecision('buy').notNull(),
    sell: doublePrecision('sell').notNull(),
    basis: text('basis').$type<FlowBasis>().notNull(),
    /** Contracts by price: [[ticks, contracts], …]. */
    levels: jsonb('levels').$type<readonly (readonly [number, number])[]>().notNull(),
    /** The minute traded in before it on the same unbroken tape. */
    after: instant('after'),
  },
  (table) => [primaryKey({ columns: [table.market, table.instrument, table.contract, table.time] })],
)

/** What is held of each trade date of a contract, counted when it last changed, and how far its source was asked. */
export const coverage = pgTable(
  'coverage',
  {
    market: market(),
    instrument: instrument().notNull(),
    /** Delivery month as yyyymm. */
    contract: integer('contract').notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    /** Minutes; see DateCoverage of the domain for this and the counts below. */
    expected: integer('expected').notNull(),
    present: integer('present').notNull(),
    partial: integer('partial').notNull(),
    silent: integer('silent').notNull(),
    holes: jsonb('holes').$type<readonly Stretch[]>().notNull(),
    offHours: integer('off_hours').notNull(),
    offGrid: integer('off_grid').notNull(),
    outliers: integer('outliers').notNull(),
    duplicates: integer('duplicates').notNull(),
    sources: jsonb('sources').$type<readonly string[]>().notNull(),
    /** The source has answered for every minute of the date before this; 0 when it was never asked. */
    askedTo: instant('asked_to').notNull(),
    /** The source that answered; null when none was asked. */
    source: text('source'),
    /** Machine time of the count. */
    checkedAt: instant('checked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.instrument, table.contract, table.tradeDate] })],
)

/** Stretches of minutes that were missed or seen in part, and what became of them. */
export const gaps = pgTable(
  'gaps',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    market: market(),
    instrument: instrument().notNull(),
    contract: integer('contract').notNull(),
    from: instant('from_time').notNull(),
    to: instant('to_time').notNull(),
    reason: text('reason').$type<'reconnect' | 'start' | 'nightly' | 'partial'>().notNull(),
    /** Machine time. */
    foundAt: instant('found_at').notNull(),
    /** Machine time at which the source had answered for all of it; null until then. */
    filledAt: instant('filled_at'),
    /** Bars of it that were new, or better than those held. */
    bars: integer('bars').notNull().default(0),
  },
  (table) => [
    index('gaps_newest').on(table.market, table.foundAt),
    index('gaps_open').on(table.market, table.instrument, table.contract).where(sql`${table.filledAt} is null`),
  ],
)

/** From which trade date on a market is traded in which contract: decided once, never changed. */
export const rolls = pgTable(
  'rolls',
  {
    market: market(),
    instrument: instrument().notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    contract: integer('contract').notNull(),
    reason: text('reason').$type<Roll['reason']>().notNull(),
    /** Contracts traded on the trade date before; null when the calendar decided. */
    volumes: jsonb('volumes').$type<NonNullable<Roll['volumes']>>(),
    /** Machine time. */
    decidedAt: instant('decided_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.instrument, table.tradeDate] })],
)

/** The day's plan, append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. */
export const planVersions = pgTable(
  'plan_versions',
  {
    market: market(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    /** 1 for the first of the trade date. */
    version: integer('version').notNull(),
    /** Over the content and the hash before it. */
    hash: text('hash').notNull(),
    previousHash: text('previous_hash'),
    drawnAt: instant('drawn_at').notNull(),
    reason: text('reason').$type<PlanVersion['reason']>().notNull(),
    /** json, not jsonb: the text is kept as written, so the hash can be checked again. */
    cards: json('cards').$type<readonly PlannedCard[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.market, table.tradeDate, table.version] }),
    unique('plan_versions_hash').on(table.market, table.tradeDate, table.hash),
  ],
)

/** What happened to each card; it enters a state once at an instant, so saving again changes nothing. */
export const cardTransitions = pgTable(
  'card_transitions',
  {
    market: market(),
    /** Ascends in the order stored: a trade through entry and stop makes two changes at one instant. */
    order: bigint('stored_order', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    cardId: text('card_id').notNull(),
    to: text('to_state').$type<CardState>().notNull(),
    instrument: instrument().notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    side: text('side').$type<Side>().notNull(),
    from: text('from_state').$type<CardState>().notNull(),
    /** Market time at which the price did it. */
    at: instant('at').notNull(),
    /** The price that did it, in points. */
    price: doublePrecision('price').notNull(),
    cause: text('cause').$type<NonNullable<CardTransition['cause']>>(),
  },
  (table) => [
    primaryKey({ columns: [table.market, table.cardId, table.at, table.to] }),
    index('card_transitions_day').on(table.market, table.tradeDate),
  ],
)

/** What became of the cards of past trade dates: those the terminal lived, and those the method would have drawn. */
export const cardOutcomes = pgTable(
  'card_outcomes',
  {
    market: market(),
    /** The method that drew it. */
    codeVersion: text('code_version').notNull(),
    cardId: text('card_id').notNull(),
    instrument: instrument().notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    side: text('side').$type<Side>().notNull(),
    /** 0–100, when it was drawn, and what it was made of; the parts of a lived card may not be known. */
    quality: doublePrecision('quality').notNull(),
    components: jsonb('components').$type<readonly QualityComponent[]>().notNull(),
    grade: text('grade').$type<Grade>(),
    drawnAt: instant('drawn_at').notNull(),
    /** Null where nobody entered. */
    enteredAt: instant('entered_at'),
    endedAt: instant('ended_at').notNull(),
    endedAs: text('ended_as').$type<CardOutcome['endedAs']>().notNull(),
    won: boolean('won').notNull(),
    /** Before costs; null where nobody entered. */
    r: doublePrecision('r'),
    /** The terminal lived it; it stands in for its shadow. */
    lived: boolean('lived').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.market, table.codeVersion, table.cardId] }),
    index('card_outcomes_day').on(table.market, table.codeVersion, table.tradeDate),
  ],
)

/** The past trade dates the method was tried on, so that one without a card is not tried again. */
export const shadowDates = pgTable(
  'shadow_dates',
  {
    market: market(),
    codeVersion: text('code_version').notNull(),
    instrument: instrument().notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    /** Cards drawn, those that stand in for theirs counted. */
    cards: integer('cards').notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.codeVersion, table.instrument, table.tradeDate] })],
)

/** The score against chance, day after day. */
export const permutationDays = pgTable(
  'permutation_days',
  {
    market: market(),
    codeVersion: text('code_version').notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    /** Cards entered up to then. */
    n: integer('n').notNull(),
    /** Area under the ROC curve. */
    auc: doublePrecision('auc').notNull(),
    p: doublePrecision('p').notNull(),
    runs: integer('runs').notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.codeVersion, table.tradeDate] })],
)

/** Everything the trader should have heard; kept for ever. */
export const alerts = pgTable(
  'alerts',
  {
    /** Ascends in the order alerts were stored; gaps are normal. */
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    market: market(),
    /** Unique for ever: raising the same alert twice leaves one. */
    key: text('key').notNull(),
    kind: text('kind').$type<AlertKind>().notNull(),
    severity: text('severity').$type<NewAlert['severity']>().notNull(),
    /** Absent when the alert is about no single market. */
    instrument: instrument(),
    /** Market time. */
    at: instant('at').notNull(),
    text: text('text').notNull(),
    /** Machine time of the trader's click; null until then. */
    acknowledgedAt: instant('acknowledged_at'),
  },
  (table) => [
    unique('alerts_key').on(table.market, table.key),
    index('alerts_newest').on(table.market, table.at, table.id),
    index('alerts_order').on(table.market, table.id),
  ],
)

/** One JSON value per key, checked against its zod schema on the way in and out. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const runStates = ['running', 'done', 'failed'] as const

/** Background jobs. The one running row of a job is its lock, held until `lease_until`. */
export const runs = pgTable(
  'runs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    market: market(),
    job: text('job').notNull(),
    state: text('state', { enum: runStates }).notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** Nobody may take the job over before this instant. */
    leaseUntil: instant('lease_until').notNull(),
    /** 0 to 1. */
    progress: real('progress').notNull().default(0),
    /** What the job wants to remember: parameters, counts, the reason it failed. */
    detail: jsonb('detail'),
    /** The trade date whose night it belongs to; null for work of no night. */
    night: date('night', { mode: 'string' }),
  },
  (table) => [
    uniqueIndex('runs_lock').on(table.market, table.job).where(sql`${table.state} = 'running'`),
    uniqueIndex('runs_once_a_night')
      .on(table.market, table.job, table.night)
      .where(sql`${table.state} = 'done' and ${table.night} is not null`),
    index('runs_newest').on(table.market, table.startedAt),
  ],
)

/** Whose accounts a row belongs to: 'real', or 'sim:<boot>' of a simulator. */
const book = () => text('book').notNull()

/** What a bridge sent and was answered, so that the same batch sent again is answered alike. */
export const bridgeBatches = pgTable(
  'bridge_batches',
  {
    bridge: text('bridge').notNull(),
    /** The instant at which that bridge started, as it wrote it. */
    boot: text('boot').notNull(),
    batch: bigint('batch', { mode: 'number' }).notNull(),
    /** SHA-256 of the body. */
    digest: text('digest').notNull(),
    answer: jsonb('answer').notNull(),
    /** Machine time. */
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bridge, table.boot, table.batch] })],
)

/** Everything a platform said that is kept: executions, orders, command results, hellos, logs. Append-only. */
export const platformEvents = pgTable(
  'platform_events',
  {
    /** Ascends in the order stored. */
    order: bigint('stored_order', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    book: book(),
    id: text('id').notNull(),
    bridge: text('bridge').notNull(),
    kind: text('kind').$type<PlatformEventKind>().notNull(),
    /** The platform's clock, and this machine's when it came. */
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull(),
    body: jsonb('body').$type<PlatformEvent>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.book, table.id] }),
    index('platform_events_order').on(table.book, table.kind, table.order),
  ],
)

/** Fills, once each: the platform's ExecutionId is the key. Append-only. */
export const executions = pgTable(
  'executions',
  {
    order: bigint('stored_order', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    book: book(),
    account: text('account').notNull(),
    executionId: text('execution_id').notNull(),
    orderId: text('order_id').notNull(),
    orderName: text('order_name').notNull(),
    instrument: instrument().notNull(),
    /** Delivery month as yyyymm. */
    contract: integer('contract').notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    quantity: integer('quantity').notNull(),
    /** Points. */
    price: doublePrecision('price').notNull(),
    at: instant('at').notNull(),
    /** Money, as the platform charged it; null where it does not say. */
    commission: bigint('commission', { mode: 'number' }),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.book, table.account, table.executionId] }),
    index('executions_order').on(table.book, table.account, table.order),
    check('executions_quantity', sql`${table.quantity} > 0`),
  ],
)

/** What was asked of a platform, and what became of it. */
export const commands = pgTable(
  'commands',
  {
    /** Ascends; the bridge executes a number once. */
    number: bigint('number', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    book: book(),
    /** The bridge it is for. */
    bridge: text('bridge').notNull(),
    body: jsonb('body').$type<PlatformCommand>().notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    state: text('state').$type<CommandState>().notNull(),
    reason: text('reason'),
    changedAt: instant('changed_at').notNull(),
    /** Who asked: 'kill switch', 'the trader', 'the watchdog'. */
    by: text('asked_by').notNull(),
    /** The end of it that the audit log tells; empty before. */
    told: text('told_end').$type<CommandState>(),
  },
  (table) => [index('commands_bridge').on(table.bridge, table.number)],
)

/** Accounts as the trader keeps them. */
export const accounts = pgTable(
  'accounts',
  {
    book: book(),
    name: text('name').notNull(),
    alias: text('alias').notNull(),
    kind: text('kind').$type<AccountKind>().notNull(),
    firm: text('firm').notNull(),
    rules: jsonb('rules').$type<FirmRules>().notNull(),
    commission: text('commission').$type<Account['commission']>().notNull(),
    /** Money at an instant. */
    anchorBalance: bigint('anchor_balance', { mode: 'number' }).notNull(),
    anchorAt: instant('anchor_at').notNull(),
    /** Money; null when it was not entered. */
    peak: bigint('peak', { mode: 'number' }),
    watched: boolean('watched').notNull(),
    /** The trade date from which on it is not; null where it does not leave the watch. */
    unwatchedFrom: text('unwatched_from'),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.book, table.name] })],
)

/** The highest equity of an account on each trade date, Money: it cannot be had again from fills. */
export const equityPeaks = pgTable(
  'equity_peaks',
  {
    book: book(),
    account: text('account').notNull(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    peak: bigint('peak', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.book, table.account, table.tradeDate] })],
)

/** Times in which the trader has locked himself out. Rows are only ever added; each is also in the audit log. */
export const lockouts = pgTable(
  'lockouts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    book: book(),
    /** '' for every account. */
    account: text('account').notNull(),
    /** Market time. */
    from: instant('from_time').notNull(),
    until: instant('until_time').notNull(),
    reason: text('reason').notNull(),
    /** HMAC over the row: a row changed by hand is found and counts as locked. */
    seal: text('seal').notNull(),
  },
  (table) => [index('lockouts_newest').on(table.book, table.until)],
)

/** What was decided and by whom: gate flips, commands, rule changes, locks. Append-only; each line seals the one before. */
export const auditLog = pgTable('audit_log', {
  number: bigint('number', { mode: 'number' }).primaryKey(),
  at: instant('at').notNull(),
  kind: text('kind').notNull(),
  who: text('who').notNull(),
  /** json, not jsonb: the text is kept as written, so that the seal can be checked again. */
  body: json('body').notNull(),
  previousHash: text('previous_hash').notNull(),
  /** HMAC-SHA256 with the key kept beside the data. */
  hash: text('hash').notNull().unique(),
})

/** Numbers as they lie in memory: the same bytes on every machine, little-endian. */
const bytes = customType<{ data: Uint8Array; driverData: unknown }>({
  dataType: () => 'bytea',
  fromDriver: (value) => value as Uint8Array,
})

export const studyStates = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const

/** Optimisations: what was asked, how far it is, and what came of it. */
export const studies = pgTable(
  'studies',
  {
    /** SHA-256 over the market and the spec: asked twice, it is the same study. */
    id: text('id').primaryKey(),
    market: market(),
    spec: jsonb('spec').$type<StudySpec>().notNull(),
    state: text('state', { enum: studyStates }).notNull(),
    askedAt: instant('asked_at').notNull(),
    endedAt: instant('ended_at'),
    /** The trade date whose night asked for it; null when the trader did. */
    night: date('night', { mode: 'string' }),
    /** json, not jsonb: kept as written, so that a second run can be compared byte by byte. */
    result: json('result').$type<StudyResult>(),
    /** Why it failed, or why its challenger was not put in force though it had won. */
    reason: text('reason'),
  },
  (table) => [index('studies_newest').on(table.market, table.askedAt)],
)

/** What each set of parameters of a study made; computed anywhere, kept once. */
export const trials = pgTable(
  'trials',
  {
    study: text('study').notNull(),
    number: integer('number').notNull(),
    parameters: jsonb('parameters').$type<Parameters>().notNull(),
    /** DayColumns: net, R and its squares as float64, trades and wins as int32, one after the other, deflated. */
    days: bytes('days').notNull(),
  },
  (table) => [primaryKey({ columns: [table.study, table.number] })],
)

/** Backtests with their report. */
export const reports = pgTable(
  'reports',
  {
    /** SHA-256 over everything that fixes the outcome. */
    id: text('id').primaryKey(),
    market: market(),
    spec: jsonb('spec').$type<BacktestSpec>().notNull(),
    report: json('report').$type<Report>().notNull(),
    /** What a list shows of it. */
    summary: jsonb('summary').$type<ReportSummary>().notNull(),
    madeAt: instant('made_at').notNull(),
    night: date('night', { mode: 'string' }),
  },
  (table) => [index('reports_newest').on(table.market, table.madeAt)],
)

/** Which parameters a strategy has in a market from which trade date on. Rows are only ever added. */
export const champions = pgTable(
  'champions',
  {
    market: market(),
    instrument: instrument().notNull(),
    strategy: text('strategy').notNull(),
    /** In force from this trade date. */
    from: date('from_date', { mode: 'string' }).notNull(),
    parameters: jsonb('parameters').$type<Parameters>().notNull(),
    /** The study that proved it. */
    study: text('study').notNull(),
    words: text('words').notNull(),
    decidedAt: instant('decided_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.instrument, table.strategy, table.from] })],
)

/** What the night wrote of a trade date, each kind once: tomorrow's focus, parity, the summary. A newer one replaces it. */
export const nightPapers = pgTable(
  'night_papers',
  {
    market: market(),
    tradeDate: date('trade_date', { mode: 'string' }).notNull(),
    kind: text('kind').$type<NightPaper['kind']>().notNull(),
    madeAt: instant('made_at').notNull(),
    body: jsonb('body').$type<NightPaper>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.market, table.tradeDate, table.kind] })],
)
