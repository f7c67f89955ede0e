import { expect, test } from 'vitest'
import { readArguments } from './read-arguments.ts'

const words = (line: string): readonly string[] => line.split(' ').filter((word) => word !== '')

test('a whole command line is read', () => {
  const line =
    '--instrument MGC --file a.csv --format generic --stamp end --zone America/New_York --columns time,open --contract 201312'
  expect(readArguments(words(line))).toEqual({
    ok: true,
    request: {
      instrument: 'MGC',
      file: 'a.csv',
      told: {
        format: 'generic',
        stamp: 'end',
        zone: 'America/New_York',
        columns: ['time', 'open'],
        contract: 201312,
      },
    },
  })
})

test('a continuous file is imported into the front contract of each day', () => {
  expect(readArguments(words('--instrument MGC --file a.csv --contract front'))).toMatchObject({
    request: { told: { contract: 'front' } },
  })
})

test.each([
  ['', '--instrument'],
  ['--instrument EURUSD --file a.csv', '--instrument'],
  ['--instrument MGC', '--file'],
  ['--instrument MGC --file a.csv --format xml', '--format'],
  ['--instrument MGC --file a.csv --stamp middle', '--stamp'],
  ['--instrument MGC --file a.csv --zone Mars/Olympus', '--zone'],
  ['--instrument MGC --file a.csv --contract 201313', '--contract'],
  ['--instrument MGC --file a.csv --market real', '--market'],
  ['--instrument MGC --file', '--file'],
  ['MGC a.csv', 'MGC'],
])('"%s" is refused, naming %s', (line, argument) => {
  expect(readArguments(words(line))).toMatchObject({ ok: false, argument })
})
