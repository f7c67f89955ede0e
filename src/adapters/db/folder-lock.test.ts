import { spawnSync } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
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

test('the lock names its owner, refuses a second, and is gone when released', async () => {
  const release = await lockFolder(path)
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  await expect(lockFolder(path)).rejects.toThrow(`in use by process ${process.pid}.`)
  release()
  release()
  expect(readdirSync(folder)).toEqual([])
  ;(await lockFolder(path))()
})

test('a living process keeps its lock, in a file of the older format too', async () => {
  const birth = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')[20]
  writeFileSync(path, `${process.ppid} ${birth}\n`)
  await expect(lockFolder(path)).rejects.toThrow(`in use by process ${process.ppid}.`)
  expect(readdirSync(folder)).toEqual(['postgres.lock'])
})

test.each([
  ['a dead process', () => `${spawnSync('true').pid} 1\n`],
  ['a process whose pid now belongs to another', () => `${process.ppid} 1\n`],
  ['an earlier life of this very pid', () => `${process.pid} 1\n`],
  ['nobody, because a disk was full', () => ''],
])('the lock of %s is taken over', async (_, content) => {
  writeFileSync(path, content())
  const release = await lockFolder(path)
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  release()
  expect(readdirSync(folder)).toEqual([])
})

/** Another container's lock, last renewed `age` ms ago; this container has a process of that number too. */
const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const lockElsewhere = (age: number, bootId = boot): void => {
  writeFileSync(path, `${process.ppid} 1 pid:[7] ${bootId} f00d\n`)
  renewed(age)
}
const renewed = (age: number): void => utimesSync(path, new Date(), new Date(Date.now() - age))

test.each([
  ['in another container', boot],
  ['on another machine', 'another-boot'],
])('an owner %s keeps its lock as long as it renews it', async (place, bootId) => {
  lockElsewhere(1_000, bootId)
  const renewing = setTimeout(() => renewed(0), 200)
  await expect(lockFolder(path)).rejects.toThrow(`in use by process ${process.ppid} ${place} (f00d). Stop it first`)
  clearTimeout(renewing)
  expect(readdirSync(folder)).toEqual(['postgres.lock'])
})

test('the lock of an owner in another container that was killed is taken over when it is 15 s old, and that is said', async () => {
  lockElsewhere(14_200)
  const before = writtenAt()
  const said: unknown[] = []
  const release = await lockFolder(path, { info: (...words: unknown[]) => void said.push(words) })
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  expect(writtenAt()).toBeGreaterThan(before)
  expect(said).toEqual([
    [{ lock: path }, expect.stringContaining(`held by process ${process.ppid} in another container (f00d); waiting`)],
  ])
  release()
  expect(readdirSync(folder)).toEqual([])
})

test('an owner that goes while it is waited for leaves its lock at once', async () => {
  lockElsewhere(0)
  const going = setTimeout(() => rmSync(path), 100)
  ;(await lockFolder(path))()
  clearTimeout(going)
  expect(readdirSync(folder)).toEqual([])
})

test('a lock names where its owner is, and is renewed every other second', async () => {
  const release = await lockFolder(path)
  expect(readFileSync(path, 'utf8')).toBe(
    `${process.pid} ${readFileSync('/proc/self/stat', 'utf8').replace(/^.*\)/s, '').split(' ')[20]} ${readlinkSync('/proc/self/ns/pid')} ${boot} ${hostname()}\n`,
  )
  renewed(60_000)
  await expect.poll(writtenAt, { timeout: 10_000 }).toBeGreaterThan(Date.now() - 10_000)
  release()
})

const writtenAt = (): number => statSync(path).mtimeMs
