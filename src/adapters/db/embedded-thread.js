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

const letterOf = (/** @type {string} */ letter) => letter.charCodeAt(0)
const [error, ready, copying, sync, query] = ['E', 'Z', 'G', 'S', 'Q'].map(letterOf)

const bufferOf = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the message after the one at `at` begins: each is a letter, its length without that, and the rest. */
const nextAfter = (/** @type {Buffer} */ bytes, /** @type {number} */ at) => at + 1 + bytes.readUInt32BE(at + 1)

/** The letter of the last message. */
const lastOf = (/** @type {Buffer} */ bytes) => {
  let last = 0
  for (let at = 0; at < bytes.length; at = nextAfter(bytes, at)) last = bytes[at] ?? 0
  return last
}

/** An error's severity (V) and message (M), as PostgreSQL writes them: a letter, the words, a zero. */
const readError = (/** @type {Buffer} */ rest) => {
  const fields = rest.toString().split('\0')
  const field = (/** @type {string} */ letter) => fields.find((words) => words.startsWith(letter))?.slice(1)
  return { severity: field('V'), message: field('M') }
}

/**
 * Throws when these answers are a database's last: a real one's process ends with such an error, while PGlite goes on in
 * memory that nothing can be said about, and the driver would wait for ever for word that it is ready.
 */
const requireAlive = (/** @type {Uint8Array} */ messages, /** @type {Uint8Array} */ answers) => {
  const bytes = bufferOf(answers)
  let last = 0
  for (let at = 0; at < bytes.length; at = nextAfter(bytes, at)) {
    last = bytes[at] ?? 0
    if (last !== error) continue
    const { severity, message } = readError(bytes.subarray(at + 5, nextAfter(bytes, at)))
    if (severity === 'PANIC' || severity === 'FATAL') throw new Error(`The embedded database stopped: ${message}`)
  }
  if (last === ready || last === copying) return
  const asked = lastOf(bufferOf(messages))
  if (asked === sync || asked === query) throw new Error('The embedded database stopped without a word.')
}

port.on('message', async (/** @type {Uint8Array} */ messages) => {
  if (messages[0] !== goodbye) {
    // A copy: what comes back lies in memory that the next query writes to.
    const answers = database.execProtocolRawSync(messages).slice()
    requireAlive(messages, answers)
    port.postMessage(answers, [answers.buffer])
    return
  }
  await database.close()
  port.close()
})
port.postMessage('open')
