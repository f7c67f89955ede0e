import type { AccountKind } from '#src/domain/trading/account.ts'

/** What kind of account it is: a word in a color of its own. */
export const KindTag = ({ kind }: { kind: AccountKind }) => (
  <span class="tag" data-kind={kind}>
    {kind}
  </span>
)
