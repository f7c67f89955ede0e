/** How many events a bus keeps. */
export const keptEvents = 10_000

const width = 6

/** The id of the event that was number `sequence` of its millisecond; ids ascend as text until the year 2286. */
export const eventId = (ms: number | string, sequence: number | string): string =>
  `${ms}-${String(sequence).padStart(width, '0')}`

/** A Redis stream id, '1700000000000-2', as an event id, '1700000000000-000002'. */
export const toEventId = (streamId: string): string => {
  const [ms = '0', sequence = '0'] = streamId.split('-')
  return eventId(ms, sequence)
}

/** The way back. */
export const toStreamId = (id: string): string => {
  const [ms = '0', sequence = '0'] = id.split('-')
  return `${ms}-${Number(sequence)}`
}
