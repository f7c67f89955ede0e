import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'

const source = new URL('./embedded-thread.js', import.meta.url)

/**
 * Opens the embedded database in `folder` as PostgreSQL's driver opens a socket: a thread of its own holds the folder for as
 * long as the line is open, so that no query and no checkpoint ever holds up the thread the pages live on. Throws when the
 * folder cannot be opened. The folder is free again when the line has closed.
 */
export const openEmbedded = async (folder: string): Promise<Duplex> => {
  const thread = new Worker(source, { workerData: folder, execArgv: [] })
  await once(thread, 'message')
  const ended = new Promise<void>((resolve) => void thread.once('exit', () => resolve()))
  const line = new Duplex({
    read: () => {},
    write: (messages: Buffer, _, done) => {
      const copy = Uint8Array.from(messages)
      thread.postMessage(copy, [copy.buffer])
      done()
    },
    final: (done) => void ended.then(() => done()),
    destroy: (error, done) => void thread.terminate().then(() => done(error)),
  })
  thread.on('message', (answers: Uint8Array) => line.push(Buffer.from(answers.buffer)))
  thread.on('error', (error) => line.destroy(error))
  thread.on('exit', () => line.push(null))
  // What the driver asks of a socket before it says goodbye.
  return Object.defineProperty(line, 'readyState', { get: () => (line.closed ? 'closed' : 'open') })
}
