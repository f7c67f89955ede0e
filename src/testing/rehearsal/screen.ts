import { get } from 'node:http'

/** What a page of the terminal is told of the feed, as it is told. */
export type Screen = {
  /** The state on the screen now: 'live', 'down' …; undefined before the first. */
  readonly state: () => string | undefined
  readonly alerts: () => readonly string[]
  readonly price: (instrument: string) => string | undefined
  readonly close: () => void
}

/** Opens the live stream of the terminal page and reads it like a page would; `onChange` hears each new feed state. */
export const openScreen = (url: string, onChange: (state: string) => void = () => {}): Screen => {
  let state: string | undefined
  let rest = ''
  let open = true
  const alerts: string[] = []
  const prices = new Map<string, string>()

  const read = (text: string): void => {
    for (const [, next] of text.matchAll(/<div id="feed" data-state="([a-z]+)"/g)) {
      if (next === undefined || next === state) continue
      state = next
      onChange(next)
    }
    for (const [, id = '', price = ''] of text.matchAll(/id="price-([A-Z0-9]+)".*?class="last[^"]*"[^>]*>([^<]*)</g))
      prices.set(id, price)
    for (const [, alert = ''] of text.matchAll(/<span class="grow">([^<]*)<\/span>/g))
      if (!alerts.includes(alert)) alerts.push(alert)
  }

  const connect = (): void => {
    const request = get(`${url}/live?page=terminal`, { headers: { accept: 'text/event-stream' } }, (response) => {
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        rest += chunk
        const end = rest.lastIndexOf('\n\n')
        if (end < 0) return
        read(rest.slice(0, end))
        rest = rest.slice(end)
      })
      response.on('close', again)
    })
    request.on('error', again)
    hangUp = () => request.destroy()
  }
  const again = (): void => {
    if (open) setTimeout(connect, 200)
  }
  let hangUp = (): void => {}
  connect()
  return {
    state: () => state,
    alerts: () => alerts,
    price: (instrument) => prices.get(instrument),
    close: () => {
      open = false
      hangUp()
    },
  }
}
