/** How far a live number may be trusted by its age. */
export type Freshness = 'fresh' | 'late' | 'stale'

/** Fresh to 2 s, late to 5 s, stale beyond; an age in ms. */
export const freshnessOf = (ageMs: number): Freshness => (ageMs > 5_000 ? 'stale' : ageMs > 2_000 ? 'late' : 'fresh')

const two = (value: number): string => String(value).padStart(2, '0')

/** A duration in ms in its largest units: 'now', '4 s', '12 min', '2 h 05', '3 d'. A negative one is 'now'. */
export const ageText = (ageMs: number): string => {
  const seconds = Math.floor(Math.max(ageMs, 0) / 1000)
  if (seconds < 1) return 'now'
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))}`
  return `${Math.floor(seconds / 86_400)} d`
}

/** Time left in ms as a countdown: '18:53', '2:18:53', '3 d 4 h'; never below '0:00'. */
export const countdown = (leftMs: number): string => {
  const seconds = Math.ceil(Math.max(leftMs, 0) / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
