import { effectWords, refusalWords } from '../words.ts'

/** What became of the form that led back to this page: taken, and since when it holds; or refused, by which field. */
export type Outcome =
  | { readonly saved: string; readonly takesEffect?: string | undefined }
  | {
      readonly form: string
      readonly field: string
      readonly reason: string
      readonly line?: string | undefined
      /** What the form was sent with, so that nobody types it again. */
      readonly typed?: Readonly<Record<string, string>> | undefined
    }

const words = (outcome: Outcome): string => {
  if ('saved' in outcome) return `Saved: ${outcome.saved}. ${effectWords[outcome.takesEffect ?? ''] ?? ''}`.trim()
  const line = outcome.line === undefined ? '' : `, line ${outcome.line}`
  return `Not done. ${outcome.field}${line}: ${refusalWords(outcome.reason)}.`
}

/** What became of what was asked, in a line on top of the page. */
export const Notice = ({ outcome }: { outcome: Outcome | undefined }) =>
  outcome === undefined ? null : (
    <p class="notice" role="status" data-refused={'reason' in outcome ? '' : undefined}>
      {words(outcome)}
    </p>
  )
