import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const program = fileURLToPath(new URL('./import.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'copilot-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...given: readonly string[]) => {
  const environment = { ...process.env, DATA_DIR: folder, DATABASE_URL: '' }
  const ended = spawnSync(process.execPath, ['--import', 'tsx', program, ...given], {
    env: environment,
    encoding: 'utf8',
  })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

test('a wrong argument ends with code 1 and a sentence that names it', () => {
  expect(run('--instrument', 'MGC', '--file', join(folder, 'absent.csv'))).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^--file: ENOENT/),
  })
})

test('a file is imported into the embedded database, and again without a change', () => {
  const file = join(folder, 'gold.csv')
  writeFileSync(file, 'time,open,high,low,close,volume\n2013-10-07T13:30:00Z,1313.7,1313.9,1313.1,1313.4,5\n')
  const given = ['--instrument', 'MGC', '--file', file, '--stamp', 'start', '--contract', '201312']
  expect(run(...given)).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 row stored, 0 rows unchanged'),
    err: '',
  })
  expect(run(...given)).toMatchObject({ code: 0, out: expect.stringContaining('0 rows stored, 1 row unchanged') })
}, 60_000)

test('a file of which nothing can be stored ends with code 1 and says why', () => {
  const file = join(folder, 'local.csv')
  writeFileSync(file, 'time,open,high,low,close,volume\n2013-10-07 09:30,1313.7,1313.9,1313.1,1313.4,5\n')
  const ended = run('--instrument', 'MGC', '--file', file, '--stamp', 'start', '--contract', '201312')
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('say it with --zone') })
}, 60_000)
