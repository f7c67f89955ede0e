/** Those who want to hear `T`, told in the order they came. */
export type Listeners<T> = {
  /** Adds a listener and returns how to stop. */
  readonly add: (listener: (value: T) => void) => () => void
  readonly tell: (value: T) => void
}

export const createListeners = <T>(): Listeners<T> => {
  // A wrapper per call: the same function added twice is two listeners, each with its own stop.
  const heard = new Set<{ listener: (value: T) => void }>()
  return {
    add: (listener) => {
      const entry = { listener }
      heard.add(entry)
      return () => {
        heard.delete(entry)
      }
    },
    tell: (value) => {
      for (const { listener } of [...heard]) listener(value)
    },
  }
}
