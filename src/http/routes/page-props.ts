import type { Context } from 'hono'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bus } from '#src/engine/ports.ts'
import type { PageProps } from '#views/layout.tsx'
import type { Outcome } from '#views/parts/notice.tsx'
import type { Env } from '../refusal.ts'
import { preferencesOf } from './preferences.ts'
import { type Assets, assetUrl } from './public.ts'

export type PageDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly instruments: readonly InstrumentId[]
  readonly assets: Assets
}

const isName = (text: string | undefined): text is string => /^[\w .:/-]{1,64}$/.test(text ?? '')

/** What the address says became of a form; anything that is no name is not repeated on a page. */
const outcomeOf = (c: Context<Env>): Outcome | undefined => {
  const { saved, takesEffect, form, field, reason, line, draft } = c.req.query()
  if (isName(saved)) return { saved, takesEffect }
  return isName(form) && isName(field) && isName(reason)
    ? { form, field, reason, line: isName(line) ? line : undefined, typed: c.get('drafts')?.of(draft) }
    : undefined
}

/** What every page is made from, for one request. */
export const pagePropsOf = (c: Context<Env>, { bus, instruments, assets }: PageDeps): PageProps => ({
  picture: bus.picture(),
  instruments,
  preferences: preferencesOf(c),
  asset: (file) => assetUrl(assets, file),
  outcome: outcomeOf(c),
})
