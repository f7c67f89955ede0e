import type { TradeRow } from '#src/domain/backtest/report.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { formatMoney, formatNumber, formatPrice, formatSigned, formatTime } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { exitWords, inR, toneOf } from './words.ts'

/** Rows of a page. */
const tradesAPage = 100

const dayMs = 86_400_000
/** A chart holds 2,000 bars: the finest one that still reaches back so far, in days. */
const reaches = [
  ['5m', 9],
  ['15m', 28],
  ['60m', 115],
] as const

/** Where a trade is seen on the chart. */
export const chartOf = (instrument: InstrumentId, at: number, now: number): string => {
  const timeframe = reaches.find(([, days]) => now - at <= days * dayMs)?.[0] ?? '1d'
  return `/chart/${instrument}?timeframe=${timeframe}&at=${at}`
}

type LineProps = { trade: TradeRow; number: number; instrument: InstrumentId; now: number }

const Line = ({ trade, number, instrument, now }: LineProps) => {
  const { date, enteredAt, leftAt, side, quantity, entry, exit, net, r, mfeTicks, maeTicks, reason, grade } = trade
  return (
    <tr>
      <td class="figure">{formatNumber(number)}</td>
      <th scope="row">
        <a href={chartOf(instrument, enteredAt, now)}>
          {date} {formatTime(enteredAt).replace(' ET', '')}–{formatTime(leftAt).replace(' ET', '')}
        </a>
      </th>
      <td>
        {side === 'long' ? 'LONG ↑' : 'SHORT ↓'} {formatNumber(quantity)}
      </td>
      <td class="figure">
        {formatPrice(instrument, entry)} → {formatPrice(instrument, exit)}
      </td>
      <td class="figure" data-tone={toneOf(net)}>
        {formatMoney(net)}
      </td>
      <td class="figure">{inR(r)}</td>
      <td class="figure">
        {formatSigned(mfeTicks, 0)} / {formatSigned(maeTicks, 0)}
      </td>
      <td>
        {exitWords[reason]}
        {grade !== null && <small> · {grade}</small>}
      </td>
    </tr>
  )
}

const Pages = ({ id, page, of }: { id: string; page: number; of: number }) => (
  <nav aria-label="Pages of the trades" class="lab-choices">
    {page > 1 && <a href={`/lab/reports/${id}?page=${page - 1}#trades`}>newer</a>}
    <span>
      page {formatNumber(page)} of {formatNumber(of)}
    </span>
    {page < of && <a href={`/lab/reports/${id}?page=${page + 1}#trades`}>older</a>}
  </nav>
)

type TradesProps = { id: string; instrument: InstrumentId; list: readonly TradeRow[]; page: number; now: number }

/** Every trade, newest first, a hundred at a time. */
export const Trades = ({ id, instrument, list, page, now }: TradesProps) => {
  const pages = Math.max(1, Math.ceil(list.length / tradesAPage))
  const shown = Math.min(Math.max(1, page), pages)
  const from = (shown - 1) * tradesAPage
  return (
    <Box
      id="trades"
      title={`${formatNumber(list.length)} trades`}
      aside={<a href={`/lab/reports/${id}.csv`}>all as CSV</a>}
    >
      {list.length === 0 ? (
        <Empty what="It never traded." next="Other parameters, or a longer history, may find something to trade." />
      ) : (
        <>
          <div class="scroll-x">
            <table class="sheet trades">
              <thead>
                <tr>
                  <th scope="col">No.</th>
                  <th scope="col">Trade date, ET</th>
                  <th scope="col">Side</th>
                  <th scope="col">Entry → exit</th>
                  <th scope="col">Net</th>
                  <th scope="col">R</th>
                  <th scope="col">MFE / MAE, ticks</th>
                  <th scope="col">Ended by</th>
                </tr>
              </thead>
              <tbody>
                {list
                  .toReversed()
                  .slice(from, from + tradesAPage)
                  .map((trade, i) => (
                    <Line trade={trade} number={list.length - from - i} instrument={instrument} now={now} />
                  ))}
              </tbody>
            </table>
          </div>
          {pages > 1 && <Pages id={id} page={shown} of={pages} />}
        </>
      )}
    </Box>
  )
}
