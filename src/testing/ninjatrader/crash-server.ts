import { writeSync } from 'node:fs'
import { machineTime } from '#src/adapters/clock.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import type { Hub } from '#src/http/live.ts'
import { serve } from '#src/http/serve.ts'
import { migrationsFolder } from '../folders.ts'
import { createBridgeApp } from './bridge-app.ts'

export const crashServer = 'src/testing/ninjatrader/crash-server.ts'

/**
 * Run as a program: the co-pilot's side of the bridge on a port of its own, which it prints. At the `fatal`th batch that
 * the engine is `told` of, or that is `stored`, it dies at once, before its answer; 0 is never.
 */
const [, program, moment, fatal, databaseUrl, dataDir = ''] = process.argv
if (program === import.meta.filename) {
  const { db } = await connectDatabase({ databaseUrl: databaseUrl || undefined, dataDir, migrationsFolder })
  const dieAt = (its: string): (() => void) => {
    let count = 0
    return () => {
      count++
      if (moment === its && count === Number(fatal)) process.kill(process.pid, 'SIGKILL')
    }
  }
  const { app } = createBridgeApp({ db, wall: machineTime, tell: dieAt('told'), stored: dieAt('stored') })
  const { port } = await serve({ app, hub: { close: () => {} } as Hub }, { host: '127.0.0.1', port: 0 })
  writeSync(1, `${port}\n`)
}
