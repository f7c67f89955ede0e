import { type Answer, stopped } from './rest-request.ts'

type Flight = { readonly answer: Promise<Answer>; readonly control: AbortController; waiting: number }

/**
 * Two requests for the same address at once are one. Who is stopped leaves at once; the request itself is called off when
 * the last one has left.
 */
export const createFlights = (request: (url: string, signal: AbortSignal) => Promise<Answer>) => {
  const flights = new Map<string, Flight>()

  const land = (url: string, flight: Flight): void => {
    if (flights.get(url) === flight) flights.delete(url)
  }

  const start = (url: string): Flight => {
    const control = new AbortController()
    const flight = { answer: request(url, control.signal), control, waiting: 0 }
    flights.set(url, flight)
    flight.answer.finally(() => land(url, flight))
    return flight
  }

  return (url: string, signal: AbortSignal): Promise<Answer> => {
    if (signal.aborted) return Promise.resolve(stopped)
    const flight = flights.get(url) ?? start(url)
    flight.waiting++
    return new Promise((resolve) => {
      const leave = (): void => {
        resolve(stopped)
        if (--flight.waiting > 0) return
        land(url, flight)
        flight.control.abort()
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.answer.then((answer) => {
        signal.removeEventListener('abort', leave)
        resolve(answer)
      })
    })
  }
}
