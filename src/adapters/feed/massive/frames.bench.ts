import type { Row } from '#src/testing/bench.ts'
import { readFrame } from './frames.ts'

/** Frames of a hundred events as the vendor mixes them, six contracts. */
export const name = 'Massive: frames'

const now = Date.UTC(2026, 10, 20, 15)
const perFrame = 100
const frames = Array.from({ length: 100 }, (_, n) =>
  JSON.stringify(
    Array.from({ length: perFrame }, (_, i) => {
      const at = now + n * perFrame + i
      const sym = ['MGCZ6', 'SILZ6', 'MCLF7', 'MHGZ6', 'MESZ6', 'MNQZ6'][i % 6]
      if (i % 50 === 49)
        return { ev: 'AM', sym, v: 91, o: '20.5', c: '21', h: '21', l: '20.5', n: 10, s: now - 60_000, e: now }
      return i % 3 === 0
        ? { ev: 'T', sym, p: 20.5 + (i % 8) * 0.25, s: 2, t: at, q: n * perFrame + i }
        : { ev: 'Q', sym, bp: 20.5, bs: 10, bt: at, ap: 20.75, as: 16, at, t: at }
    }),
  ),
)

/** Events a second over at least a second of work. */
const rate = (read: (text: string) => number): number => {
  let events = 0
  const began = performance.now()
  while (performance.now() - began < 1_000) for (const text of frames) events += read(text)
  return events / ((performance.now() - began) / 1_000)
}

const ours = (text: string): number => readFrame(text, now, () => {}).length
/** What the shortest reader does that believes everything: parse, and copy each event. */
const bare = (text: string): number =>
  (JSON.parse(text) as object[]).map((event) => ({ ...event, receivedTime: now })).length

const inThousands = (perSecond: number): string => `${Math.round(perSecond / 1_000)}k events/s`

export const run = async (): Promise<Row[]> => {
  for (const read of [ours, bare]) rate(read)
  const [mine, peer] = [rate(ours), rate(bare)]
  const core = `${((50_000 / mine) * 100).toFixed(1)} % of a core`
  return [
    {
      what: 'read and checked (JSON.parse and copy)',
      ours: inThousands(mine),
      peer: inThousands(peer),
      ratio: mine / peer,
    },
    { what: '50,000 events/s cost', ours: core },
  ]
}
