import { Layout, type PageProps } from '../layout.tsx'
import { Alerts } from './alerts.tsx'
import { Bridge } from './bridge.tsx'
import { Brief } from './brief.tsx'
import { Gate } from './gate.tsx'
import { Numbers } from './numbers.tsx'
import { Plan } from './plan.tsx'
import { Positions } from './positions.tsx'
import { Risk } from './risk.tsx'
import { Strip } from './strip.tsx'

/** The terminal: the whole day on one screen. */
export const TerminalPage = (props: PageProps) => {
  const { picture, instruments } = props
  const { account, clock } = picture
  return (
    <Layout
      {...props}
      page="terminal"
      header={
        <>
          <Strip strip={picture.strip} now={clock?.at} />
          <Bridge account={account} wall={clock?.wall} />
        </>
      }
    >
      <div class="answers">
        <Gate gate={picture.gate} now={clock?.at} />
        <Numbers account={account} wall={clock?.wall} />
      </div>
      <Plan picture={picture} instruments={instruments} />
      <div class="boxes">
        <Positions account={account} clock={clock} />
        <Risk account={account} wall={clock?.wall} />
        <Alerts alerts={picture.alerts} />
        <Brief />
      </div>
    </Layout>
  )
}
