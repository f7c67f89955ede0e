import { expect, test } from 'vitest'
import { isDatabaseAway, unlessLost } from './away.ts'

const failed = (code: string): Error =>
  new Error('Failed query: select 1', { cause: Object.assign(new Error('no'), { code }) })

test('a server that is gone, not there or not yet ready is away; a question it refuses is answered', () => {
  for (const code of ['ECONNREFUSED', 'CONNECTION_CLOSED', 'CONNECT_TIMEOUT', '57P01', '57P03'])
    expect([code, isDatabaseAway(failed(code))]).toEqual([code, true])
  for (const code of ['23505', '57014', 'ENOENT']) expect([code, isDatabaseAway(failed(code))]).toEqual([code, false])
  expect(isDatabaseAway('CONNECTION_CLOSED')).toBe(false)
})

test('the work of a transaction ends as it does, but never where its line was lost', async () => {
  expect(await unlessLost(Promise.resolve(7))).toBe(7)
  await expect(unlessLost(Promise.reject(failed('23505')))).rejects.toThrow('Failed query')
  const lost = unlessLost(Promise.reject(failed('CONNECTION_CLOSED')))
  expect(await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 20, 'still at it'))])).toBe(
    'still at it',
  )
})
