import type { Reporter, TestCase } from 'vitest/node'

/** Of a page compared whole a screen is enough. */
const mostCharacters = 4_000
const ownLines = 4

/** Tells why a test was tried once more: what passes in the end hides why it did not at first. */
export default class Retold implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    if (state !== 'passed' || (test.diagnostic()?.retryCount ?? 0) === 0) return
    const [{ message = 'no reason was kept', stack = message, diff = '' } = {}] = errors
    const told = [`Tried once more: ${test.fullName}`, diff, ...stack.split('\n    at ').slice(0, ownLines)]
    process.stdout.write(`\n${told.join('\n').slice(0, mostCharacters)}\n`)
  }
}
