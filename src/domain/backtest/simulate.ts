import { createBroker, type Finer, highest, lowest, type Played, type Stretch } from './broker.ts'
import { createDay } from './day-rules.ts'
import type { History } from './history.ts'
import type { Player } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'

export type Simulation = {
  readonly terms: Terms
  /** Without it positions stay overnight and nothing limits entries. */
  readonly discipline?: Discipline
  /** The first bar that is traded and the bar before which the run ends; all bars by default. */
  readonly from?: number
  readonly to?: number
  /** Bars within the bars, which show in what order orders were reached. */
  readonly finer?: Finer
}

/** The first bar from `from` to before `to` that touches either price, `to` when none does. Most of a run is spent here. */
const firstTouch = (high: Int32Array, low: Int32Array, from: number, to: number, stretch: Stretch): number => {
  const { above, below } = stretch
  let top = lowest
  let bottom = highest
  let i = from
  for (; i < to; i++) {
    const up = high[i] as number
    const down = low[i] as number
    if (up >= above || down <= below) break
    if (up > top) top = up
    if (down < bottom) bottom = down
  }
  stretch.top = top
  stretch.bottom = bottom
  return i
}

/**
 * Plays a strategy over closed bars. What is sent at a bar's close can fill from the next bar's open on; bars in which neither
 * an order can fill nor the player wants to act are passed over. What is open at the end is left at the last close ('end').
 * Where the firm of its account ends it, the run ends there. Throws RangeError when the player wants to act at a bar that has passed, or an order lacks its price.
 */
export const simulate = (history: History, player: Player, simulation: Simulation): Played => {
  const { terms, discipline, finer } = simulation
  const { high, low } = history.ticks
  const { from = 0, to = high.length } = simulation
  const broker = createBroker(history, terms, discipline && createDay(history, discipline), finer)
  const { desk } = broker
  const stretch: Stretch = { above: 0, below: 0, top: 0, bottom: 0 }
  const ask = (bar: number): number => {
    const at = player.next(bar, desk)
    if (!(at >= bar)) throw new RangeError(`asked from bar ${bar} on, the player wants to act at ${at}`)
    return at
  }
  let bar = from
  let actsAt = ask(bar)
  while (bar < to) {
    if (broker.isIdle()) bar = Math.max(bar, actsAt)
    else {
      const edge = Math.min(broker.edge(bar), to - 1)
      broker.aim(stretch)
      const reached = firstTouch(high, low, bar, Math.min(edge, actsAt + 1), stretch)
      if (reached > bar) broker.pass(stretch)
      if (reached > actsAt) bar = actsAt
      else {
        bar = reached
        const isNew = broker.step(bar)
        if (broker.isBroken()) break
        if (isNew) actsAt = ask(bar)
      }
    }
    if (bar >= to) break
    if (bar === actsAt) {
      broker.closes(bar)
      player.act(bar, desk)
      actsAt = ask(bar + 1)
    }
    bar++
  }
  broker.end(to - 1)
  return broker.tape()
}

/** Which bars of a finer history make up each bar of a coarser one; a bar without any is judged by itself. */
export const finerOf = (history: History, finer: History): Finer => {
  const { time } = history.columns
  const within = finer.columns.time
  const first = new Int32Array(time.length + 1)
  let at = 0
  for (let i = 0; i < time.length; i++) {
    while (at < within.length && (within[at] as number) < (time[i] as number)) at++
    first[i] = at
  }
  first[time.length] = within.length
  return { history: finer, first }
}
