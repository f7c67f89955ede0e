import { dateOfBar, nextTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { HistorySource, Refused, SessionVolume } from '#src/engine/ports.ts'

/** One minute of a made-up past: told by its time and contract alone, on the grid of every equity index and of crude. */
const barOf = (contract: Contract, time: number): Bar => {
  const minute = time / minuteMs
  const open = 4000 + (contractMonth(contract) % 100) + (minute % 40)
  return { time, open, high: open + 1, low: open - 1, close: open + 0.5, volume: 1 + (minute % 9) }
}

/** Nobody trades in one minute of eleven. */
const isSilent = (time: number): boolean => (time / minuteMs) % 11 === 3

/** Every bar of a contract in [from, to), epoch ms: the minutes its market was open in, without the silent ones. */
export const pastOf = (contract: Contract, from: number, to: number): Bar[] => {
  const { group } = specOf(contract.id)
  const bars: Bar[] = []
  for (let date = dateOfBar(group, from); ; date = nextTradeDate(group, date)) {
    const session = sessionOf(group, date)
    if (session === undefined || session.open >= to) return bars
    for (const { open, close } of session.segments)
      for (let time = Math.max(open, from); time < Math.min(close, to); time += minuteMs)
        if (!isSilent(time)) bars.push(barOf(contract, time))
  }
}

/** A question the source was asked: 'MES Z6', from and to epoch ms. */
type Asked = { readonly contract: string; readonly from: number; readonly to: number }

/**
 * A source in this process that knows the made-up past up to a minute ago. It answers in pages of `pageBars`;
 * `answer` may refuse instead, `begins` is the oldest instant it has. `given` are the minutes each of its pages was about.
 */
export const createPast = ({
  now,
  pageBars = 50_000,
  begins = 0,
  answer = () => undefined,
  volumes = () => [],
}: {
  readonly now: () => number
  readonly pageBars?: number
  readonly begins?: number
  /** Called before each page with how many were given so far. */
  readonly answer?: (question: Asked, pages: number) => Refused | undefined | Promise<Refused | undefined>
  readonly volumes?: (contracts: readonly Contract[]) => readonly SessionVolume[] | Refused
}) => {
  const asked: Asked[] = []
  const given: Asked[] = []
  const volumesAsked: string[][] = []
  const source: HistorySource = {
    name: 'past',
    async *minutes(contract, { from, to }, signal) {
      const question = { contract: contractCode(contract), from, to }
      asked.push(question)
      const reaches = Math.max(from, Math.min(to, now() - (now() % minuteMs) - minuteMs))
      const bars = pastOf(contract, Math.max(from, begins), Math.min(to, now() - (now() % minuteMs)))
      let reached = from
      for (let start = 0, pages = 0; start === 0 || start < bars.length; start += pageBars, pages++) {
        const refused = await answer(question, pages)
        if (signal.aborted) return yield { ok: false, reason: 'stopped', detail: 'stopped' }
        if (refused !== undefined) return yield refused
        const page = bars.slice(start, start + pageBars)
        const more = start + pageBars < bars.length
        const end = Math.min(reaches, more ? (page.at(-1)?.time ?? 0) + minuteMs : reaches)
        given.push({ ...question, from: reached, to: end })
        reached = end
        yield { ok: true, bars: page, reaches: end, dropped: {} }
      }
    },
    volumes: async (contracts) => {
      volumesAsked.push(contracts.map(contractCode))
      const value = volumes(contracts)
      return 'ok' in value ? value : { ok: true, value }
    },
    check: async () => ({ ok: true, plan: 'everything' }),
  }
  return { source, asked, given, volumesAsked }
}
