import { Layout, type PageProps } from '../layout.tsx'
import { Heading } from '../parts/heading.tsx'
import { History } from './history.tsx'
import { SystemReading } from './reading.tsx'

/** Health, data quality and latency. */
export const SystemPage = (props: PageProps) => (
  <Layout {...props} page="system">
    <Heading name="System" />
    <SystemReading picture={props.picture} />
    <div class="system">
      <History history={props.picture.history} />
    </div>
  </Layout>
)
