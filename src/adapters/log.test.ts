import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { projectFolder } from '#src/testing/folders.ts'

/** What a program whose log is `log` writes to standard output. */
const written = (format: 'json' | 'pretty', program: string): readonly string[] => {
  const whole = `
    import { createLog } from './src/adapters/log.ts'
    const log = createLog({ level: 'info', format: '${format}' })
    ${program}`
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', whole], {
    cwd: projectFolder,
    encoding: 'utf8',
  })
  return stdout.trim().split('\n')
}

test('lines are JSON with a time, from the level asked for upward, and hold no secret', () => {
  const lines = written(
    'json',
    `
    log.debug('too quiet')
    log.info({ apiKey: 'hunter2', databaseUrl: 'hunter2', port: 3000 }, 'first')
    log.warn({ config: { bridgeToken: 'hunter2', redisUrl: 'hunter2' }, req: { headers: { authorization: 'hunter2', cookie: 'hunter2' } } }, 'second')
    log.error({ user: { password: 'hunter2', token: 'hunter2' } }, 'third')`,
  ).map((line) => JSON.parse(line) as Record<string, unknown>)
  const secret = '[secret]'
  expect(lines).toEqual([
    { level: 30, time: expect.any(Number), apiKey: secret, databaseUrl: secret, port: 3000, msg: 'first' },
    {
      level: 40,
      time: expect.any(Number),
      config: { bridgeToken: secret, redisUrl: secret },
      req: { headers: { authorization: secret, cookie: secret } },
      msg: 'second',
    },
    { level: 50, time: expect.any(Number), user: { password: secret, token: secret }, msg: 'third' },
  ])
})

test('an error is told with its cause, and without all that could not be stored', () => {
  const [line = ''] = written(
    'json',
    `
    const values = Array.from({ length: 50_000 }, (_, i) => i)
    const cause = Object.assign(new Error('disk full'), { code: '53100' })
    log.error({ err: Object.assign(new Error('Failed query: ' + values, { cause }), { params: values }) }, 'Not stored')`,
  )
  expect(line.length).toBeLessThan(10_000)
  expect(JSON.parse(line)).toMatchObject({
    msg: 'Not stored',
    err: {
      type: 'Error',
      message: expect.stringMatching(/^Failed query: 0,1,2,.*…$/),
      stack: expect.stringContaining('Failed query'),
      cause: { type: 'Error', message: 'disk full', code: '53100', stack: expect.stringContaining('disk full') },
    },
  })
})

test('lines for people are no JSON', () => {
  const lines = written('pretty', "log.info({ apiKey: 'hunter2' }, 'The terminal is at http://127.0.0.1:3000')")
  expect(lines[0]).toContain('The terminal is at http://127.0.0.1:3000')
  expect(lines.join()).not.toMatch(/^\{|hunter2/)
})
