/** A finite number, or text that is one; anything else is undefined. */
export const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Epoch ms of an ISO instant; undefined when it is none. */
export const instantOf = (value: unknown): number | undefined =>
  typeof value === 'string' ? numberOf(Date.parse(value)) : undefined
