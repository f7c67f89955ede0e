import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

// The thread in which the embedded database works; JavaScript, so that Node starts it from source and from the bundle alike.
// It is sent what a client would write to PostgreSQL's socket, whole protocol messages at a time, and sends back the answers.

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)
const { folder, program } = /** @type {{ folder: string, program: WebAssembly.Module }} */ (workerData)
const database = await PGlite.create(folder, { pgliteWasmModule: program })
// Its log grows by 16 MB at a time, and filling those with zeros first holds up every query meanwhile.
await database.exec('set wal_init_zero = off')

/** The protocol's Terminate: PGlite has no process that could end by it. */
const goodbye = 'X'.charCodeAt(0)

port.on('message', async (/** @type {Uint8Array} */ messages) => {
  if (messages[0] !== goodbye) {
    // A copy: what comes back lies in memory that the next query writes to.
    const answers = database.execProtocolRawSync(messages).slice()
    port.postMessage(answers, [answers.buffer])
    return
  }
  await database.close()
  port.close()
})
port.postMessage('open')
