import { type Checklist, grades, type Quality } from './focus-card.ts'

/** A+ where every known component is ticked, one grade less for each that is not, D at the least. */
export const checklistOf = ({ components }: Pick<Quality, 'components'>): Checklist => {
  const ticked = components.filter(({ points, max }) => points >= max / 2).length
  const missing = components.length - ticked
  return { grade: grades[Math.min(missing, grades.length - 1)] ?? 'D', ticked, of: components.length }
}
