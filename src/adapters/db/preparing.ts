import type { Sql, TransactionSql } from 'postgres'
import { unlessLost } from './away.ts'

/** Statements of more characters, which write rows by the hundred, come in too many lengths to be kept. */
const longest = 2_000
/** With values of more characters, which are columns by the thousand, a plan made for any values is a bad one. */
const bulky = 4_000

const isWorthKeeping = (text: string, parameters: readonly unknown[] = []): boolean =>
  text.length < longest && !parameters.some((value) => typeof value === 'string' && value.length > bulky)

/**
 * Has the client parse and plan a statement once for each connection and know it by a name from then on. Drizzle leaves that
 * off, which costs every statement a second way to the server and back. Changes the client and returns it.
 */
export const preparing = <Client extends Sql | TransactionSql>(client: Client): Client => {
  const { unsafe } = client
  client.unsafe = (text, parameters, options) =>
    unsafe(text, parameters, { ...options, prepare: isWorthKeeping(text, parameters) })
  if ('begin' in client) {
    const { begin } = client
    const prepared = (work: (sql: TransactionSql) => unknown) => begin((sql) => unlessLost(work(preparing(sql))))
    client.begin = prepared as typeof begin
  }
  if ('savepoint' in client) {
    const { savepoint } = client
    const prepared = (work: (sql: TransactionSql) => unknown) => savepoint((sql) => unlessLost(work(preparing(sql))))
    client.savepoint = prepared as typeof savepoint
  }
  return client
}
