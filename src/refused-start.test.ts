import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { refusedStart } from './refused-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'copilot-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const caught = (deed: () => unknown): unknown => {
  try {
    deed()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

test('a folder that is a file, and one inside a file, name DATA_DIR', () => {
  const file = join(folder, 'taken')
  writeFileSync(file, '')
  expect(refusedStart(caught(() => mkdirSync(file, { recursive: true })))).toBe(
    `DATA_DIR: ${file} is a file, not a folder`,
  )
  expect(refusedStart(caught(() => mkdirSync(join(file, 'within'), { recursive: true })))).toBe(
    `DATA_DIR: ${join(file, 'within')} is inside a file, not a folder`,
  )
})

test('a port that is taken names PORT', async () => {
  const first = createServer()
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve))
  const { port } = first.address() as { port: number }
  const error = await new Promise((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'))
  expect(refusedStart(error)).toBe(`PORT: ${port} is taken by another program; stop it, or set another PORT`)
  await new Promise((resolve) => first.close(resolve))
})

test('wrong settings speak for themselves, and what nobody foresaw comes with its stack', () => {
  expect(refusedStart(caught(() => readConfig({ PORT: 'http' })))).toContain('PORT: must be a port number, 0 to 65535')
  expect(refusedStart(new Error('odd'))).toMatch(/^Error: odd\n {4}at /)
})
