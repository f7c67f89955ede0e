import type { Chart } from '#src/domain/chart/chart.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Timeframe, timeframes } from '#src/domain/market/bar.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { Gate } from '../terminal/gate.tsx'
import { BarsTable } from './bars-table.tsx'
import { ChartAt } from './chart-at.tsx'
import { chartUrl } from './chart-url.ts'
import { ChartHeld } from './held.tsx'
import { layers } from './layers.ts'
import type { Looked } from './looked.ts'
import { ChartPlan } from './plan.tsx'
import { ChartPrice, Minute } from './price.tsx'

export type ChartPageProps = PageProps & {
  instrument: InstrumentId
  timeframe: Timeframe
  /** The newest bars without one. */
  looked?: Looked | undefined
  /** Of which bars the table holds those before an instant, epoch ms, when one is named. */
  told: Chart
  before?: number | undefined
}

type ChoiceProps = Pick<ChartPageProps, 'instrument' | 'instruments' | 'timeframe' | 'looked'>

const Choices = ({ instrument, instruments, timeframe, looked }: ChoiceProps) => (
  <>
    <nav aria-label="Timeframe" class="choices">
      {timeframes.map((each) => (
        <a
          href={chartUrl(instrument, each, looked)}
          data-timeframe={each}
          aria-current={each === timeframe ? 'true' : undefined}
        >
          {each}
        </a>
      ))}
    </nav>
    <nav aria-label="Market" class="choices" id="chart-markets">
      {instruments.map((each) => (
        <a href={chartUrl(each, timeframe, looked)} aria-current={each === instrument ? 'page' : undefined}>
          {each}
        </a>
      ))}
    </nav>
  </>
)

/** What the script alone can do. */
const Tools = () => (
  <div class="chart-tools">
    <details id="chart-layers">
      <summary>Lines</summary>
      <div class="panel">
        {Object.entries(layers).map(([name, { words, shown }]) => (
          <label>
            <input type="checkbox" value={name} checked={shown} /> {words}
          </label>
        ))}
      </div>
    </details>
    <button type="button" class="quiet-button" data-press="chart-table" aria-pressed="false" aria-controls="bars-table">
      table <kbd>t</kbd>
    </button>
  </div>
)

/** A market's bars with its plan drawn over them, and the same bars as a table. */
export const ChartPage = ({ instrument, timeframe, told, looked, before, ...props }: ChartPageProps) => {
  const { picture, instruments } = props
  const card = picture[`focus:${instrument}`]
  const price = picture[`price:${instrument}`]
  const { name } = specOf(instrument)
  return (
    <Layout {...props} page="chart" stream={`chart-${instrument}`} title={`${name} ${timeframe}`} island="chart">
      <div class="chart-head">
        <h1 class="text-[15px]">
          {name} <small>· {card?.contract ?? price?.contract ?? instrument}</small> <a href="/">back to the Terminal</a>
        </h1>
        <ChartPrice instrument={instrument} price={price} wall={picture.clock?.wall} />
        <Choices instrument={instrument} instruments={instruments} timeframe={timeframe} looked={looked} />
        <Tools />
      </div>
      <div class="answers">
        <Gate gate={picture.gate} now={picture.clock?.at} brief />
        <ChartPlan instrument={instrument} card={card} />
      </div>
      <ChartHeld instrument={instrument} account={picture.account} />
      {looked && <ChartAt looked={looked} newest={chartUrl(instrument, timeframe)} />}
      <section class="box chart-box" aria-label="Chart">
        <p id="chart-legend" class="figure" />
        <div class="chart-frame">
          <div
            id="chart"
            role="img"
            aria-label={`${name}, bars of ${timeframe} with its plan. Press t for the same bars as a table.`}
            data-instrument={instrument}
            data-timeframe={timeframe}
            data-at={looked?.at}
          />
        </div>
        <output id="chart-lost" hidden />
        <Minute minute={picture[`minute:${instrument}`]} />
      </section>
      <BarsTable instrument={instrument} timeframe={timeframe} told={told} looked={looked} before={before} />
    </Layout>
  )
}
