import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { backing } from '#src/testing/database.ts'
import { openEmbedded } from './embedded.ts'

const copyOfEmpty = async (): Promise<string> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-embedded-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  return join(dataDir, 'postgres')
}

test('a database thread that dies fails the query it was at and is replaced for the next; what it had answered stays', async () => {
  const folder = await copyOfEmpty()
  const lines: Duplex[] = []
  const socket = async (): Promise<Duplex> => {
    const line = await openEmbedded(folder)
    lines.push(line)
    return line
  }
  const options = { socket, max: 1, max_lifetime: null }
  const client = postgres(options)
  await client`create table kept (number int)`
  await client`insert into kept values (41)`
  const cut = client`select pg_sleep(60)`.execute()
  lines[0]?.destroy(new Error('the thread is gone'))
  await expect(cut).rejects.toThrow('the thread is gone')
  await client`insert into kept values (42)`
  expect([...(await client`select number from kept order by number`)]).toEqual([{ number: 41 }, { number: 42 }])
  expect(lines.length).toBe(2)
  await client.end()
  expect(lines.map(({ closed }) => closed)).toEqual([true, true])
  rmSync(folder, { recursive: true })
})

test('a folder that holds no database is refused', async () => {
  const folder = await copyOfEmpty()
  writeFileSync(join(folder, 'PG_VERSION'), 'none')
  await expect(openEmbedded(folder)).rejects.toThrow()
  rmSync(folder, { recursive: true })
})
