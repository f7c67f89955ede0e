import type { Db } from '#src/adapters/db/connect.ts'

type Health = 'well' | 'fails' | 'hangs'

const asks: readonly PropertyKey[] = ['select', 'transaction', 'execute', 'insert']

/** A database for tests that does what it should, fails whatever is asked of it, or never answers. */
export const createFragileDb = (real: Db): { readonly db: Db; readonly make: (next: Health) => void } => {
  let health: Health = 'well'
  const broken = (): unknown => {
    if (health === 'fails') throw new Error('the database is away')
    const never: unknown = new Proxy(() => never, { get: (_, name) => (name === 'then' ? () => {} : never) })
    return never
  }
  const db = new Proxy(real, {
    get: (target, name) => (health === 'well' || !asks.includes(name) ? Reflect.get(target, name, target) : broken),
  })
  return {
    db,
    make: (next) => {
      health = next
    },
  }
}
