import { contractCode, contractOf } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Money } from '#src/domain/money.ts'
import { priceWords } from '#src/domain/patterns/wording.ts'
import type { KillReading, PositionReading } from '#src/domain/picture.ts'
import type { FlatBy } from '#src/domain/risk/flat-by.ts'
import { type Lapse, marketOf } from '#src/domain/risk/guards.ts'
import type { Stage } from '#src/domain/risk/standing.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import type { Decision } from '#src/domain/trading/decision.ts'
import type { Fill, Holding } from '#src/domain/trading/fill.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { IssuedCommand } from '#src/domain/trading/platform-event.ts'

/** Money as a trader says it in a sentence: '+$35.00', '−$1,204.50'. */
const said = (money: Money): string => {
  const cents = Math.round(Math.abs(money) / 100)
  const [whole = '0', rest = '00'] = (cents / 100).toFixed(2).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${cents === 0 ? '' : money < 0 ? '−' : '+'}$${grouped}.${rest}`
}

/** An instant's time of day in New York: '12:00'. */
const timeWords = (at: number): string => {
  const { minute } = easternAt(at)
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const contractWords = ({ instrument, contract }: Holding): string => contractCode(contractOf(instrument, contract))

const accountAlert = (
  key: string,
  severity: NewAlert['severity'],
  at: number,
  text: string,
  instrument?: NewAlert['instrument'],
): NewAlert => ({ key: `account:${key}`, kind: 'account', severity, at, text, ...(instrument && { instrument }) })

/** The alert of a fill: 'Sim101 bought 2 MNQ Z6 at 20110.25'. */
export const fillAlert = (fill: Fill, at: number): NewAlert =>
  accountAlert(
    `fill:${fill.account}:${fill.executionId}`,
    'notice',
    at,
    `${fill.account} ${fill.side === 'buy' ? 'bought' : 'sold'} ${fill.quantity} ${contractWords(fill)} at ${priceWords(specOf(fill.instrument), fill.price)}`,
    fill.instrument,
  )

/** The alert of a decision that should not have been made so, or so soon; one per decision and guard. */
export const lapseAlert = ({ instrument, side, openedAt }: Decision, { guard, words }: Lapse, at: number): NewAlert =>
  accountAlert(`${guard}:${marketOf(instrument)}:${side}:${openedAt}`, 'urgent', at, words, instrument)

/** '2 MNQ, 1 MES are open'. */
const openWords = (held: readonly PositionReading[]): string => {
  const sums = new Map<string, number>()
  for (const { instrument, quantity } of held) sums.set(instrument, (sums.get(instrument) ?? 0) + Math.abs(quantity))
  const words = [...sums].map(([instrument, quantity]) => `${quantity} ${instrument}`).join(', ')
  return `${words} ${words.startsWith('1 ') && sums.size === 1 ? 'is' : 'are'} open`
}

const whoseWords = (by: number, account: string | undefined): string =>
  account === undefined ? timeWords(by) : `${timeWords(by)} (${account})`

/** The alert of something open `left` ms before a flat-by, or past it; one per flat-by and `minutes`, the warning's. */
export const flatByAlert = (
  { at: by, account }: FlatBy,
  minutes: number,
  left: number,
  held: readonly PositionReading[],
  at: number,
): NewAlert =>
  accountAlert(
    `flat-by:${by}:${minutes}`,
    minutes <= 5 ? 'urgent' : 'notice',
    at,
    left > 0
      ? `Flat by ${whoseWords(by, account)} in ${Math.ceil(left / minuteMs)} min: ${openWords(held)}`
      : `Past flat-by ${whoseWords(by, account)}: ${openWords(held)}, close what is open`,
  )

/** The alert of an order the platform refused, with its reason. */
export const rejectedAlert = (order: Order, at: number): NewAlert =>
  accountAlert(
    `rejected:${order.account}:${order.orderId}`,
    'urgent',
    at,
    `${order.account}: ${order.side} ${order.quantity} ${contractWords(order)} was rejected${order.reason ? `: ${order.reason}` : ''}`,
    order.instrument,
  )

/** The alert of a position without a stop for all of it; `contract` as in 'MNQ Z6'. */
export const nakedAlert = (account: string, contract: string, at: number): NewAlert =>
  accountAlert(`naked:${account}:${contract}:${at}`, 'urgent', at, `${account} ${contract}: no stop for all of it`)

/** The alert of a platform whose positions are not those of our ledger, and of their agreement again. */
export const differsAlert = (differences: readonly string[], at: number): NewAlert =>
  accountAlert(`differs:${at}`, 'urgent', at, `NinjaTrader and the ledger differ: ${differences.join('; ')}`)

export const agreesAlert = (at: number): NewAlert =>
  accountAlert(`agrees:${at}`, 'notice', at, 'NinjaTrader and the ledger agree again')

/** The alert of a bridge that fell silent, or came back. */
export const bridgeAlert = (isHeard: boolean, at: number): NewAlert =>
  accountAlert(
    `bridge:${isHeard ? 'heard' : 'silent'}:${at}`,
    isHeard ? 'notice' : 'urgent',
    at,
    isHeard ? 'NinjaTrader is heard again' : 'NinjaTrader is not heard: positions on the screen are old',
  )

const stageWords: Readonly<Record<Stage, string>> = {
  safe: 'is safe again',
  warning: 'is half used',
  danger: 'is 70 % used',
  locked: 'is 90 % used: no more entries',
}

/** The alert of a limit that crossed a stage; `what` is the limit as the trader says it: 'daily loss limit'. */
export const stageAlert = (
  account: string,
  what: string,
  stage: Stage,
  left: Money,
  tradeDate: string,
  at: number,
): NewAlert =>
  accountAlert(
    `stage:${account}:${what}:${stage}:${tradeDate}:${at}`,
    stage === 'safe' ? 'quiet' : stage === 'warning' ? 'notice' : 'urgent',
    at,
    `${account}: the ${what} ${stageWords[stage]}, ${said(left)} left`,
  )

const killSeverity = { off: 'quiet', flattening: 'urgent', flat: 'notice', escalated: 'urgent' } as const
const killText = ({ state, detail }: KillReading): string =>
  ({
    off: 'Nothing is being closed',
    flattening: `Getting flat: ${detail}`,
    flat: `Flat, and nothing works: ${detail}`,
    escalated: `NOT CONFIRMED FLAT, look at NinjaTrader yourself: ${detail}`,
  })[state]

/** The alert of getting flat: begun, confirmed, or not to be confirmed. */
export const killAlert = (reading: KillReading, at: number): NewAlert =>
  accountAlert(`kill:${reading.state}:${at}:${reading.detail}`, killSeverity[reading.state], at, killText(reading))

const commandWords: Readonly<Record<IssuedCommand['kind'], string>> = {
  ping: 'The ping',
  cancelAll: 'Canceling every order',
  flattenAccount: 'Flattening',
  flattenAll: 'Flattening everything',
  placeBracket: 'Placing a bracket',
  changeStop: 'Moving a stop',
  lockout: 'Locking the AddOn',
}

/** The alert of a command that failed or was never answered. */
export const commandAlert = ({ id, kind, account }: IssuedCommand, outcome: string, at: number): NewAlert =>
  accountAlert(
    `command:${id}:${outcome}`,
    'urgent',
    at,
    `${commandWords[kind]}${account === '' ? '' : ` on ${account}`} ${outcome}`,
  )

/** The alert of a lock the trader put on himself, `until` an instant. */
export const lockAlert = (account: string, until: number, reason: string, at: number): NewAlert => {
  const { date } = easternAt(until)
  return accountAlert(
    `lock:${account}:${until}`,
    'notice',
    at,
    `${account === '' ? 'Every account' : account} is locked until ${date} ${timeWords(until)} ET: ${reason}`,
  )
}
