import type { Account } from './account.ts'

/** An account as it is on a trade date (yyyy-mm-dd): once the date of its leaving has come, it is watched no more. */
export const accountOn = ({ unwatchedFrom, ...account }: Account, tradeDate: string): Account => {
  if (unwatchedFrom === undefined) return account
  return tradeDate < unwatchedFrom ? { ...account, unwatchedFrom } : { ...account, watched: false }
}

/**
 * What becomes of an account saved as wanted: one that is watched now and wanted unwatched leaves the watch with the
 * `following` trade date, at once only while it is idle — nothing held, nothing traded on this one. A leaving that waits keeps
 * its date.
 */
export const leaveWatch = (now: Account | undefined, wanted: Account, following: string, isIdle: boolean): Account => {
  if (wanted.watched || !now?.watched) return wanted
  if (isIdle && now.unwatchedFrom === undefined) return wanted
  return { ...wanted, watched: true, unwatchedFrom: now.unwatchedFrom ?? following }
}
