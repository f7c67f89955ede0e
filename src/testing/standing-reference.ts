import { isDeepStrictEqual } from 'node:util'
import { dollars, type Money } from '#src/domain/money.ts'
import type { FirmRules } from '#src/domain/risk/firm-rules.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import { closeDay, type StandingState, standingOf, startStanding, stepStanding } from '#src/domain/risk/headroom.ts'

/** What an account went through: instants with balance and open result, and ends of trade dates. */
type Event =
  | { readonly at: number; readonly balance: Money; readonly openNet: Money; readonly exitFees: Money }
  | { readonly tradeDate: string; readonly balance: Money }

/** What the reference says of an account; Money. */
type Verdict = {
  floor: Money
  headroom: Money
  giveBack: Money
  dailyLeft: Money | undefined
  dailyLocked: boolean
  broken: 'drawdown' | 'daily-loss' | undefined
  days: number
  bestDay: Money
  todayLeft: Money | undefined
}

const known = new Map<string, string>()

/** The reset period an instant lies in, by the platform's own time-zone tables and not by ours. */
const periodOf = (at: number, { zone, time }: { zone: string; time: string }): string => {
  const key = `${zone} ${time} ${at}`
  const before = known.get(key)
  if (before !== undefined) return before
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const [date = '', clock = ''] = format.format(at).split(' ')
  const period = clock >= time ? date : new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)
  known.set(key, period)
  return period
}

const lockOf = ({ startBalance, drawdown: { lockAt, lockOffset = 0 } }: FirmRules): Money =>
  lockAt === 'never' ? 1e15 : lockAt === 'start' ? startBalance : startBalance + lockOffset

/** The period of each event of a history; looked up once a history, as the clock tables are slow. */
const periodsOf = (rules: FirmRules, events: readonly Event[]): readonly string[] =>
  events.map((event) =>
    rules.dailyLoss !== undefined && 'at' in event ? periodOf(event.at, rules.dailyLoss.resetAt) : '',
  )

/**
 * An account by its whole history up to and including event `last`, from the beginning: slow, and written apart from the
 * product on purpose. The first event is the start.
 */
const judge = (rules: FirmRules, events: readonly Event[], periods: readonly string[], last: number): Verdict => {
  const { kind, amount, includesOpen, checkedIntraday } = rules.drawdown
  const lock = lockOf(rules)
  const floorAt = (highest: Money): Money =>
    kind === 'static' ? rules.startBalance - amount : Math.min(lock, highest - amount)
  const first = events[0] as { balance: Money }
  let highest = Math.max(rules.startBalance, first.balance)
  let highestFlat = highest
  let balance = first.balance
  let open = 0
  let leaving = 0
  let morning = balance
  let period = ''
  let base = balance
  let touched = false
  let broken: Verdict['broken']
  let days = 0
  let bestDay = 0
  for (let i = 0; i <= last; i++) {
    const event = events[i]
    if (event === undefined) break
    if ('tradeDate' in event) {
      if (broken === undefined && event.balance + open <= floorAt(highest)) broken = 'drawdown'
      if (kind === 'trailing-eod') highest = Math.max(highest, event.balance + (includesOpen ? open + leaving : 0))
      balance = event.balance
      if (balance !== morning) days++
      bestDay = Math.max(bestDay, balance - morning)
      morning = balance
      continue
    }
    if (rules.dailyLoss !== undefined && periods[i] !== period) {
      period = periods[i] ?? ''
      base = balance
      touched = false
    }
    balance = event.balance
    open = event.openNet
    leaving = event.exitFees
    const equity = balance + open
    if (kind === 'trailing-intraday') {
      highest = Math.max(highest, includesOpen ? equity + leaving : balance)
      highestFlat = open === 0 ? highest : Math.max(highestFlat, balance)
    }
    if (rules.dailyLoss !== undefined) {
      const lost = base - (rules.dailyLoss.basis === 'equity' ? equity : balance)
      if (lost >= rules.dailyLoss.amount) touched = true
    }
    if (broken === undefined && checkedIntraday && equity - floorAt(highest) <= 0) broken = 'drawdown'
    if (broken === undefined && touched && rules.dailyLoss?.mode === 'breach') broken = 'daily-loss'
  }
  const equity = balance + open
  const daily = rules.dailyLoss
  const value = daily?.basis === 'balance' ? balance : equity
  return {
    floor: floorAt(highest),
    headroom: equity - floorAt(highest),
    giveBack: kind === 'trailing-intraday' ? floorAt(highest) - floorAt(highestFlat) : 0,
    dailyLeft: daily === undefined ? undefined : value - (base - daily.amount),
    dailyLocked: touched,
    broken,
    days,
    bestDay,
    todayLeft: mostToday(rules, morning, bestDay, equity),
  }
}

