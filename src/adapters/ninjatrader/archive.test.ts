import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, onTestFinished, test, vi } from 'vitest'
import { projectFolder } from '#src/testing/folders.ts'
import { bridgeArchive } from './archive.ts'

const sources = join(projectFolder, 'ninjatrader')

test('the archive holds the sources byte for byte, flat, Info.xml first', () => {
  const files = unzipSync(bridgeArchive(sources))
  expect(Object.keys(files)).toEqual(['Info.xml', 'CoPilotBridge.cs', 'FKSCore.cs', 'FKSVolume.cs', 'README.md'])
  for (const [name, bytes] of Object.entries(files))
    expect([name, Buffer.from(bytes).equals(readFileSync(join(sources, name)))]).toEqual([name, true])
})

test('the same sources make the same archive in another year', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ now: Date.UTC(2031, 4, 5) })
  const later = Buffer.from(bridgeArchive(sources))
  vi.setSystemTime(Date.UTC(2026, 10, 20))
  expect(later.equals(bridgeArchive(sources))).toBe(true)
})

test('a missing source is no archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(() => bridgeArchive(folder)).toThrow('Info.xml')
})
