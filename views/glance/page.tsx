import { Layout, type PageProps } from '../layout.tsx'
import { Gate } from '../terminal/gate.tsx'
import { Numbers } from '../terminal/numbers.tsx'
import { Held } from './held.tsx'

/** For the phone, three questions in one viewport: may I trade, what is it worth, how far is the nearest limit. */
export const GlancePage = (props: PageProps) => {
  const { account, clock, gate } = props.picture
  return (
    <Layout {...props} page="glance">
      <Gate gate={gate} now={clock?.at} brief />
      <Numbers account={account} wall={clock?.wall} />
      <Held account={account} wall={clock?.wall} />
    </Layout>
  )
}
