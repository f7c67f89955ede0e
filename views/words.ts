import type { AccountReading, BridgeState, DataMode, GateFact, KillReading, PlanReading } from '#src/domain/picture.ts'
import type { Bound } from '#src/domain/risk/allowance.ts'
import type { Stage } from '#src/domain/risk/standing.ts'
import type { Bias, CardState, Reason, WaveReading } from '#src/domain/signals/focus-card.ts'

/** Why a card says what it says, as the rest of a sentence after its action word. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  'price-in-zone': 'price is in the entry zone',
  'price-beyond-zone': 'rest a limit order in the zone',
  'nothing-near': 'price is far from the zone',
  'needs-break': 'waves are neutral: wait for a break',
  'momentum-against': 'momentum is against it',
  'gate-closed': 'the gate says NO',
  'news-due': 'its news is due or just out',
  'price-stale': 'its price fell silent',
  'trade-running': 'this trade is running',
  'no-bias': 'neither side leads',
  'too-volatile': 'too volatile today',
  'quality-too-low': 'quality is too low',
  'stop-too-wide': 'stop too wide for the risk',
  'too-little-left': 'too wide for what may still be lost',
  'warming-up': 'still reading history',
  finished: 'this one is over',
  'waves-against': 'the waves run against the better side',
}

export const biasWords: Readonly<
  Record<Bias, { readonly word: string; readonly icon: string; readonly arrow: string }>
> = {
  long: { word: 'LONG', icon: '🟢', arrow: '↑' },
  short: { word: 'SHORT', icon: '🔴', arrow: '↓' },
  neutral: { word: 'NEUTRAL', icon: '⚪', arrow: '↔' },
}

/** What holds a size back. */
export const boundWords: Readonly<Record<Bound, string>> = {
  trade: 'most per trade',
  daily: 'daily loss left',
  drawdown: 'room to the floor',
}

export const stateWords: Readonly<Record<CardState, string>> = {
  watching: 'WATCHING',
  near: 'NEAR',
  'in-zone': 'IN ZONE',
  triggered: 'TRIGGERED',
  'target-1': 'TP1 REACHED',
  'target-2': 'TP2 REACHED',
  stopped: 'STOPPED',
  invalid: 'INVALID',
  expired: 'EXPIRED',
}

export const waveWords: Readonly<Record<WaveReading, string>> = {
  strong: 'strong',
  with: 'with the side',
  neutral: 'neutral',
  against: 'against',
}

/** Why there is no trade today, and what happens next. */
export const noTradeWords: Readonly<
  Record<NonNullable<PlanReading['noTrade']>, { readonly why: string; readonly next: string }>
> = {
  'quality-too-low': {
    why: 'No market reaches the quality a trade needs.',
    next: 'Every market is judged again at each closed minute. Nothing to do until a card appears.',
  },
  'no-side': {
    why: 'No market leans to a side that may be traded.',
    next: 'Every market is judged again at each closed minute. Nothing to do until a card appears.',
  },
  'all-excluded': {
    why: 'Every market is excluded: too volatile, or leaning neither way.',
    next: 'A market returns by itself when it calms down. Nothing to do until a card appears.',
  },
  'warming-up': {
    why: 'History is still being read, so nothing can be judged.',
    next: 'The first cards appear when the indicators are warm. The System page shows how far the bars reach.',
  },
  'market-closed': {
    why: 'The exchange is closed.',
    next: 'Prices below are the last of the session. The plan is drawn again when the market opens.',
  },
}

const gateReasons: Readonly<Record<string, string>> = {
  'engine-away': 'the engine is not heard, so nothing here is known to be true now',
  'bus-away': 'Redis is not heard, so what happens may not come through',
  'database-away': 'the database is away, so fills cannot be stored',
  'feed-live': 'the feed is heard',
  'feed-stale': 'the feed fell silent',
  'feed-down': 'the feed is down',
  'feed-asleep': 'the feed rests until the next phase',
  'feed-connecting': 'the feed is not heard yet',
  'feed-delayed': 'prices are delayed: nothing to trade on',
  'feed-late': 'prices come late',
  'feed-closed': 'the exchange is closed',
  'feed-finished': 'the replay is over',
  'feed-standing': 'the market stands still',
  'phase-active': 'entries are allowed',
  'phase-pre-market': 'entries begin with the active phase',
  'phase-wind-down': 'manage and exit only',
  'phase-off-hours': 'the trading day is over',
  'before-flat-by': 'there is time before flat-by',
  'past-flat-by': 'too close to flat-by, or past it',
  'plan-frozen': 'today’s plan is frozen',
  'plan-not-frozen': 'today’s plan is not frozen yet',
  'no-trade-quality-too-low': 'no market reaches the quality a trade needs',
  'no-trade-no-side': 'no market leans to a side that may be traded',
  'no-trade-all-excluded': 'every market is excluded',
  'no-trade-warming-up': 'history is still being read',
  'no-trade-market-closed': 'the exchange is closed',
  'bridge-never-seen': 'NinjaTrader was never heard',
  'no-second-price': 'no second price to compare the feed with',
  'second-price-silent': 'the second price is silent',
  'prices-disagree': 'two sources disagree',
  'prices-agree': 'the feed and the second price agree',
  'no-account': 'no account is known',
  'none-watched': 'no account is watched',
  'bridge-legacy': 'an older bridge shows positions only',
  'bridge-silent': 'NinjaTrader is not heard',
  'bridge-settling': 'NinjaTrader and the ledger are settling',
  'bridge-differs': 'NinjaTrader and the ledger differ',
  'bridge-in-sync': 'NinjaTrader and the ledger agree',
  'bridge-simulator': 'a simulated NinjaTrader beside a real market',
  'bridge-other-market': 'a real NinjaTrader beside a market that is not live',
  'news-window': 'news',
  'no-news': 'no news now',
  'own-loss-limit': 'your daily loss limit is used up',
  'firm-loss-limit': 'the firm’s daily loss limit is used up',
  'inside-loss-limits': 'the loss limits leave room',
  'not-valued': 'what is open has no fresh price',
  'account-broken': 'the account is broken',
  'headroom-too-small': 'too little headroom for one trade',
  'enough-headroom': 'there is headroom for a trade',
  'no-stop': 'a position has no stop for all of it',
  'all-stopped': 'no position is without its stop',
  'too-many-open': 'as many trades are open as you allow',
  'room-for-a-trade': 'one more trade may be open',
  'too-many-losses': 'as many losses in a row as you allow',
  'few-losses': 'losses in a row stay below your limit',
  'cooling-down': 'resting after a loss',
  'cooled-down': 'no loss to rest after',
  'too-many-trades': 'as many trades today as you allow',
  'few-trades': 'trades today stay below your limit',
  'too-many-executions': 'a trade no longer fits among the firm’s executions',
  'few-executions': 'a trade fits among the firm’s executions',
  'best-day-reached': 'the best-day rule bites',
  'inside-best-day': 'the best-day rule leaves room',
  'locked-out': 'you are locked out',
  'not-locked-out': 'you are not locked out',
  'kill-off': 'nothing is being closed',
  'kill-flattening': 'everything is being closed',
  'kill-escalated': 'not confirmed flat: look at NinjaTrader',
  'no-calendar': 'no news calendar is read',
}

