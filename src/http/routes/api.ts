import { Hono } from 'hono'
import { z } from 'zod'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteMs, type Timeframe, timeframes } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'
import { type Env, type Refusal, refuse, refuseInput } from '../refusal.ts'
import { wholeNumber } from '../whole-number.ts'

/** Bars of `[from, to)`, epoch ms, oldest first. */
type ReadBars = (instrument: InstrumentId, timeframe: Timeframe, from: number, to: number) => Promise<BarColumns>

export type ApiDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly clock: Clock
  readonly instruments: readonly InstrumentId[]
  readonly readBars: ReadBars
}

const timeframeMs: Readonly<Record<Timeframe, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '60m': 60 * minuteMs,
  '1d': 1440 * minuteMs,
}
/** Bars a request gets when it names no start, and the most it may ask for. */
const usualBars = 500
const mostBars = 20_000

const notATime = 'not-a-time' satisfies Refusal
/** Epoch ms, or an ISO instant with its zone. */
const instant = z.union([wholeNumber(notATime), z.iso.datetime({ offset: true }).transform(Date.parse)], notATime)
const timeframe = z.enum(timeframes, 'unknown-timeframe' satisfies Refusal)

const rangeAt = (now: number) =>
  z
    .strictObject(
      { timeframe: timeframe.default('1m'), from: instant.optional(), to: instant.default(now) },
      'unknown-field' satisfies Refusal,
    )
    .transform(({ timeframe, from, to }) => ({ timeframe, to, from: from ?? to - usualBars * timeframeMs[timeframe] }))
    .refine(({ from, to }) => from < to, { path: ['from'], error: 'empty-range' satisfies Refusal })
    .refine(({ timeframe, from, to }) => to - from <= mostBars * timeframeMs[timeframe], {
      path: ['from'],
      error: 'range-too-long' satisfies Refusal,
    })

/**
 * What other programs read, as JSON; times are epoch ms UTC (asked for, also ISO instants), prices points.
 * `/api/focus`: every market's card, the plan's first and in its order (`place` 1–4), then the quiet row (`place` 0).
 * `/api/instruments`: the contract specification of each market watched.
 * `/api/bars/:instrument?timeframe=&from=&to=`: bars of `[from, to)`; the newest 500 unless told.
 */
export const api = ({ bus, clock, instruments, readBars }: ApiDeps) =>
  new Hono<Env>()
    .basePath('/api')
    .get('/focus', (c) => {
      const picture = bus.picture()
      if (picture.plan === undefined) return refuse(c, 503, 'engine', 'engine-not-ready')
      const order = [...picture.plan.places, ...picture.plan.rest]
      return c.json(order.map((id) => picture[`focus:${id}`]).filter((card) => card !== undefined))
    })
    .get('/instruments', (c) => c.json(instruments.map(specOf)))
    .get('/bars/:instrument', async (c) => {
      const instrument = instruments.find((id) => id === c.req.param('instrument'))
      if (instrument === undefined) return refuse(c, 404, 'instrument', 'unknown-instrument')
      const range = rangeAt(clock.now()).safeParse(c.req.query())
      if (!range.success) return refuseInput(c, range.error)
      const { timeframe, from, to } = range.data
      const columns = await readBars(instrument, timeframe, from, to)
      return c.json({ instrument, timeframe, bars: Array.from(columns.time, (_, i) => barAt(columns, i)) })
    })
