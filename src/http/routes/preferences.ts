import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { defaultPreferences, type Preferences, palettes, themes } from '#src/domain/preferences.ts'
import { whoAsks } from '../form.ts'
import { type Env, type Refusal, refuseInput } from '../refusal.ts'

const yearSeconds = 365 * 24 * 3600
const theme = z.enum(themes, 'unknown-theme' satisfies Refusal)
const palette = z.enum(palettes, 'unknown-palette' satisfies Refusal)
const choice = z.strictObject({ theme, palette }, 'unknown-field' satisfies Refusal)

export type PreferencesDeps = {
  /** What the trader chose last, on whatever device. */
  readonly preferences: () => Preferences
  readonly savePreferences: (wanted: Preferences, who: string) => Promise<void>
}

/** How this browser wants the screen, else how the trader last wanted it; a cookie nobody here wrote counts as none. */
export const preferencesOf = (c: Context<Env>): Preferences => {
  const kept = c.get('preferences') ?? defaultPreferences
  return {
    theme: theme.catch(kept.theme).parse(getCookie(c, 'theme')),
    palette: palette.catch(kept.palette).parse(getCookie(c, 'palette')),
  }
}

/** `POST /preferences` with `theme` and `palette`: a setting like any other, and this browser's own from now on. */
export const preferences = ({ savePreferences }: Pick<PreferencesDeps, 'savePreferences'>) =>
  new Hono<Env>().post('/preferences', async (c) => {
    const chosen = choice.safeParse(await c.req.parseBody())
    if (!chosen.success) return refuseInput(c, chosen.error)
    await savePreferences(chosen.data, whoAsks(c))
    for (const [name, value] of Object.entries(chosen.data))
      setCookie(c, name, value, { path: '/', maxAge: yearSeconds, httpOnly: true, sameSite: 'Lax' })
    return c.redirect('/', 303)
  })
