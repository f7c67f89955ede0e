import { expect, test } from 'vitest'
import { tallyOf } from './prove.ts'

const report = { success: true, numPassedTests: 3, numFailedTests: 0, testResults: [] }
const file = (status: string, tests: number) => ({ status, assertionResults: Array(tests).fill({}) })

test.each([
  ['every test passed', report, { passed: 3, failed: 0 }],
  ['a test failed', { ...report, success: false, numFailedTests: 2 }, { passed: 3, failed: 2 }],
  [
    'a file could not be read',
    { ...report, success: false, testResults: [file('failed', 0), file('passed', 3)] },
    { passed: 3, failed: 1 },
  ],
  ['an error fell outside every test', { ...report, success: false }, { passed: 3, failed: 1 }],
  ['no test ran', { ...report, numPassedTests: 0 }, { passed: 0, failed: 1 }],
])('%s', (_, given, expected) => {
  expect(tallyOf(given)).toEqual(expected)
})
