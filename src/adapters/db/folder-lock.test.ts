import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copilot-lock-'))
  path = join(folder, 'postgres.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the lock names its owner, refuses a second, and is gone when released', () => {
  const release = lockFolder(path)
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  expect(() => lockFolder(path)).toThrow(`in use by process ${process.pid}.`)
  release()
  release()
  expect(readdirSync(folder)).toEqual([])
  lockFolder(path)()
})

test('a living process keeps its lock', () => {
  const birth = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')[20]
  writeFileSync(path, `${process.ppid} ${birth}\n`)
  expect(() => lockFolder(path)).toThrow(`in use by process ${process.ppid}.`)
  expect(readdirSync(folder)).toEqual(['postgres.lock'])
})

test.each([
  ['a dead process', () => `${spawnSync('true').pid} 1\n`],
  ['a process whose pid now belongs to another', () => `${process.ppid} 1\n`],
  ['an earlier life of this very pid', () => `${process.pid} 1\n`],
  ['nobody, because a disk was full', () => ''],
])('the lock of %s is taken over', (_, content) => {
  writeFileSync(path, content())
  const release = lockFolder(path)
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  release()
  expect(readdirSync(folder)).toEqual([])
})
