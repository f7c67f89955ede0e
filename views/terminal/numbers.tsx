import type { Money } from '#src/domain/money.ts'
import type { AccountReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatAmount, formatMoney, formatShare, unknown } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { isHeard, limitWords } from '../words.ts'

type NumbersProps = Oob & { account: AccountReading | undefined; wall: number | undefined }

/** Wall clock of the oldest word these numbers rest on: a price of what is held, or the platform itself. */
export const knownAt = ({ bridge, positions }: AccountReading): number | undefined => {
  const times = [bridge.heardAt, ...positions.map(({ lastAt }) => lastAt)].filter((at) => at !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

type FigureProps = {
  name: string
  label: string
  text?: string | undefined
  value?: Money | undefined
  tone?: string | undefined
  words: string
  asOf: number | undefined
  wall: number | undefined
}

const Figure = ({ name, label, text = unknown, value, tone, words, asOf, wall }: FigureProps) => {
  const age = asOf === undefined ? undefined : (wall ?? asOf) - asOf
  return (
    <div
      id={`figure-${name}`}
      class="box dominant"
      data-tone={tone}
      data-received-at={asOf}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
    >
      <span class="label">
        {label}
        <span class="age" data-age>
          {age !== undefined && ageText(age)}
        </span>
      </span>
      <output class="figure last" data-flash={value}>
        {text}
      </output>
      <span class="remark">{words}</span>
    </div>
  )
}

const unheardWords = (account: AccountReading | undefined): string => {
  if (!account) return 'waiting for the engine'
  const { accounts } = account
  if (accounts.length > 0 && accounts.every(({ watched }) => !watched)) return 'no account is watched'
  return isHeard(account) ? 'no account is known yet' : 'NinjaTrader is not heard'
}

const dayWords = ({ closed, trades }: NonNullable<AccountReading['day']>): string =>
  `closed ${formatMoney(closed)} · ${trades} ${trades === 1 ? 'trade' : 'trades'}`

type OpenRisk = NonNullable<AccountReading['openRisk']>

/** Without a stop nobody knows what may be lost: what the others risk is then beside it. */
const riskWords = ({ known, share, over, naked }: OpenRisk): string => {
  if (naked) return known > 0 ? `${over ? 'OVER: ' : ''}${formatAmount(known)} + unknown` : 'NAKED: no stop'
  return over ? `OVER RISK · ${formatShare(share)}` : `${formatShare(share)} of the account`
}

const stageTones = { safe: undefined, warning: 'warn', danger: 'halt', locked: 'halt' } as const

/** The three numbers that matter most. Each says why it is not known while NinjaTrader is not connected. */
export const Numbers = ({ account, wall, oob }: NumbersProps) => {
  const { day, nearest, openRisk } = account ?? {}
  const shared = { asOf: account && knownAt(account), wall }
  const missing = unheardWords(account)
  return (
    <div id="numbers" class="numbers" hx-swap-oob={swapOf(oob)}>
      <Figure
        {...shared}
        name="day"
        label="Net day P&L"
        text={formatMoney(day?.net)}
        value={day?.net}
        tone={day && day.net !== 0 ? (day.net > 0 ? 'up' : 'down') : undefined}
        words={day ? dayWords(day) : missing}
      />
      <Figure
        {...shared}
        name="limit"
        label="To nearest limit"
        text={formatAmount(nearest?.money)}
        value={nearest?.money}
        tone={nearest && stageTones[nearest.stage]}
        words={nearest ? `${nearest.account}, ${limitWords[nearest.what]}` : missing}
      />
      <Figure
        {...shared}
        name="risk"
        label="Open risk"
        text={openRisk?.naked ? 'unknown' : formatAmount(openRisk?.money)}
        value={openRisk?.money}
        tone={openRisk?.over || openRisk?.naked ? 'halt' : undefined}
        words={openRisk ? riskWords(openRisk) : missing}
      />
    </div>
  )
}
