import { fileURLToPath } from 'node:url'
import { type AuditBreak, verifyAudit } from '#src/adapters/db/audit.ts'
import { hasSeal, openSeal } from '#src/adapters/db/audit-seal.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { readConfig } from '#src/config.ts'

const phrases: Record<AuditBreak, string> = {
  changed: 'was changed after it was written',
  missing: 'is missing',
  'not-following': 'does not follow the line before it',
  'end-cut': 'and all after it are gone or were replaced',
  'head-missing': 'is the last, but the file audit-head that would prove it is missing or unreadable',
  'break-told': 'says that the end of the log had been cut off before it was written',
}

/** Checks every line of the audit log; true when it is unbroken. */
const verify = async (): Promise<{ readonly ok: boolean; readonly text: string }> => {
  const { databaseUrl, dataDir } = readConfig()
  if (!hasSeal(dataDir)) return { ok: false, text: `No audit log was ever kept in ${dataDir}.` }
  // One step up from src/ as from the bundle in dist/.
  const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))
  const database = await connectDatabase({ databaseUrl, dataDir, migrationsFolder })
  try {
    const { lines, breaks } = await verifyAudit(database.db, openSeal(dataDir))
    const checked = `${lines} ${lines === 1 ? 'line' : 'lines'} checked`
    const [first] = breaks
    return first === undefined
      ? { ok: true, text: `${checked}: unbroken.` }
      : { ok: false, text: `${checked}: line ${first.number} ${phrases[first.reason]}.` }
  } finally {
    await database.close()
  }
}

try {
  const { ok, text } = await verify()
  ;(ok ? process.stdout : process.stderr).write(`${text}\n`)
  process.exitCode = ok ? 0 : 1
} catch (error) {
  // With the embedded database a running terminal holds the folder; the message names its process.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
