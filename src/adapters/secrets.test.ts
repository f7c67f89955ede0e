import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { projectFolder } from '#src/testing/folders.ts'
import { keepSecret } from './secrets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copilot-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a secret is made once, told, and kept for its owner alone', () => {
  const dataDir = join(folder, 'new', 'data')
  const path = join(dataDir, 'api-key')
  const made = keepSecret(dataDir, 'api-key')
  expect(made).toEqual({ value: expect.stringMatching(/^[\w-]{43}$/), path, made: true })
  expect(modeOf(path)).toBe(0o600)
  expect(modeOf(dataDir)).toBe(0o700)
  expect(readFileSync(path, 'utf8')).toBe(`${made.value}\n`)
  expect(keepSecret(dataDir, 'api-key')).toEqual({ value: made.value, path, made: false })
  expect(readdirSync(dataDir)).toEqual(['api-key'])
})

test('each name has a secret of its own', () => {
  expect(keepSecret(folder, 'api-key').value).not.toBe(keepSecret(folder, 'bridge-token').value)
})

test('a file others could read is closed to them', () => {
  const path = join(folder, 'api-key')
  writeFileSync(path, '  chosen by the trader\n')
  chmodSync(path, 0o644)
  expect(keepSecret(folder, 'api-key').value).toBe('chosen by the trader')
  expect(modeOf(path)).toBe(0o600)
})

test.each(['', '\n', 'fifteen letters\n'])('a file that holds %j is refused and left alone', (text) => {
  const path = join(folder, 'api-key')
  writeFileSync(path, text)
  expect(() => keepSecret(folder, 'api-key')).toThrow(`${path} holds no usable secret: delete it and start again`)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('a folder that cannot be written to is an error, not an unkept secret', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => keepSecret(join(folder, 'file'), 'api-key')).toThrow('EEXIST')
})

test('processes that start at once agree on one secret', async () => {
  const ready = mkdtempSync(join(folder, 'ready-'))
  const dataDir = join(folder, 'data')
  const ask = `
    import { readdirSync, writeFileSync } from 'node:fs'
    import { keepSecret } from './src/adapters/secrets.ts'
    const [, ready, dataDir] = process.argv
    writeFileSync(ready + '/' + process.pid, '')
    while (readdirSync(ready).length < 2) {}
    process.stdout.write(JSON.stringify(Array.from({ length: 50 }, (_, i) => keepSecret(dataDir, String(i)))))`
  const given = ['--import', 'tsx', '--input-type=module', '--eval', ask, ready, dataDir]
  const answers = await Promise.all(
    [1, 2].map(async () => {
      const { stdout } = await promisify(execFile)(process.execPath, given, { cwd: projectFolder })
      return JSON.parse(stdout) as ReturnType<typeof keepSecret>[]
    }),
  )
  const [first = [], second = []] = answers
  expect(first.map(({ value }) => value)).toEqual(second.map(({ value }) => value))
  expect(first.map(({ made }, i) => made !== second[i]?.made)).toEqual(Array(50).fill(true))
  expect(readdirSync(dataDir)).toHaveLength(50)
})
