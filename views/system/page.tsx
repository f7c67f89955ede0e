import { Layout, type PageProps } from '../layout.tsx'
import { History } from './history.tsx'
import { SystemReading } from './reading.tsx'

/** Health, data quality and latency. */
export const SystemPage = (props: PageProps) => (
  <Layout {...props} page="system">
    <h1 class="text-[15px]">
      System <a href="/">back to the Terminal</a>
    </h1>
    <SystemReading picture={props.picture} />
    <div class="system">
      <History history={props.picture.history} />
    </div>
  </Layout>
)
