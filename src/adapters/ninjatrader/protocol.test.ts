import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { IssuedCommand } from '#src/domain/trading/platform-event.ts'
import { projectFolder } from '#src/testing/folders.ts'
import { legacyWire } from './legacy.ts'
import { canonicalCommand, signCall, signCommand } from './signature.ts'
import { toPlatformEvent } from './to-domain.ts'
import { answerWire, batchWire, commandsWire, errorWire, eventWire } from './wire.ts'

const folder = join(projectFolder, 'ninjatrader/protocol')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'))

/** What the protocol publishes, by the name of its file and of its example. */
const published = {
  batch: batchWire,
  answer: answerWire,
  commands: commandsWire,
  error: errorWire,
  'positions-update': legacyWire,
} as const satisfies Record<string, z.ZodType>

describe.each(Object.entries(published))('%s', (name, wire) => {
  // WRITE_SCHEMAS=1 npx vitest run src/adapters/ninjatrader/protocol.test.ts && npx biome check --write ninjatrader
  test('is published as the co-pilot reads it', () => {
    const schema = z.toJSONSchema(wire)
    if (process.env['WRITE_SCHEMAS'] === '1')
      writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`)
    expect(readJson(`${name}.schema.json`)).toEqual(JSON.parse(JSON.stringify(schema)))
  })

  test('has an example that the schema and the co-pilot take', () => {
    const example = readJson(`examples/${name}.json`)
    const validate = new Ajv2020().compile(readJson(`${name}.schema.json`) as object)
    expect([validate(example), validate.errors]).toEqual([true, null])
    expect(wire.parse(example)).toEqual(example)
  })

  test('is refused by schema and co-pilot alike when a field is too many', () => {
    const example = { ...(readJson(`examples/${name}.json`) as object), mood: 'fine' }
    expect(new Ajv2020().validate(readJson(`${name}.schema.json`) as object, example)).toBe(false)
    expect(wire.safeParse(example).success).toBe(false)
  })
})

test('every schema has its example and the other way round', () => {
  const schemas = readdirSync(folder).filter((file) => file.endsWith('.schema.json'))
  expect(schemas.sort()).toEqual(
    Object.keys(published)
      .map((name) => `${name}.schema.json`)
      .sort(),
  )
  const examples = [...Object.keys(published), 'signatures'].map((name) => `${name}.json`)
  expect(readdirSync(join(folder, 'examples')).sort()).toEqual(examples.sort())
})

test('the example batch has every kind of event, and the co-pilot takes each', () => {
  const batch = batchWire.parse(readJson('examples/batch.json'))
  expect(batch.events.map(({ kind }) => kind).sort()).toEqual(
    eventWire.options.map(({ shape }) => shape.kind.value).sort(),
  )
  for (const event of batch.events)
    expect(toPlatformEvent(event, { receivedAt: batch.sentAt, simulator: false })).toMatchObject({ ok: true })
})

test('the example commands have every kind, signed with the token of the example signatures', () => {
  const { commands } = commandsWire.parse(readJson('examples/commands.json'))
  const { token } = readJson('examples/signatures.json') as { token: string }
  expect(commands.map(({ kind }) => kind)).toEqual([
    'ping',
    'cancelAll',
    'flattenAccount',
    'flattenAll',
    'placeBracket',
    'changeStop',
    'lockout',
  ])
  for (const { signature, ...command } of commands) expect(signCommand(token, command as IssuedCommand)).toBe(signature)
})

test('the example signatures are ours', () => {
  const { token, calls, commands } = readJson('examples/signatures.json') as {
    token: string
    calls: { timestamp: string; body: string; signature: string }[]
    commands: { command: IssuedCommand; canonical: string; signature: string }[]
  }
  expect([calls.length, commands.length]).toEqual([3, 2])
  for (const { timestamp, body, signature } of calls) expect(signCall(token, timestamp, body)).toBe(signature)
  for (const { command, canonical, signature } of commands)
    expect([canonicalCommand(command), signCommand(token, command)]).toEqual([canonical, signature])
})
