import type { Alert } from '#src/domain/signals/transition.ts'

const lines = (text: string): string => text.replace(/\r\n|\r|\n/g, '\ndata: ')

const [liveHead, liveTail] = [Buffer.from('event: live\ndata: '), Buffer.from('\n\n')]

/** A rendered fragment as it stands in a frame. */
export const livePart = (html: string): Buffer => Buffer.from(lines(html))

/** One server-sent event that swaps fragments, encoded once for every page it goes to. */
export const liveFrame = (parts: readonly Buffer[]): Buffer => Buffer.concat([liveHead, ...parts, liveTail])

/** One alert as JSON; its id is what a page names when it comes back, to be told what it missed. */
export const alertFrame = (alert: Alert): Buffer =>
  Buffer.from(`id: ${alert.id}\nevent: alert\ndata: ${JSON.stringify(alert)}\n\n`)

/** Tells a page which alert it is up to without telling it anything else. */
export const idFrame = (id: number): Buffer => Buffer.from(`id: ${id}\n\n`)

/** Says that the line is alive while the market has nothing to say. */
export const beatFrame: Buffer = Buffer.from(': beat\nevent: beat\ndata: \n\n')
