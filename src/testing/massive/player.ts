import type { Contract } from '#src/domain/instruments/instrument.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Faults } from './faults.ts'
import { framesOf, type Outgoing } from './frames.ts'
import { tickerOf } from './listing.ts'
import type { Tape } from './tape.ts'

const byTime = (a: Outgoing, b: Outgoing): number => a.at - b.at

/** Plays a tape to one host's listeners, behind a clock that may run late or fast. */
export type Player = {
  /** What became due up to `now` (epoch ms of the market) since the last call. */
  readonly due: (now: number) => readonly Outgoing[]
  /** Forgets where it was: the next call begins at its `now`, because nothing is told again to those who come later. */
  readonly rest: () => void
}

/** Creates a player; `contractsAt` names what is listed at an instant. */
export const createPlayer = ({
  tape,
  contractsAt,
  faults,
  random,
}: {
  readonly tape: Tape
  readonly contractsAt: (ms: number) => readonly Contract[]
  readonly faults: Faults
  readonly random: () => number
}): Player => {
  let queue: readonly Outgoing[] = []
  let next = 0
  let loaded: number | undefined
  let held: Outgoing[] = []

  const load = (minute: number): void => {
    const fresh = contractsAt(minute).flatMap((contract) =>
      framesOf(tickerOf(contract), [...tape.events(contract, minute, minute + minuteMs)]),
    )
    queue = [...queue.slice(next), ...fresh].sort(byTime)
    next = 0
    loaded = minute + minuteMs
  }

  const delayOf = ({ kind }: Outgoing): number => {
    if (kind === 'AM') return faults.of('late-bars')?.byMs ?? 0
    return kind === 'T' ? random() * (faults.of('reordered-trades')?.withinMs ?? 0) : 0
  }

  const timesOf = ({ kind }: Outgoing): number => {
    if (kind === 'AM') return faults.of('duplicate-bars') === undefined ? 1 : 2
    return kind === 'Q' ? (faults.of('burst')?.times ?? 1) : 1
  }

  /** What comes late is held back, and told when its time has come before anything newer. */
  const sift = (due: readonly Outgoing[], now: number): readonly Outgoing[] => {
    const told = held.filter(({ at }) => at <= now)
    held = held.filter(({ at }) => at > now)
    for (const frame of due) {
      const delay = delayOf(frame)
      if (delay === 0) told.push(frame)
      else if (frame.at + delay <= now) told.push({ ...frame, at: frame.at + delay })
      else held.push({ ...frame, at: frame.at + delay })
    }
    return told.sort(byTime)
  }

  return {
    due: (now) => {
      if (loaded === undefined) {
        load(minuteOf(now) - minuteMs)
        load(minuteOf(now))
        queue = queue.filter(({ at }) => at > now)
        next = 0
      }
      while ((loaded as number) <= now) load(loaded as number)
      const start = next
      while ((queue[next]?.at ?? Number.POSITIVE_INFINITY) <= now) next++
      return sift(queue.slice(start, next), now).flatMap((frame) =>
        timesOf(frame) === 1 ? frame : new Array<Outgoing>(timesOf(frame)).fill(frame),
      )
    },
    rest: () => {
      queue = []
      held = []
      next = 0
      loaded = undefined
    },
  }
}
