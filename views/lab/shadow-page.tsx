import type { ShadowBook, ShadowFate, ShadowLine, ShadowSum } from '#src/domain/trading/shadow-book.ts'
import { formatMoney, formatNumber, formatTime } from '../format.ts'
import type { PageProps } from '../layout.tsx'
import { Box, Empty } from '../parts/box.tsx'
import { endOf } from '../signals/words.ts'
import { biasWords } from '../words.ts'
import { LabSheet } from './sheet.tsx'
import { inR, marketName, toneOf } from './words.ts'

export type ShadowPageProps = PageProps & { book: ShadowBook; show: string | undefined }

const fateWords: Readonly<Record<ShadowFate, string>> = {
  taken: 'taken',
  missed: 'MISSED',
  unseen: 'not shown',
  idle: 'never entered',
}

const sumWords = ({ n, r, money, unpriced }: ShadowSum): string => {
  if (n === 0) return 'no card'
  const cards = n === 1 ? '1 card' : `${formatNumber(n)} cards`
  const priced = unpriced === n ? 'planned size not known' : formatMoney(money)
  const rest = unpriced > 0 && unpriced < n ? ` (${formatNumber(unpriced)} of unknown size left out)` : ''
  return `${cards}, ${inR(r)}, ${priced}${rest}`
}

const tradeWords = ({ n, net }: { readonly n: number; readonly net: number }): string =>
  n === 0 ? 'no trade' : `${n === 1 ? '1 trade' : `${formatNumber(n)} trades`}, ${formatMoney(net)}`

type FactProps = { name: string; means: string; money: number | undefined; children: string }

const Fact = ({ name, means, money, children }: FactProps) => (
  <tr>
    <th scope="row">
      {name} <small>{means}</small>
    </th>
    <td class="figure" data-tone={toneOf(money)}>
      {children}
    </td>
  </tr>
)

const Costs = ({ every, compared }: Pick<ShadowBook, 'every' | 'compared'>) => (
  <Box
    id="shadow-costs"
    title="What you made of the cards"
    aside={compared && `since your first fill on ${compared.since}`}
  >
    <table class="sheet shadow-costs">
      <tbody>
        <Fact name="Every card" means="as the plan had it, taken or not" money={every.r}>
          {sumWords(every)}
        </Fact>
        {compared && (
          <>
            <Fact name="Cards you took" means="what they made by themselves" money={compared.taken.r}>
              {sumWords(compared.taken)}
            </Fact>
            <Fact name="Your trades on them" means="net" money={compared.own.net}>
              {tradeWords(compared.own)}
            </Fact>
            <Fact name="Hesitation" means="cards that won and were not taken" money={-compared.missedWinners.r}>
              {sumWords(compared.missedWinners)}
            </Fact>
            <Fact name="Spared" means="cards that lost and were not taken" money={-compared.missedLosers.r}>
              {sumWords(compared.missedLosers)}
            </Fact>
            <Fact name="Improvisation" means="trades without a card, net" money={compared.improvised.net}>
              {tradeWords(compared.improvised)}
            </Fact>
            <Fact name="Larger than planned" means="what the size changed" money={compared.larger.net}>
              {tradeWords(compared.larger)}
            </Fact>
            <Fact name="Smaller than the start" means="what the size changed" money={compared.smaller.net}>
              {tradeWords(compared.smaller)}
            </Fact>
          </>
        )}
      </tbody>
    </table>
    {compared === undefined && (
      <Empty
        what="No own fill is known, so nothing is compared."
        next="Hesitation, improvisation and sizing are counted from your first trade that NinjaTrader tells of."
      />
    )}
    <p class="text-quiet">
      R is before costs; dollars are at the planned size after fees, to the first target, the stop or flat-by. A trade
      belongs to a card of its market and side that was alive when it was opened.
    </p>
  </Box>
)

const Line = ({ line: { card, fate, money } }: { line: ShadowLine }) => {
  const { instrument, tradeDate, side, quality, grade, drawnAt, r } = card
  const { word, arrow } = biasWords[side]
  return (
    <tr data-fate={fate}>
      <th scope="row">
        {tradeDate} <small>{formatTime(drawnAt).replace(' ET', '')}</small>
      </th>
      <td>{marketName(instrument)}</td>
      <td>
        {word} {arrow}
      </td>
      <td class="figure">
        {Math.floor(quality)} % <small>{grade}</small>
      </td>
      <td>{endOf(card)}</td>
      <td class="figure" data-tone={toneOf(r)}>
        {inR(r)}
      </td>
      <td class="figure">{formatMoney(money)}</td>
      <td class="state-word">{fateWords[fate]}</td>
    </tr>
  )
}

const nothingShown = (show: 'missed' | 'all', compares: boolean): string => {
  if (show === 'all') return 'No card of a past trade date is known.'
  return compares ? 'No card was missed.' : 'What was missed is not known without an own fill.'
}

type CardsProps = { lines: readonly ShadowLine[]; compares: boolean; show: 'missed' | 'all' }

const Cards = ({ lines, compares, show }: CardsProps) => {
  const shown = show === 'all' ? lines : lines.filter(({ fate }) => fate === 'missed')
  return (
    <Box
      id="shadow-cards"
      title={show === 'all' ? 'Every card' : 'Missed cards'}
      aside={
        <span class="lab-choices">
          <a href="/lab/shadow-book" aria-current={show === 'missed' ? 'true' : undefined}>
            missed
          </a>{' '}
          <a href="/lab/shadow-book?show=all" aria-current={show === 'all' ? 'true' : undefined}>
            all
          </a>
        </span>
      }
    >
      {shown.length === 0 ? (
        <Empty
          what={nothingShown(show, compares)}
          next="A missed card was shown, its entry traded, and nobody took it."
        />
      ) : (
        <div class="scroll-x">
          <table class="sheet shadow-cards">
            <thead>
              <tr>
                <th scope="col">Drawn, ET</th>
                <th scope="col">Market</th>
                <th scope="col">Side</th>
                <th scope="col">Quality</th>
                <th scope="col">Ended</th>
                <th scope="col">R</th>
                <th scope="col">Planned size</th>
                <th scope="col">You</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <Line line={line} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Box>
  )
}

/** Every card beside what the trader did with it. */
export const ShadowPage = ({ book, show, ...props }: ShadowPageProps) => (
  <LabSheet {...props} title="Shadow book" aside="every card simulated, taken or not">
    <div class="sheet-columns">
      <Costs {...book} />
      <Cards compares={book.compared !== undefined} lines={book.lines} show={show === 'all' ? 'all' : 'missed'} />
    </div>
  </LabSheet>
)
