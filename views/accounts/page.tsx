import type { FirmPreset } from '#src/domain/risk/firm-rules.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { Heading } from '../parts/heading.tsx'
import { type EditedAccount, Editor } from './editor.tsx'
import { AccountTable } from './table.tsx'

export type AccountsPageProps = PageProps & {
  /** As kept; those of the table that are not here yet cannot be edited. */
  readonly accounts: readonly EditedAccount[]
  readonly presets: readonly FirmPreset[]
  /** A plan looked at and not saved. */
  readonly draft?: { readonly account: string; readonly preset: string } | undefined
}

/** Every account against its rules, and the rules themselves. */
export const AccountsPage = ({ accounts, presets, draft, picture, ...props }: AccountsPageProps) => (
  <Layout {...props} picture={picture} page="accounts">
    <Heading name="Accounts" />
    <AccountTable account={picture.account} wall={picture.clock?.wall} odds={picture.odds} />
    {accounts.length > 0 && <h2>Rules</h2>}
    {accounts.map((edited) => (
      <Editor
        {...edited}
        presets={presets}
        draft={draft?.account === edited.account.name ? presets.find(({ id }) => id === draft.preset) : undefined}
        outcome={props.outcome}
      />
    ))}
  </Layout>
)
