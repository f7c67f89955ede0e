import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Chart } from '#src/domain/chart/chart.ts'
import { fillMarks } from '#src/domain/chart/fill-marks.ts'
import { type LookedAt, lookAt } from '#src/domain/chart/looked-at.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Timeframe, timeframes } from '#src/domain/market/bar.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { type Looked, lookedWords } from '#views/chart/looked.ts'
import { ChartPage } from '#views/chart/page.tsx'
import { type Env, type Refusal, refuse, refuseInput } from '../refusal.ts'
import { wholeNumber } from '../whole-number.ts'
import { type ChartBookDeps, createChartBook } from './chart-book.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'

export type ChartDeps = PageDeps &
  ChartBookDeps & {
    /** What the platform executed since `from`, epoch ms, oldest first. */
    readonly readFills: (from: number) => Promise<readonly Fill[]>
  }

const timeframe = z.enum(timeframes, 'unknown-timeframe' satisfies Refusal).default('5m')
const at = wholeNumber('not-a-time').optional()
const before = wholeNumber('not-a-time').optional()
const view = z.object({ timeframe, at, before })
const wanted = z.strictObject(
  { timeframe, at, after: wholeNumber('not-a-time').optional() },
  'unknown-field' satisfies Refusal,
)

/**
 * `GET /chart/:instrument?timeframe=&at=&before=` the chart room around an instant (epoch ms) or at its newest bars, which
 * without JavaScript is a table of these or of those before an instant; `/chart` goes to the plan's first market. `/chart/:instrument/bars?timeframe=&at=&after=` as JSON: the newest 2,000 bars, of them those
 * from `after` (epoch ms) on, what is drawn over them, and where among them `at` is found.
 */
export const chart = (deps: ChartDeps) => {
  const { bus, instruments, readFills } = deps
  const book = createChartBook(deps)
  const read = async (instrument: InstrumentId, timeframe: Timeframe, after = 0): Promise<Chart> => {
    const whole = await book.read(instrument, timeframe)
    const fills = await readFills(whole.bars[0]?.time ?? Number.MAX_SAFE_INTEGER)
    return {
      ...whole,
      bars: whole.bars.filter(({ time }) => time >= after),
      marks: [...whole.marks, ...fillMarks(fills.filter((fill) => fill.instrument === instrument))],
    }
  }
  const find = async (instrument: InstrumentId, timeframe: Timeframe, at: number): Promise<LookedAt> =>
    lookAt(await book.read(instrument, timeframe), timeframe, specOf(instrument).group, at)
  /** The next coarser chart that holds an instant. */
  const shownBy = async (
    instrument: InstrumentId,
    timeframe: Timeframe,
    at: number,
  ): Promise<Timeframe | undefined> => {
    for (const coarser of timeframes.slice(timeframes.indexOf(timeframe) + 1))
      if (book.mayReach(instrument, coarser, at) && (await find(instrument, coarser, at)).kind === 'held')
        return coarser
    return undefined
  }
  const look = async (instrument: InstrumentId, timeframe: Timeframe, at: number): Promise<Looked> => {
    const found = await find(instrument, timeframe, at)
    const coarser = found.kind === 'older' ? await shownBy(instrument, timeframe, at) : undefined
    return { at, ...('bar' in found && { bar: found.bar.time }), words: lookedWords(found, timeframe, coarser) }
  }
  const marketOf = (c: Context<Env>): InstrumentId | undefined =>
    instruments.find((id) => id === c.req.param('instrument'))
  return new Hono<Env>()
    .get('/chart', (c) => c.redirect(`/chart/${bus.picture().plan?.places[0] ?? instruments[0]}`))
    .get('/chart/:instrument', async (c) => {
      const instrument = marketOf(c)
      if (instrument === undefined) return refuse(c, 404, 'instrument', 'unknown-instrument')
      const asked = view.safeParse(c.req.query())
      if (!asked.success) return refuseInput(c, asked.error)
      const { timeframe, at, before } = asked.data
      const told = await read(instrument, timeframe)
      const looked = at === undefined ? undefined : await look(instrument, timeframe, at)
      const shown = { instrument, timeframe, told, looked, before }
      return c.html(<ChartPage {...pagePropsOf(c, deps)} {...shown} />)
    })
    .get('/chart/:instrument/bars', async (c) => {
      const instrument = marketOf(c)
      if (instrument === undefined) return refuse(c, 404, 'instrument', 'unknown-instrument')
      const asked = wanted.safeParse(c.req.query())
      if (!asked.success) return refuseInput(c, asked.error)
      c.header('cache-control', 'no-store')
      const { timeframe, at, after } = asked.data
      const told = await read(instrument, timeframe, after)
      return c.json(at === undefined ? told : { ...told, looked: await look(instrument, timeframe, at) })
    })
}
