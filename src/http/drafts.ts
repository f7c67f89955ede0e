import { randomUUID } from 'node:crypto'
import type { Fields } from './form.ts'

/** As many as a trader corrects at a time; what is older is typed again. */
const kept = 16

/** What was typed into forms that were refused, until their pages have shown it again. */
export type Drafts = {
  /** Keeps the fields and returns the name they are asked for by. */
  readonly keep: (fields: Fields) => string
  readonly of: (draft: string | undefined) => Fields | undefined
}

/** Creates an empty memory of drafts: a restart forgets them, and a page then shows what is stored. */
export const createDrafts = (): Drafts => {
  const drafts = new Map<string, Fields>()
  return {
    keep: (fields) => {
      const draft = randomUUID()
      drafts.set(draft, fields)
      for (const oldest of [...drafts.keys()].slice(0, -kept)) drafts.delete(oldest)
      return draft
    },
    of: (draft = '') => drafts.get(draft),
  }
}
