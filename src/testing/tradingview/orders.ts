import type { Desk, NewOrder, Player } from '#src/domain/backtest/strategy.ts'

/** How much an entry takes, beyond what it turns. */
export type Size = (desk: Desk, bar: number) => number

/**
 * Entries by name, as a script sends them. One takes the place of the one of its name before it. It is sent with what is held
 * the other way on top, and keeps that quantity until it fills, whatever becomes of the position. None is sent while its own
 * side is held.
 */
export const createEntries = (size: Size = () => 1) => {
  const numbers = new Map<string, number>()
  const cancel = (desk: Desk, name: string): void => {
    const number = numbers.get(name)
    if (number !== undefined) desk.cancel(number)
    numbers.delete(name)
  }
  return {
    cancel,
    enter: (desk: Desk, bar: number, name: string, wish: Omit<NewOrder, 'quantity'>): void => {
      if (wish.side * desk.position > 0) return
      cancel(desk, name)
      numbers.set(name, desk.send({ ...wish, quantity: Math.abs(desk.position) + size(desk, bar) }))
    },
  }
}

/** A script that acts at the close of every bar that is due. */
export const onBars = (isDue: (bar: number, desk: Desk) => boolean, act: Player['act'], bars: number): Player => ({
  next: (from, desk) => {
    let bar = from
    while (bar < bars && !isDue(bar, desk)) bar++
    return bar
  },
  act,
})
