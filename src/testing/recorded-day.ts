import { recordedBars } from './bars.ts'
import { createEngineRoom } from './engine-room.ts'

/** An instant of the recorded day, Wednesday 2013-10-09, by its New York time: eastern(9, 45). Epoch ms. */
export const eastern = (hour: number, minute = 0): number => Date.UTC(2013, 9, 9, hour + 4, minute)

/** The recorded day under the micros' names: full-size prices on contracts of the same ticks. */
export const recordedDay = () => ({ MES: recordedBars('ES'), MGC: recordedBars('GC') })
type Day = ReturnType<typeof recordedDay>

/** An engine that knows what came before the day, and begins it at midnight New York. */
export const startRecordedDay = (day: Day) => {
  const room = createEngineRoom({ instruments: ['MES', 'MGC'] })
  loadPast(room, day)
  room.start(eastern(0))
  return room
}

/** Gives an engine the days before the recorded one. */
export const loadPast = ({ engine }: ReturnType<typeof createEngineRoom>, day: Day): void => {
  for (const id of ['MES', 'MGC'] as const)
    engine.load(
      id,
      day[id].filter(({ time }) => time < eastern(0)),
    )
}