/** Why a fact of the gate stands as it does; a reason without a phrase is read as it is written. */
export const gateReason = ({ reason }: GateFact): string => gateReasons[reason] ?? reason.replaceAll('-', ' ')

/** How NinjaTrader is heard, in a word or two. */
export const bridgeWords: Readonly<Record<BridgeState, string>> = {
  'never-seen': 'never heard',
  silent: 'SILENT',
  settling: 'settling',
  differs: 'DIFFERS',
  'in-sync': 'in sync',
  legacy: 'positions only',
}

/** Whether the platform is heard now, so that what it said is about now. */
export const isHeard = ({ bridge }: AccountReading): boolean => !['never-seen', 'silent'].includes(bridge.state)

export const stageWords: Readonly<Record<Stage, string>> = {
  safe: 'SAFE',
  warning: 'WARNING',
  danger: 'DANGER',
  locked: 'LOCKED',
}

export const limitWords = {
  drawdown: 'drawdown',
  'daily-loss': 'daily loss',
  'own-daily-loss': 'own loss',
} as const

/** The kill switch's state, and what the trader does about it. */
export const killWords: Readonly<Record<Exclude<KillReading['state'], 'off'>, { word: string; next: string }>> = {
  flattening: { word: 'FLATTENING…', next: 'Entries are blocked. Nothing is confirmed yet.' },
  flat: { word: 'FLAT', next: 'NinjaTrader confirms that nothing is held and nothing works.' },
  escalated: { word: 'NOT CONFIRMED FLAT', next: 'Look at NinjaTrader now, and close by hand what is open.' },
}

const refusals: Readonly<Record<string, string>> = {
  missing: 'must not be empty',
  'not-a-number': 'must be a number',
  'not-an-amount': 'must be an amount of dollars',
  'not-a-whole-number': 'must be a whole number',
  'not-a-share': 'must be a percentage, 0 to 100',
  'too-small': 'is too small',
  'too-large': 'is too large',
  'too-long': 'is too long',
  'not-a-time': 'must be a time of day like 17:00',
  'not-a-date': 'must be a date like 2026-11-20',
  'unknown-zone': 'must be a zone like America/New_York',
  'not-ascending': 'must come after the one before it',
  'none-chosen': 'choose at least one',
  'not-three-parts': 'needs three parts: when | what | which markets',
  'not-reachable': 'NinjaTrader is not heard: do it there',
  'engine-not-ready': 'is not running: do it in NinjaTrader',
  'not-locked': 'could not be stored, so stay out yourself; everything is being closed all the same',
  locked: 'cannot be loosened while the account is locked',
  'unknown-account': 'nothing is known of this account',
  'not-one-of': 'is none of the values it may take',
  'not-windows': 'must be three lengths in months such as 6/1/1, each 0.25 to 14 in quarters',
  'nothing-stored': 'nothing of it is stored yet',
  'study-over': 'is over already',
  'night-running': 'is under way already',
  'not-confirmed': 'hold the button for 0.6 s',
  'until-not-later': 'the lock would end before it begins',
  'until-too-far': 'a lock lasts at most 31 days',
}

/** Why something was refused, after the name of its field; a reason without a phrase is read as it is written. */
export const refusalWords = (reason: string): string => refusals[reason] ?? reason.replaceAll('-', ' ')

/** When what was saved holds. */
export const effectWords: Readonly<Record<string, string>> = {
  now: 'It holds from now on.',
  'next-trade-date': 'It is looser, so it holds from the next trade date on.',
  mixed: 'What is tighter holds now, what is looser from the next trade date on.',
  'next-start': 'It holds when the program starts again.',
  'watch-waits': 'It is watched until the next trade date; all else holds from now on.',
}

/** The data mode as it stands in class names and file names. */
export const modeSlug = (mode: DataMode | undefined): string => mode?.toLowerCase().replace(' ', '-') ?? 'unknown'
