import { writeSync } from 'node:fs'
import { machineTime } from '#src/adapters/clock.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import type { Hub } from '#src/http/live.ts'
import { serve } from '#src/http/serve.ts'
import { migrationsFolder } from '../folders.ts'
import { createBridgeApp } from './bridge-app.ts'

export const crashServer = 'src/testing/ninjatrader/crash-server.ts'

/**
 * Run as a program: the co-pilot's side of the bridge on a port of its own, which it prints. At the `fatal`th batch the
 * engine is told of it dies at once, between what it has accepted and its answer; 0 is never.
 */
const [, program, fatal, databaseUrl, dataDir = ''] = process.argv
if (program === import.meta.filename) {
  const { db } = await connectDatabase({ databaseUrl: databaseUrl || undefined, dataDir, migrationsFolder })
  let told = 0
  const tell = (): void => {
    told++
    if (told === Number(fatal)) process.kill(process.pid, 'SIGKILL')
  }
  const { app } = createBridgeApp({ db, wall: machineTime, tell })
  const { port } = await serve({ app, hub: { close: () => {} } as Hub }, { host: '127.0.0.1', port: 0 })
  writeSync(1, `${port}\n`)
}
