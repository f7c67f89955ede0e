import { sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays } from '#src/domain/instruments/zone.ts'
import type { Stretch } from '#src/domain/market/coverage.ts'
import type { Refused } from '#src/engine/ports.ts'
import type { MassiveRest } from './rest.ts'
import type { SessionEvent } from './to-domain.ts'

/** A trade date on which the vendor and our calendar trade at different times; no stretches where it is no trade date. */
export type CalendarDisagreement = {
  readonly product: InstrumentId
  readonly tradeDate: string
  readonly ours: readonly Stretch[]
  readonly vendors: readonly Stretch[]
}

const oursOn = (product: InstrumentId, tradeDate: string): readonly Stretch[] =>
  (sessionOf(specOf(product).group, tradeDate)?.segments ?? []).map(({ open, close }) => ({ from: open, to: close }))

/** Trading from each open to the next event of another kind; what opens and never ends is left out. */
const stretchesOf = (events: readonly SessionEvent[]): readonly Stretch[] => {
  const stretches: Stretch[] = []
  let from: number | undefined
  for (const { event, at } of events.toSorted((a, b) => a.at - b.at)) {
    if (event === 'open') from ??= at
    else if (from !== undefined) {
      stretches.push({ from, to: at })
      from = undefined
    }
  }
  return stretches
}

const datesOf = (from: string, to: string): readonly string[] => {
  const dates: string[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date)
  return dates
}

const isSame = (a: readonly Stretch[], b: readonly Stretch[]): boolean =>
  a.length === b.length && a.every(({ from, to }, at) => from === b[at]?.from && to === b[at]?.to)

/** Compares the vendor's sessions with our calendar on the trade dates `from` to `to`, both included. */
export const checkCalendar = async (
  rest: Pick<MassiveRest, 'schedules'>,
  products: readonly InstrumentId[],
  range: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly value: readonly CalendarDisagreement[] } | Refused> => {
  const answer = await rest.schedules(products, range, signal)
  if (!answer.ok) return answer
  const eventsOn = (product: InstrumentId, tradeDate: string): readonly SessionEvent[] =>
    answer.value.filter((event) => event.instrument === product && event.tradeDate === tradeDate)
  const value = products.flatMap((product) =>
    datesOf(range.from, range.to)
      .map((tradeDate) => ({
        product,
        tradeDate,
        ours: oursOn(product, tradeDate),
        vendors: stretchesOf(eventsOn(product, tradeDate)),
      }))
      .filter(({ ours, vendors }) => !isSame(ours, vendors)),
  )
  return { ok: true, value }
}
