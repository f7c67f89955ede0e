import { z } from 'zod'
import type { Refusal } from './refusal.ts'

/** A count, an id or an epoch ms as an address writes it: digits and nothing else, so that an empty text is no zero. */
export const wholeNumber = (reason: Refusal) =>
  z
    .string(reason)
    .regex(/^\d{1,15}$/, reason)
    .transform(Number)
