import { Layout, type PageProps } from '../layout.tsx'

/** A dangerous act put as a question. */
export type Asked = {
  /** 'Flatten 3 MNQ on SIM101?' */
  readonly question: string
  /** What happens, a sentence each. */
  readonly means: readonly string[]
  /** Where the yes is posted, with what. */
  readonly action: string
  readonly fields?: Readonly<Record<string, string>>
  readonly yes: string
  readonly no: string
}

/** Asks before a dangerous act, for those who cannot hold a button. The keyboard starts on the safe answer. */
export const AskPage = ({ asked, ...props }: PageProps & { asked: Asked }) => (
  <Layout {...props} page="glance" asks={asked.question}>
    <section class="box ask" aria-label={asked.question}>
      <h1>{asked.question}</h1>
      {asked.means.map((sentence) => (
        <p>{sentence}</p>
      ))}
      <form method="get" action="/">
        <button type="submit" class="button" autofocus>
          {asked.no}
        </button>
      </form>
      <form method="post" action={asked.action}>
        {Object.entries({ ...asked.fields, confirmed: 'yes' }).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="button" data-loud>
          {asked.yes}
        </button>
      </form>
    </section>
  </Layout>
)
