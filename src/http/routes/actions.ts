import { Hono } from 'hono'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bus } from '#src/engine/ports.ts'
import { type Field, type Fields, readFields, refused } from '../form.ts'
import { type Env, refuse } from '../refusal.ts'
import type { LabDeps, StudyWish } from './lab-deps.ts'
import { readStudy } from './lab-form.ts'

export type ActionDeps = {
  readonly bus: Pick<Bus, 'picture'>
  /** Asks the engine, wherever it runs; resolves when the request is kept. */
  readonly ask: (command: 'feed-start' | 'feed-stop' | 'refresh') => Promise<void>
  readonly lab: Pick<LabDeps, 'ask'>
  readonly instruments: readonly InstrumentId[]
}

/** What a study is unless told otherwise: the plan itself, by a search that learns. */
const usual = { strategy: 'focus-plan', method: 'model', budget: '200' }

/** A study of the market named, or of every one that is watched. */
const readStudies = (instruments: readonly InstrumentId[], fields: Fields): Field<readonly StudyWish[]> => {
  const markets = fields['instrument'] === undefined ? instruments : [fields['instrument']]
  const wishes: StudyWish[] = []
  for (const instrument of markets) {
    const wish = readStudy(instruments, { ...usual, ...fields, instrument })
    if (!wish.ok) return refused(wish.field, wish.reason)
    wishes.push(wish.value)
  }
  return { ok: true, value: wishes }
}

/**
 * What a program may ask of the engine; 202 when the request is kept. `/actions/live_feed/start` wakes the live feed outside
 * the trader's hours, `/stop` lets it rest until it is started, `/status` tells how it stands.
 * `/actions/force_refresh` asks the source for everything of today again. `/actions/optimize_now` asks for studies:
 * `{instrument?, strategy?, method?, budget?, windows?}`; without a market one of each, and those that cannot be made are named beside the ids.
 */
export const actions = ({ bus, ask, lab, instruments }: ActionDeps) => {
  const isLive = (): boolean =>
    ['LIVE', 'DELAYED'].includes(bus.picture().feed?.mode ?? '') || bus.picture().history !== undefined
  return new Hono<Env>()
    .basePath('/actions')
    .get('/live_feed/status', (c) => {
      const { feed } = bus.picture()
      return feed === undefined ? refuse(c, 503, 'engine', 'engine-not-ready') : c.json(feed)
    })
    .post('/live_feed/:order{start|stop}', async (c) => {
      if (!isLive()) return refuse(c, 409, 'feed', 'feed-not-live')
      await ask(c.req.param('order') === 'start' ? 'feed-start' : 'feed-stop')
      return c.json({ accepted: true }, 202)
    })
    .post('/force_refresh', async (c) => {
      if (!isLive()) return refuse(c, 409, 'feed', 'feed-not-live')
      await ask('refresh')
      return c.json({ accepted: true }, 202)
    })
    .post('/optimize_now', async (c) => {
      const fields = await readFields(c)
      const wishes = fields.ok ? readStudies(instruments, fields.value) : fields
      if (!wishes.ok) return refuse(c, 422, wishes.field, wishes.reason)
      const studies: string[] = []
      const missing: object[] = []
      for (const wish of wishes.value) {
        const answer = await lab.ask(wish)
        if (!answer.ok) missing.push({ instrument: wish.instrument, reason: answer.reason })
        else if (answer.id !== undefined) studies.push(answer.id)
        if (!answer.ok && missing.length === wishes.value.length) return refuse(c, 409, answer.field, answer.reason)
      }
      return c.json({ accepted: true, studies, ...(missing.length > 0 && { refused: missing }) }, 202)
    })
}
