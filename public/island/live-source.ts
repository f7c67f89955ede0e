const silenceMs = 5_000
const retryMs = 1_000

type Listener = (event: MessageEvent) => void

/**
 * A stand-in for EventSource that never gives up. The server speaks at least once a second, so a stream silent for five
 * seconds is dead however open it looks; a dead one is replaced every second until one speaks. What was already heard is
 * told by `after`, since a new stream carries no Last-Event-ID. `onChange` hears whether the page is current.
 */
export const createLiveSource = (url: string, onChange: (connected: boolean) => void) => {
  const listeners = new Map<string, Set<Listener>>()
  let source: EventSource
  let lastId = ''
  let heardAt = 0
  let triedAt = 0

  const deliver = (event: Event): void => {
    const message = event as MessageEvent
    if (heardAt === 0) onChange(true)
    heardAt = performance.now()
    if (message.lastEventId) lastId = message.lastEventId
    for (const listener of listeners.get(message.type) ?? []) listener(message)
  }
  const open = (): void => {
    triedAt = performance.now()
    source = new EventSource(lastId ? `${url}&after=${encodeURIComponent(lastId)}` : url)
    source.onopen = () => live.onopen?.()
    source.onerror = lose
    for (const name of listeners.keys()) source.addEventListener(name, deliver)
  }
  const lose = (): void => {
    source.close()
    heardAt = 0
    onChange(false)
  }
  const watch = (): void => {
    const now = performance.now()
    if (source.readyState !== EventSource.CLOSED && now - Math.max(heardAt, triedAt) > silenceMs) lose()
    if (source.readyState === EventSource.CLOSED && now - triedAt >= retryMs) open()
  }

  const live = {
    /** Always open to its user: reconnecting is this object's own business. */
    readyState: EventSource.OPEN,
    onopen: undefined as (() => void) | undefined,
    onerror: undefined,
    addEventListener: (name: string, listener: Listener) => {
      const known = listeners.get(name)
      if (known) known.add(listener)
      else {
        listeners.set(name, new Set([listener]))
        source.addEventListener(name, deliver)
      }
    },
    removeEventListener: (name: string, listener: Listener) => listeners.get(name)?.delete(listener),
    close: () => {
      clearInterval(timer)
      source.close()
    },
  }
  open()
  const timer = setInterval(watch, 500)
  document.addEventListener('visibilitychange', watch)
  return live
}
