import { easternAt } from '#src/domain/instruments/zone.ts'
import type { FirmRules } from '#src/domain/risk/firm-rules.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { writeClock, writeDollars } from '../format.ts'

const yes = (on: boolean): string => (on ? 'yes' : '')
const number = (value: number | undefined): string => (value === undefined ? '' : String(value))
const percent = (share: number | undefined): string =>
  share === undefined ? '' : String(Math.round(share * 1e4) / 100)

/** To the minute where it is a whole one, else to the millisecond: a form that is saved as it was found changes nothing. */
const writeMoment = (at: number): string => {
  const { date, minute } = easternAt(at)
  const ms = at % 60_000
  const rest = ms === 0 ? '' : `:${(ms / 1_000).toFixed(3).padStart(6, '0')}`
  return `${date} ${writeClock(minute)}${rest}`
}

/** Firm rules as the editor's fields hold them: dollars, percent, times of day; what no rule says is empty. */
export const writeRules = (rules: FirmRules): Readonly<Record<string, string>> => {
  const { drawdown, dailyLoss, maxContracts, flatBy, consistency, news } = rules
  return {
    startBalance: writeDollars(rules.startBalance),
    profitTarget: writeDollars(rules.profitTarget),
    'drawdown.kind': drawdown.kind,
    'drawdown.amount': writeDollars(drawdown.amount),
    'drawdown.lockAt': drawdown.lockAt,
    'drawdown.lockOffset': writeDollars(drawdown.lockOffset),
    'drawdown.includesOpen': yes(drawdown.includesOpen),
    'drawdown.checkedIntraday': yes(drawdown.checkedIntraday),
    'dailyLoss.amount': writeDollars(dailyLoss?.amount),
    'dailyLoss.basis': dailyLoss?.basis ?? 'equity',
    'dailyLoss.mode': dailyLoss?.mode ?? 'soft-lock',
    'dailyLoss.zone': dailyLoss?.resetAt.zone ?? 'America/New_York',
    'dailyLoss.time': dailyLoss?.resetAt.time ?? '18:00',
    'maxContracts.mini': number(maxContracts.mini),
    'maxContracts.microsPerMini': number(maxContracts.microsPerMini),
    'maxContracts.scaling': (maxContracts.scaling ?? [])
      .map(({ minProfit, mini }) => `${writeDollars(minProfit)} ${mini}`)
      .join('\n'),
    'flatBy.zone': flatBy?.zone ?? 'America/New_York',
    'flatBy.time': flatBy?.time ?? '',
    minDays: number(rules.minDays),
    'consistency.percent': percent(consistency?.bestDayMaxShare),
    'consistency.scope': consistency?.scope ?? 'evaluation',
    'news.events': news?.events.join(', ') ?? '',
    'news.minutesBefore': number(news?.minutesBefore),
    'news.minutesAfter': number(news?.minutesAfter),
    payoutBuffer: writeDollars(rules.payoutBuffer),
    maxExecutionsPerDay: number(rules.maxExecutionsPerDay),
    automationAllowed: yes(rules.automationAllowed),
    overnightAllowed: yes(rules.overnightAllowed),
  }
}

/** An account as the editor's fields hold it. */
export const writeAccount = ({ rules, ...account }: Account): Readonly<Record<string, string>> => ({
  ...writeRules(rules),
  alias: account.alias,
  kind: account.kind,
  firm: account.firm,
  commission: account.commission,
  watched: yes(account.watched && account.unwatchedFrom === undefined),
  'anchor.balance': writeDollars(account.anchor.balance),
  'anchor.at': writeMoment(account.anchor.at),
  peak: writeDollars(account.peak),
})
