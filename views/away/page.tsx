import { Layout, type PageProps } from '../layout.tsx'

/** Stands in for a page that is made from what the database holds, while it is away. */
export const AwayPage = (props: PageProps) => (
  <Layout {...props} page="glance" asks="The database is away">
    <section class="box ask" aria-label="The database is away">
      <h1>The database is away</h1>
      <p>This page cannot be read without it. It is asked for again every five seconds.</p>
      <p>Fills cannot be stored meanwhile: do not trade.</p>
      <form method="get" action="/">
        <button type="submit" class="button" autofocus>
          To the terminal
        </button>
      </form>
    </section>
  </Layout>
)
