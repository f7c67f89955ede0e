import { Layout, type PageProps } from '../layout.tsx'
import { Heading } from '../parts/heading.tsx'
import { Signals } from './signals.tsx'

/** The signals room: how past cards ended, and how far their score can be trusted. */
export const SignalsPage = (props: PageProps) => (
  <Layout {...props} page="signals">
    <Heading name="Signals" />
    <Signals calibration={props.picture.calibration} />
  </Layout>
)
