import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Picture, Topic } from '#src/domain/picture.ts'
import { Gate } from '../terminal/gate.tsx'
import { Kill } from '../terminal/kill.tsx'
import { ChartHeld } from './held.tsx'
import { ChartPlan } from './plan.tsx'
import { ChartPrice, Minute } from './price.tsx'

/** What a market's chart page hears beside what every page does. */
export const chartTopics = (id: InstrumentId) => ['gate', `focus:${id}`, `price:${id}`, `minute:${id}`] as const

/** Renders what the chart page of a market shows of a topic; undefined where it shows the same as every other page. */
export const renderChart = (
  instrument: InstrumentId,
  topic: Topic,
  picture: Partial<Picture>,
  oob: boolean,
): string | undefined => {
  const { account, clock, gate } = picture
  switch (topic) {
    case 'gate':
      return String(<Gate gate={gate} now={clock?.at} brief oob={oob} />)
    case 'account':
      return `${<Kill account={account} clock={clock} oob={oob} />}${<ChartHeld instrument={instrument} account={account} oob={oob} />}`
    case `focus:${instrument}`:
      return String(<ChartPlan instrument={instrument} card={picture[`focus:${instrument}`]} oob={oob} />)
    case `price:${instrument}`:
      return String(
        <ChartPrice instrument={instrument} price={picture[`price:${instrument}`]} wall={clock?.wall} oob={oob} />,
      )
    case `minute:${instrument}`:
      return String(<Minute minute={picture[`minute:${instrument}`]} oob={oob} />)
    default:
      return undefined
  }
}
