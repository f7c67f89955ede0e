import type { Alert } from '#src/domain/signals/transition.ts'
import type { Terminal } from '../terminal.ts'

export type Listener = {
  /** The alerts heard so far, in the order they came. */
  readonly alerts: readonly Alert[]
  /** Whether the stream is open and the whole picture came. */
  readonly heard: () => boolean
  readonly close: () => void
}

/** Listens to `/live` as a page does; `after` is the last alert it knows, told as a browser that lost its line tells it. */
export const listen = ({ url }: Pick<Terminal, 'url'>, after?: number): Listener => {
  const alerts: Alert[] = []
  const line = new AbortController()
  let heard = false
  const headers = after === undefined ? {} : { 'last-event-id': `${after}` }

  const take = (event: string): void => {
    heard = true
    const body = /^event: alert\ndata: (.*)$/m.exec(event)?.[1]
    if (body !== undefined) alerts.push(JSON.parse(body) as Alert)
  }
  const read = async (): Promise<void> => {
    const answer = await fetch(`${url}/live?page=terminal`, { headers, signal: line.signal })
    let rest = ''
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = `${rest}${text}`.split('\n\n')
      rest = events.pop() ?? ''
      events.forEach(take)
    }
  }
  // A line that breaks, because the server was killed or the test is over, has simply no more to say.
  read().catch(() => {})
  return { alerts, heard: () => heard, close: () => line.abort() }
}
