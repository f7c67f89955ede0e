/** The rows of a raw statement: one driver answers with the list itself, the other with an object that holds it. */
export const rowsOf = <T>(result: unknown): readonly T[] =>
  Array.isArray(result) ? result : (result as { readonly rows: readonly T[] }).rows
