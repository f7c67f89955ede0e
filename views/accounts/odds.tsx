import type { AccountOdds, CardOddsReading, Chances, OddsReading, Undrawn } from '#src/domain/odds-reading.ts'
import type { AccountStanding } from '#src/domain/picture.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { formatAmount, formatFixed, formatNumber, formatTime } from '../format.ts'
import { elementId } from '../parts/id.ts'

const undrawnWords: Readonly<Record<Undrawn, string>> = {
  'no-days': 'not known yet: no days to draw from',
  broken: 'the account is broken',
  passed: 'passed: nothing is missing any more',
}

const percent = (share: number): string => `${formatFixed(share * 100, 0)}\u00a0%`

/** A smaller share is written as 0 %. */
const rounds = 0.005

/** A standard error in points of a percent: '± 0.3'. */
const within = (error: number): string => `±\u00a0${formatFixed(error * 100, 1)}`

const Likely = ({ chances, reading }: { chances: Chances; reading: OddsReading }) => {
  const { pass, bust, running, medianDays, payout, paid, standardError, from } = chances
  return (
    <>
      {pass !== undefined && (
        <>
          <b>
            pass {percent(pass)} {within(standardError)}
          </b>
          {medianDays !== undefined && pass > rounds && <>, half of them within {medianDays} traded days</>}
          {' · '}
        </>
      )}
      <b>
        break {percent(bust)}
        {pass === undefined && ` ${within(standardError)}`}
      </b>
      {' · '}still running after {reading.horizonDays} traded days {percent(running)}
      {payout !== undefined && ` · ${formatAmount(payout)} paid out on average, ${percent(paid ?? 0)} with a payout`}
      <small>
        {from}; {formatNumber(reading.paths)} paths, reckoned {formatTime(reading.at)}
      </small>
    </>
  )
}

const Odds = ({ odds, reading }: { odds: AccountOdds; reading: OddsReading }) =>
  'undrawn' in odds ? <span>{undrawnWords[odds.undrawn]}</span> : <Likely chances={odds.chances} reading={reading} />

type LineProps = { odds: OddsReading | undefined; account: AccountStanding; columns: number }

/** What may become of an account by its firm's rules, in a row under its own; nothing of one that is not watched. */
export const OddsLine = ({ odds: reading, account, columns }: LineProps) => {
  const odds = reading?.accounts.find((each) => each.account === account.name)
  if (reading === undefined || odds === undefined) return null
  return (
    <tr id={elementId('odds', account.name)} class="odds">
      <td colspan={columns}>
        <span class="text-quiet">Firm’s odds</span> <Odds odds={odds} reading={reading} />
      </td>
    </tr>
  )
}

const isSpoken = (odds: CardOddsReading): odds is CardOddsReading & { words: string } => odds.words !== undefined

/** What taking a card would do to each account, where that is more than chance. */
export const CardOdds = ({ odds, card }: { odds: OddsReading | undefined; card: FocusCard }) => {
  const spoken = odds?.cards.filter(({ cardId }) => cardId === card.id).filter(isSpoken) ?? []
  return spoken.length === 0 ? null : (
    <>
      <h5>Firm’s odds</h5>
      <ul>
        {spoken.map(({ alias, words, standardError }) => (
          <li>
            {alias}: {words} ({within(standardError)})
          </li>
        ))}
      </ul>
    </>
  )
}
