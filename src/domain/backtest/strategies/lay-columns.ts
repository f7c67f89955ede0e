import type { Column } from '../history.ts'
import type { Prepared } from '../strategy.ts'

/** Lists that grew while a history was read, as columns of the same names. */
export const layColumns = <Name extends string>(
  lists: Readonly<Record<Name, readonly number[]>>,
  kind: typeof Float64Array | typeof Int32Array,
  column: Column,
): Prepared => {
  const laid: Record<string, Float64Array | Int32Array> = {}
  for (const [name, list] of Object.entries<readonly number[]>(lists)) {
    const values = column<Float64Array | Int32Array>(kind, list.length)
    values.set(list)
    laid[name] = values
  }
  return laid
}
