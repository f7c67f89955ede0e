import type { DataMode, GateFact, PlanReading } from '#src/domain/picture.ts'
import type { Bias, CardState, Reason, WaveReading } from '#src/domain/signals/focus-card.ts'

/** Why a card says what it says, as the rest of a sentence after its action word. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  'price-in-zone': 'price is in the entry zone',
  'price-beyond-zone': 'rest a limit order in the zone',
  'nothing-near': 'price is far from the zone',
  'needs-break': 'waves are neutral: wait for a break',
  'momentum-against': 'momentum is against it',
  'gate-closed': 'the gate says NO',
  'price-stale': 'its price fell silent',
  'trade-running': 'this trade is running',
  'no-bias': 'neither side leads',
  'too-volatile': 'too volatile today',
  'quality-too-low': 'quality is too low',
  'stop-too-wide': 'stop too wide for the risk',
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
  'no-trade-all-excluded': 'every market is excluded',
  'no-trade-warming-up': 'history is still being read',
  'no-trade-market-closed': 'the exchange is closed',
  'bridge-never-seen': 'NinjaTrader was never heard',
  'no-second-price': 'no second price to compare the feed with',
  'second-price-silent': 'the second price is silent',
  'prices-disagree': 'two sources disagree',
  'prices-agree': 'the feed and the second price agree',
  'no-account': 'no account is known',
  'no-calendar': 'no news calendar is read',
}

/** Why a fact of the gate stands as it does; a reason without a phrase is read as it is written. */
export const gateReason = ({ reason }: GateFact): string => gateReasons[reason] ?? reason.replaceAll('-', ' ')

/** The data mode as it stands in class names and file names. */
export const modeSlug = (mode: DataMode | undefined): string => mode?.toLowerCase().replace(' ', '-') ?? 'unknown'
