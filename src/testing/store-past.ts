import { pino } from 'pino'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { readConfig } from '#src/config.ts'
import { openMarket } from '#src/market-source.ts'
import { migrationsFolder } from './folders.ts'

/** Run as a program: does to the database in a folder what a first start does, which makes the past of the market and keeps it. */
const [, , dataDir = ''] = process.argv
const database = await connectDatabase({ dataDir, migrationsFolder })
const source = await openMarket(database, readConfig(), pino({ level: 'silent' }))
await source.settle()
await database.close()
