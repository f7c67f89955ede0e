type Nulls<T> = { [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]> }
type Others<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] }

/** The row without its NULL columns: what the database calls NULL, the domain leaves out. */
export const present = <T extends object>(row: T): Nulls<T> & Others<T> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Nulls<T> & Others<T>
