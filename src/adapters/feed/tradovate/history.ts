import { isOpen, nextChangeAt, previousTradeDate, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Clock, HistoryPage, HistorySource, Refused, SessionVolume } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { type ChartPart, rangeBack, readChart } from './chart-history.ts'
import { type ContractIds, toName } from './contracts.ts'
import { pause } from './pause.ts'
import { readQuotes } from './quotes.ts'
import type { TradovateSession } from './session.ts'
import type { TradovateSocket } from './socket.ts'
import { createTally } from './tally.ts'
import { type Visit, visit } from './visit.ts'

/** The vendor gives a chart from its end backwards; a chunk this long is gathered before it is given on in order. */
const chunkMs = 5 * 24 * 3_600_000
/** Charts are asked for one after the other and not faster than this, because the vendor's limits are not told. */
const betweenMs = 250
const volumeMs = 10_000
const mostTries = 4
const mostParts = 200
/** The minute that ended just now may still change. */
const graceMs = minuteMs

const stopped: Refused = { ok: false, reason: 'stopped', detail: 'stopped' }

const isSame = (a: Bar, b: Bar): boolean =>
  a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume

/** Creates the vendor's past over its market-data socket, which is open only while something is asked. */
export const createTradovateHistory = ({
  socket,
  session,
  ids,
  clock,
  schedule,
}: {
  readonly socket: TradovateSocket
  readonly session: TradovateSession
  readonly ids: ContractIds
  readonly clock: Clock
  readonly schedule: Schedule
}): HistorySource => {
  /** The bars of [from, to) of one contract, gathered backwards until nothing older comes. */
  const gather = async (
    at: Visit,
    contract: Contract,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<HistoryPage | Refused> => {
    const bars = new Map<number, Bar>()
    const dropped = createTally()
    const { group } = specOf(contract.id)
    const opens = isOpen(group, from) ? from : nextChangeAt(group, from)
    let until = to
    for (let parts = 0; parts < mostParts && opens < to; parts++) {
      const part: ChartPart = await readChart(
        at,
        contract.id,
        toName(contract),
        'MinuteBar',
        rangeBack(from, until),
        schedule,
      )
      if (!part.ok) return part
      for (const kind of part.refused) dropped.count(kind)
      const inside = part.bars.filter(({ time }) => time >= from && time < to)
      for (const bar of inside) {
        const known = bars.get(bar.time)
        // The bar at the seam of two parts comes twice; only one that changed is worth a word.
        if (known !== undefined && !isSame(known, bar)) dropped.count('duplicate')
        bars.set(bar.time, bar)
      }
      const oldest = part.bars.reduce((least, { time }) => Math.min(least, time), until)
      if (oldest >= until || oldest <= opens) break
      until = oldest
      await pause(betweenMs, schedule, signal)
      if (signal.aborted) return stopped
    }
    return { ok: true, bars: [...bars.values()].sort((a, b) => a.time - b.time), reaches: to, dropped: dropped.read() }
  }

  /** One seat for a whole run of charts; where its conversation is lost, a chunk is asked for on the next one. */
  const createReader = (signal: AbortSignal) => {
    let at: Visit | undefined
    const leave = (): void => {
      at?.leave()
      at = undefined
    }
    const readChunk = async (contract: Contract, from: number, to: number): Promise<HistoryPage | Refused> => {
      let last: HistoryPage | Refused = stopped
      for (let tries = 0; tries < mostTries && !signal.aborted; tries++) {
        if (at === undefined) {
          const seat = await visit(socket, schedule, signal)
          if (!seat.ok) return seat
          at = seat
        }
        last = await gather(at, contract, from, to, signal)
        if (last.ok || last.reason !== 'unavailable') return last
        leave()
      }
      return signal.aborted ? stopped : last
    }
    return { readChunk, leave }
  }

  const volumeOf = async (at: Visit, contract: Contract, signal: AbortSignal): Promise<number | Refused> => {
    const id = await ids(contract, signal)
    if (!id.ok) return id
    const name = toName(contract)
    return new Promise<number | Refused>((resolve) => {
      const finish = (result: number | Refused): void => {
        for (const undo of undone) undo()
        at.conversation.unsubscribeQuote(name)
        resolve(result)
      }
      const silent: Refused = { ok: false, reason: 'unavailable', detail: `no volume of ${name} came` }
      const undone = [
        schedule(() => finish(silent), volumeMs),
        at.onOver(() => finish(silent)),
        at.onEvent((event, d) => {
          if (event !== 'md') return
          const quote = readQuotes(d).quotes.find(
            (word) => word.contractId === id.value && word.sessionVolume !== undefined,
          )
          if (quote?.sessionVolume !== undefined) finish(quote.sessionVolume)
        }),
      ]
      at.conversation.subscribeQuote(name, (answer) => {
        if (!answer.ok) finish(answer)
      })
    })
  }

  /** The trade date whose volume the vendor shows: the running one, or the last one while the market is shut. */
  const dateShown = ({ id }: Contract): string => {
    const { group } = specOf(id)
    const date = tradeDateAt(group, clock.now())
    return isOpen(group, clock.now()) ? date : previousTradeDate(group, date)
  }

  return {
    name: 'tradovate',
    minutes: async function* (contract, { from, to }, signal) {
      const end = Math.min(to, minuteOf(clock.now() - graceMs))
      const reader = createReader(signal)
      try {
        for (let at = from; at < end; at += chunkMs) {
          const page = await reader.readChunk(contract, at, Math.min(at + chunkMs, end))
          yield page
          if (!page.ok) return
        }
      } finally {
        reader.leave()
      }
    },
    volumes: async (contracts, signal) => {
      const at = await visit(socket, schedule, signal)
      if (!at.ok) return at
      try {
        const value: SessionVolume[] = []
        for (const contract of contracts) {
          const volume = await volumeOf(at, contract, signal)
          if (signal.aborted) return stopped
          if (typeof volume !== 'number') return volume
          value.push({ contract, tradeDate: dateShown(contract), volume })
        }
        return { ok: true, value }
      } finally {
        at.leave()
      }
    },
    check: async (signal) => {
      const token = await session.token()
      if (!token.ok) return { ok: false, reason: token.reason, detail: token.detail }
      const at = await visit(socket, schedule, signal)
      if (!at.ok) return at
      try {
        const contract = frontContract('MES', tradeDateAt('equity', clock.now()))
        const ask = (kind: 'Tick' | 'MinuteBar') =>
          readChart(at, contract.id, toName(contract), kind, { asMuchAsElements: 1 }, schedule)
        const bars = await ask('MinuteBar')
        if (!bars.ok) return bars
        const ticks = await ask('Tick')
        return { ok: true, plan: ticks.ok ? 'quotes, trades and minute bars' : 'quotes and minute bars, no trades' }
      } finally {
        at.leave()
      }
    },
  }
}
