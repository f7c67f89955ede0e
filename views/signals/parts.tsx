import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { CalibrationReading } from '#src/domain/picture.ts'
import { proportionOf } from '#src/domain/signals/calibration.ts'
import { formatFixed, formatNumber, formatSigned, unknown } from '../format.ts'
import { Box } from '../parts/box.tsx'

type Market = CalibrationReading['markets'][number]

const MarketLine = ({ market: { instrument, cards, n, won, r } }: { market: Market }) => {
  const { share, low, high } = proportionOf(won, n)
  return (
    <tr>
      <th scope="row">{specOf(instrument).name}</th>
      <td class="figure">{formatNumber(cards)}</td>
      <td class="figure">{formatNumber(n)}</td>
      <td class="figure">{n === 0 ? unknown : `${formatFixed(share * 100, 0)} %`}</td>
      <td class="figure">{n === 0 ? unknown : `${formatFixed(low * 100, 0)}–${formatFixed(high * 100, 0)} %`}</td>
      <td class="figure">{n === 0 ? unknown : `${formatSigned(r, 2)}R`}</td>
    </tr>
  )
}

/** The same by market, with what a card made on average. */
export const Markets = ({ markets }: Pick<CalibrationReading, 'markets'>) => (
  <Box id="by-market" title="By market" aside="mean R before costs">
    <table class="sheet by-market">
      <thead>
        <tr>
          <th scope="col">Market</th>
          <th scope="col">Drawn</th>
          <th scope="col">Entered</th>
          <th scope="col">TP1 first</th>
          <th scope="col">95 %</th>
          <th scope="col">Mean R</th>
        </tr>
      </thead>
      <tbody>
        {markets.map((market) => (
          <MarketLine market={market} />
        ))}
      </tbody>
    </table>
  </Box>
)

/** Which parts of the quality told winners from the rest: the mean share of their points. */
export const Components = ({ components }: Pick<CalibrationReading, 'components'>) => (
  <Box id="by-component" title="By component" aside="mean share of its points when drawn">
    <table class="sheet">
      <thead>
        <tr>
          <th scope="col">Component</th>
          <th scope="col">Winners</th>
          <th scope="col">The others</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ name, winners, others }) => (
          <tr>
            <th scope="row">{name.replace('-', ' ')}</th>
            <td class="figure">{formatFixed(winners * 100, 0)} %</td>
            <td class="figure">{formatFixed(others * 100, 0)} %</td>
            <td class="figure">{formatSigned((winners - others) * 100, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Box>
)
