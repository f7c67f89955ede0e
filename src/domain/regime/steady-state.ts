type Row = readonly [number, number, number]

/** Three rows of three: from the row's state to the column's. */
export type Chain = readonly [Row, Row, Row]

/**
 * Where a chain of three states settles whatever it began with, shares summing to 1: each state weighs the sum over all
 * trees of transitions that lead to it (Markov chain tree theorem; Leighton & Rivest 1986). NaN where it may settle in
 * more than one place.
 */
export const steadyState = ([[, ab, ac], [ba, , bc], [ca, cb]]: Chain): Row => {
  const a = ba * ca + ba * cb + ca * bc
  const b = ab * cb + ab * ca + cb * ac
  const c = ac * bc + ac * ba + bc * ab
  const sum = a + b + c
  return [a / sum, b / sum, c / sum]
}