/** The largest result of today with which the best-day rule asks for no more than without it, found by trying cents of a dollar. */
const mostToday = (rules: FirmRules, morning: Money, bestDay: Money, equity: Money): Money | undefined => {
  const rule = rules.consistency
  if (rule === undefined || Math.max(bestDay, equity - morning) <= 0) return undefined
  const before = morning - rules.startBalance
  const tenths = Math.round(rule.bestDayMaxShare * 1000)
  const target = rule.scope === 'evaluation' ? (rules.profitTarget ?? 0) : 0
  const candidates = [
    bestDay,
    Math.floor((target * tenths) / 1000),
    before > 0 ? Math.floor((before * tenths) / (1000 - tenths)) : 0,
  ]
  const most = candidates.sort((a, b) => b - a)[0] ?? 0
  return most === 0 ? undefined : most - (equity - morning)
}

/** A seeded history of `count` events over some weeks, weekends and a switch of summer time among them. */
export const randomHistory = (random: () => number, rules: FirmRules, count: number): readonly Event[] => {
  const whole = (below: number): number => Math.floor(random() * below)
  const cents = (most: number): Money => (whole(2 * most + 1) - most) * 100
  const starts = [Date.UTC(2026, 9, 20, 14), Date.UTC(2027, 2, 8, 14), Date.UTC(2026, 10, 20, 14)]
  let at = starts[whole(starts.length)] ?? 0
  let balance = rules.startBalance + (random() < 0.3 ? cents(50_000) : 0)
  let open = 0
  const events: Event[] = [{ at, balance, openNet: 0, exitFees: 0 }]
  const dateOf = (ms: number): string => periodOf(ms, { zone: 'America/New_York', time: '18:00' })
  while (events.length < count) {
    const before = at
    // Whole minutes, so that the clock tables are asked seldom.
    at += whole(random() < 0.05 ? 1_500 : 20) * 60_000
    if (dateOf(at) !== dateOf(before)) {
      if (random() < 0.8) {
        balance += open
        open = 0
      }
      events.push({ tradeDate: dateOf(before), balance })
    }
    const dice = random()
    if (dice < 0.15) {
      balance += open
      open = 0
    } else if (dice < 0.2) {
      balance += cents(20_000)
    } else open += cents(random() < 0.1 ? 60_000 : 6_000)
    events.push({ at, balance, openNet: open, exitFees: open === 0 ? 0 : 6_200 * (1 + whole(20)) })
  }
  return events
}

/** The rules of a preset; throws when there is none of that name. */
export const rulesOf = (id: string): FirmRules => {
  const preset = presets.find((one) => one.id === id)
  if (preset === undefined) throw new Error(`no preset ${id}`)
  return preset.rules
}

const topstep = rulesOf('topstep-50k')

/** Six plans as shipped, and two that turn every other switch. */
export const ruleSets: readonly (readonly [string, FirmRules])[] = [
  ...[
    'take-profit-trader-test-50k',
    'take-profit-trader-pro-50k',
    'topstep-50k',
    'apex-intraday-50k',
    'apex-eod-50k',
    'ftmo-type-100k',
  ].map((id) => [id, rulesOf(id)] as const),
  [
    'checked in the evening, closed losses break it',
    {
      ...topstep,
      drawdown: { ...topstep.drawdown, checkedIntraday: false, includesOpen: true, lockAt: 'never' },
      dailyLoss: {
        amount: dollars(700),
        basis: 'balance',
        mode: 'breach',
        resetAt: { zone: 'Europe/Prague', time: '00:00' },
      },
    },
  ],
  [
    'trails the closed peak within the day',
    {
      ...topstep,
      drawdown: { ...topstep.drawdown, kind: 'trailing-intraday' },
      consistency: { bestDayMaxShare: 0.3, scope: 'evaluation' },
    },
  ],
]

/** A generator of chance of its own, so that cases stay the same. */
export const seeded = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

const told = (state: StandingState, rules: FirmRules): Verdict => {
  const { floor, headroom, giveBack, daily, broken, days, consistency } = standingOf(state, rules)
  return {
    floor,
    headroom,
    giveBack,
    dailyLeft: daily?.left,
    dailyLocked: daily?.lockedUntil !== undefined,
    broken: broken?.rule,
    days,
    bestDay: state.bestDay,
    todayLeft: consistency?.left,
  }
}

/**
 * Plays a history through the product and, at every event, recomputes it from its beginning here; gives the first event at
 * which they differ. `restartEvery` so many events the state goes through JSON, as over a restart.
 */
export const firstDifference = (
  rules: FirmRules,
  events: readonly Event[],
  { restartEvery }: { readonly restartEvery: number },
): { readonly event: number; readonly ours: Verdict; readonly theirs: Verdict } | undefined => {
  const periods = periodsOf(rules, events)
  let state = startStanding(rules, events[0] as { at: number; balance: Money })
  for (const [i, event] of events.entries()) {
    state =
      'tradeDate' in event ? closeDay(state, rules, event.tradeDate, event.balance) : stepStanding(state, rules, event)
    if (i % restartEvery === restartEvery - 1) state = JSON.parse(JSON.stringify(state))
    const ours = told(state, rules)
    const theirs = judge(rules, events, periods, i)
    if (!isDeepStrictEqual(ours, theirs)) return { event: i, ours, theirs }
  }
  return undefined
}
