/** How far two columns of numbers are apart: rows both know, the largest difference, and rows only one of them knows. */
export const distance = (
  ours: readonly number[],
  theirs: readonly number[],
): { readonly compared: number; readonly farthest: number; readonly onlyOne: number } => {
  let compared = 0
  let farthest = 0
  let onlyOne = Math.abs(ours.length - theirs.length)
  theirs.slice(0, ours.length).forEach((their, i) => {
    const our = ours[i] as number
    if (Number.isNaN(their) !== Number.isNaN(our)) onlyOne++
    if (Number.isNaN(their) || Number.isNaN(our)) return
    compared++
    farthest = Math.max(farthest, Math.abs(their - our))
  })
  return { compared, farthest, onlyOne }
}
