import type { AccountStanding } from '../picture.ts'

/** When everything must be flat, epoch ms; `account` is whose firm wants it, absent for the trader's own. */
export type FlatBy = { readonly at: number; readonly account?: string }

/** The trader's own flat-by and those of the watched accounts, the nearest first. */
export const flatBysOf = (own: number, accounts: readonly AccountStanding[]): readonly FlatBy[] =>
  [
    { at: own },
    ...accounts.flatMap(({ watched, alias, standing: { flatByAt } }) =>
      watched && flatByAt !== undefined ? [{ at: flatByAt, account: alias }] : [],
    ),
  ].toSorted((a, b) => a.at - b.at)

/** The one that comes next; once all have passed, the last. */
export const nextFlatBy = (all: readonly FlatBy[], now: number): FlatBy | undefined =>
  all.find(({ at }) => at > now) ?? all.at(-1)
