import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'

declare global {
  // Node's types know what a compiled module is and not what compiles one.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<WebAssembly.Module>
  }
}

const source = new URL('./embedded-thread.js', import.meta.url)

const require = createRequire(import.meta.url)

let compiled: Promise<WebAssembly.Module> | undefined
/** The database program, compiled once a process: a thread that did it for itself would take a quarter of a second longer. */
const programOf = (): Promise<WebAssembly.Module> => {
  compiled ??= readFile(require.resolve('@electric-sql/pglite/pglite.wasm')).then((bytes) => WebAssembly.compile(bytes))
  return compiled
}

/**
 * Opens the embedded database in `folder` as PostgreSQL's driver opens a socket: a thread of its own holds the folder for as
 * long as the line is open, so that no query and no checkpoint ever holds up the thread the pages live on. Throws when the
 * folder cannot be opened. The folder is free again when the line has closed.
 */
export const openEmbedded = async (folder: string): Promise<Duplex> => {
  const thread = new Worker(source, { workerData: { folder, program: await programOf() }, execArgv: [] })
  await once(thread, 'message')
  const ended = new Promise<void>((resolve) => void thread.once('exit', () => resolve()))
  const line = new Duplex({
    read: () => {},
    write: (messages: Buffer, _, done) => {
      const copy = new Uint8Array(messages)
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
