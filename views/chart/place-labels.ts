/** Words that belong to a height of the pane, pixels from its top; of an overfull pane the first are kept. */
export type Label = { readonly words: string; readonly at: number; readonly color: string }

/** Labels that stand in one row at `at`, each of whose `ties` leads to where one of them belongs. */
export type LabelRow = {
  readonly parts: readonly Pick<Label, 'words' | 'color'>[]
  readonly ties: readonly number[]
  readonly at: number
}

/** Closer than this two labels mean one place, and stand in one row where there is room for both. */
const together = 4

const widthOf = (row: readonly Label[]): number => row.reduce((sum, { words }) => sum + words.length + 3, 0)

/** Labels from top to bottom, those of one place together as long as a row is no wider than `mostWords` letters. */
const gather = (labels: readonly Label[], mostWords: number): readonly (readonly Label[])[] => {
  const rows: Label[][] = []
  for (const label of labels.toSorted((a, b) => a.at - b.at)) {
    const row = rows.at(-1)
    const isNear = row?.[0] !== undefined && label.at - row[0].at < together
    if (isNear && row.some(({ words }) => words === label.words)) continue
    if (isNear && widthOf([...row, label]) <= mostWords) row.push(label)
    else rows.push([label])
  }
  return rows
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

/** Ascending heights nearest to the wanted ones, by least squares: those out of order share their mean. */
const inOrder = (wanted: readonly number[]): readonly number[] => {
  const pools: number[][] = []
  for (const each of wanted) {
    let pool = [each]
    while (meanOf(pools.at(-1) ?? [Number.NEGATIVE_INFINITY]) > meanOf(pool)) pool = [...(pools.pop() ?? []), ...pool]
    pools.push(pool)
  }
  return pools.flatMap((pool) => pool.map(() => meanOf(pool)))
}

/**
 * Places labels in rows of `lineHeight` pixels that neither touch nor leave a pane of `height` pixels, as near to where they
 * belong as can be. What belongs above or beneath the pane is not placed.
 */
export const placeLabels = (
  labels: readonly Label[],
  height: number,
  lineHeight: number,
  mostWords: number,
): readonly LabelRow[] => {
  const seen = labels.filter(({ at }) => at > 0 && at < height).slice(0, Math.floor(height / lineHeight))
  const rows = gather(seen, mostWords)
  const heights = inOrder(rows.map((row, i) => meanOf(row.map(({ at }) => at)) - i * lineHeight))
  const lowest = height - lineHeight * (rows.length - 0.5)
  return rows.map((parts, i) => ({
    parts,
    ties: parts.map(({ at }) => at),
    at: Math.min(Math.max(heights[i] as number, lineHeight / 2), lowest) + i * lineHeight,
  }))
}
