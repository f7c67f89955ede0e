import { type Context, Hono } from 'hono'
import { ComparePage } from '#views/lab/compare-page.tsx'
import { NightPage } from '#views/lab/night-page.tsx'
import { LabPage } from '#views/lab/page.tsx'
import { ReportPage } from '#views/lab/report-page.tsx'
import { ShadowPage } from '#views/lab/shadow-page.tsx'
import { StudyPage } from '#views/lab/study-page.tsx'
import { type Env, refuse } from '../refusal.ts'
import { csvName, tradesCsv } from './lab-csv.ts'
import type { LabDeps } from './lab-deps.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'

/** Reports to choose from, and evenings looked back on. */
const shownReports = 60
const shownNights = 20

/** The strategy a form was about: 'study:rsi' is of rsi. */
const formStrategy = (form: string | undefined): string | undefined => form?.split(':')[1]

const pageNumber = (text: string | undefined): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 1)

/**
 * `GET /lab` the night, studies, reports and the forms that ask for more; `?strategy=` chooses whose. `/lab/studies/:id?x=&y=&over=`
 * one study, `/lab/reports/:id?page=` one report (`:id.csv` its trades), `/lab/compare?a=&b=` two of them, `/lab/shadow-book?show=all`
 * the cards beside the trader, `/lab/night` what the nights wrote.
 */
export const lab = (deps: PageDeps & { readonly lab: LabDeps }) => {
  const { study, trials, report, reports, papers, shadowBook } = deps.lab
  const propsOf = (c: Context<Env>) => pagePropsOf(c, deps)
  return new Hono<Env>()
    .basePath('/lab')
    .get('/', (c) => {
      const { strategy, form } = c.req.query()
      return c.html(<LabPage {...propsOf(c)} strategy={strategy ?? formStrategy(form)} />)
    })
    .get('/studies/:id', async (c) => {
      const id = c.req.param('id')
      const [found, made] = await Promise.all([study(id), trials(id)])
      if (found === undefined) return refuse(c, 404, 'study', 'unknown-study')
      const { x, y, over } = c.req.query()
      return c.html(<StudyPage {...propsOf(c)} study={found} trials={made} heat={{ x, y, over }} />)
    })
    .get('/reports/:file{[0-9a-f]+\\.csv}', async (c) => {
      const found = await report(c.req.param('file').replace('.csv', ''))
      if (found === undefined) return refuse(c, 404, 'report', 'unknown-report')
      return c.body(tradesCsv(found), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${csvName(found)}"`,
      })
    })
    .get('/reports/:id', async (c) => {
      const found = await report(c.req.param('id'))
      if (found === undefined) return refuse(c, 404, 'report', 'unknown-report')
      return c.html(<ReportPage {...propsOf(c)} shown={found} page={pageNumber(c.req.query('page'))} />)
    })
    .get('/compare', async (c) => {
      const wanted = [c.req.query('a'), c.req.query('b')]
      const [choices, a, b] = await Promise.all([
        reports(shownReports),
        ...wanted.map((id) => (id === undefined ? undefined : report(id))),
      ])
      return c.html(<ComparePage {...propsOf(c)} choices={choices} a={a} b={b} />)
    })
    .get('/shadow-book', async (c) =>
      c.html(<ShadowPage {...propsOf(c)} book={await shadowBook()} show={c.req.query('show')} />),
    )
    .get('/night', async (c) => {
      const [focus, parity, summaries] = await Promise.all([
        papers('focus', 1),
        papers('parity', shownNights),
        papers('summary', shownNights),
      ])
      return c.html(<NightPage {...propsOf(c)} focus={focus[0]} parity={parity} summaries={summaries} />)
    })
}
