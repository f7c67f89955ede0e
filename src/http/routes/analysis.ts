import { Hono } from 'hono'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Picture } from '#src/domain/picture.ts'
import type { Bus } from '#src/engine/ports.ts'
import { type Env, refuse } from '../refusal.ts'
import type { LabDeps } from './lab-deps.ts'

type AnalysisDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly instruments: readonly InstrumentId[]
  readonly lab: Pick<LabDeps, 'report' | 'reports' | 'champions'>
}

const shownResults = 100

const dataSource = ({ feed, system, history }: Partial<Picture>) => ({
  source: feed?.source,
  mode: feed?.mode,
  grain: feed?.grain,
  market: system?.market,
  ledger: system?.ledger,
  history: history && {
    source: history.source,
    state: history.state,
    detail: history.detail,
    progress: history.progress,
    gaps: history.gaps,
    coverage: history.markets,
    rolls: history.rolls,
  },
})

const status = ({ clock, gate, plan, feed, system }: Partial<Picture>) => ({
  clock,
  gate: gate && { open: gate.open, reasons: gate.facts.filter(({ watched, ok }) => watched && !ok) },
  plan: plan && { tradeDate: plan.tradeDate, version: plan.version, noTrade: plan.noTrade, places: plan.places },
  feed: feed && { mode: feed.mode, state: feed.state, since: feed.since, receivedAt: feed.receivedAt },
  dependencies: system?.dependencies,
})

const asset = (picture: Partial<Picture>, id: InstrumentId) => {
  const { name, exchange, ticksPerPoint, tickValue } = specOf(id)
  const market = picture.feed?.markets.find(({ instrument }) => instrument === id)
  const roll = picture.history?.rolls.find(({ instrument }) => instrument === id)
  return {
    instrument: id,
    name,
    exchange,
    tickSize: 1 / ticksPerPoint,
    /** Dollars. */
    tickValue: tickValue / 10_000,
    contract: market?.contract,
    state: market?.state,
    price: picture[`price:${id}`],
    card: picture[`focus:${id}`],
    roll,
  }
}

/**
 * What older programs ask, as JSON; times are epoch ms UTC, prices points. `/analysis/latest[/:instrument]`: the cards.
 * `/analysis/live_feed`: how prices come. `/analysis/data_source`: where they and the history come from, and how whole it
 * is. `/analysis/accounts`: positions, orders and every account against its rules, Money in ten-thousandths of a dollar.
 * `/analysis/status`: clock, gate, plan, health. `/analysis/assets`: each market with contract, price, card and roll.
 * `/analysis/backtest_results`: the newest reports in short, with `?id=` one in full; money is in ten-thousandths of a dollar.
 * `/analysis/strategy_history`: every change of champion, newest first.
 */
export const analysis = ({ bus, instruments, lab }: AnalysisDeps) =>
  new Hono<Env>()
    .basePath('/analysis')
    .use(async (c, next) => (bus.picture().plan === undefined ? refuse(c, 503, 'engine', 'engine-not-ready') : next()))
    .get('/latest', (c) => c.json(instruments.map((id) => asset(bus.picture(), id))))
    .get('/latest/:instrument', (c) => {
      const id = instruments.find((each) => each === c.req.param('instrument'))
      return id === undefined ? refuse(c, 404, 'instrument', 'unknown-instrument') : c.json(asset(bus.picture(), id))
    })
    .get('/live_feed', (c) => c.json(bus.picture().feed))
    .get('/data_source', (c) => c.json(dataSource(bus.picture())))
    .get('/accounts', (c) => c.json(bus.picture().account))
    .get('/status', (c) => c.json(status(bus.picture())))
    .get('/assets', (c) => c.json(instruments.map((id) => asset(bus.picture(), id))))
    .get('/backtest_results', async (c) => {
      const id = c.req.query('id')
      if (id === undefined) return c.json(await lab.reports(shownResults))
      const report = await lab.report(id)
      return report === undefined ? refuse(c, 404, 'id', 'unknown-report') : c.json(report)
    })
    .get('/strategy_history', async (c) => c.json(await lab.champions(shownResults)))
