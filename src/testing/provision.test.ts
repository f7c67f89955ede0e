import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { provision, requireTool } from './provision.ts'

const empty = mkdtempSync(join(tmpdir(), 'copilot-path-'))
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(empty, { recursive: true }))

test('a tool that is there is found', () => {
  expect(requireTool('Redis')).toMatch(/redis-server$/)
  expect(requireTool('PostgreSQL')).toMatch(/postgres$/)
})

test('a missing tool is an error with the command that installs it', () => {
  vi.stubEnv('PATH', empty)
  expect(() => requireTool('Redis')).toThrow(
    'Redis is missing. Install it with: sudo apt-get install --yes --no-install-recommends redis-server',
  )
})

test('what cannot be installed here is named in one command', () => {
  vi.stubEnv('PATH', empty)
  expect(() => provision()).toThrow(
    /^Chromium, Redis, Mono missing\. Install with: sudo apt-get update && sudo apt-get install .* chromium redis-server mono-mcs$/,
  )
})

test('what is missing is installed where that is allowed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-path-'))
  const script = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  // A stand-in for apt-get that "installs" by writing the programs it is asked for into PATH.
  script('apt-get', `[ "$1" = install ] && for name in chromium redis-server mcs; do : > ${folder}/$name; done; exit 0`)
  script('env', 'shift; exec "$@"')
  script('sudo', '[ "$1" = -n ] && shift; exec "$@"')
  script('true', 'exit 0')
  vi.stubEnv('PATH', folder)
  provision()
  expect(requireTool('Redis')).toBe(join(folder, 'redis-server'))
  rmSync(folder, { recursive: true })
})
