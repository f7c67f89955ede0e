/** A stream of chance wholly fixed by its keys. */
export type Stream = {
  /** A 32-bit word. */
  readonly word: () => number
  /** Uniform in (0, 1). */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
}

/** MurmurHash3's finalizer: every bit of the key reaches every bit of the result. */
const mix = (key: number): number => {
  let h = key
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const absorb = (keys: readonly number[], salt: number): number => {
  let h = salt
  for (const key of keys) h = mix(h ^ Math.imul(key | 0, 0x9e3779b1)) + 0x6d2b79f5
  return mix(h)
}

/**
 * Starts the stream of these keys (32-bit integers), so that any place of the market is generated without the places
 * before it. The generator is sfc32 of PractRand, whose twelve rounds after seeding are its author's.
 */
export const createStream = (...keys: readonly number[]): Stream => {
  let a = absorb(keys, 1)
  let b = absorb(keys, 2)
  let c = absorb(keys, 3)
  let d = 1
  let spare: number | undefined

  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const uniform = (): number => (word() + 0.5) / 2 ** 32

  /** Box and Muller's pairs. */
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  for (let round = 0; round < 12; round++) word()
  return { word, uniform, normal }
}
