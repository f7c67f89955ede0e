import { minuteMs } from '../market/bar.ts'
import type { Evidence } from './evidence.ts'

/** Evidence and the price (points) whose loss ends it: a close below it where it speaks for long. */
export type Finding = { readonly evidence: Evidence; readonly loses: number }

const countsMs = 60 * minuteMs

/** A finding that counts for an hour from `at`, epoch ms. */
export const findingOf = ({ pattern, side, at, level, reasons }: Omit<Evidence, 'until'>, loses = level): Finding => ({
  evidence: { pattern, side, at, level, reasons, until: at + countsMs },
  loses,
})
