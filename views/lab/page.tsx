import { strategies } from '#src/domain/backtest/strategies/all.ts'
import type { Strategy } from '#src/domain/backtest/strategy.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { Wanted } from './forms.tsx'
import { Lab } from './lab.tsx'
import { LabHeading } from './sheet.tsx'

export type LabPageProps = PageProps & {
  /** The strategy the forms are for, by its name. */
  strategy?: string | undefined
}

const chosen = (name: string | undefined): Strategy => {
  const found = strategies.find((each) => each.name === name) ?? strategies[0]
  if (found === undefined) throw new RangeError('there is no strategy')
  return found
}

/** The lab: what the machine works out while the trader is away, and what he asks of it. */
export const LabPage = ({ strategy, ...props }: LabPageProps) => (
  <Layout {...props} page="lab">
    <LabHeading name="Lab" />
    <div class="lab-columns">
      <Lab lab={props.picture.lab} />
      <Wanted strategy={chosen(strategy)} instruments={props.instruments} outcome={props.outcome} />
    </div>
  </Layout>
)
