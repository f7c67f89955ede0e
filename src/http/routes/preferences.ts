import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { defaultPreferences, type Preferences, palettes, themes } from '#views/preferences.ts'
import { type Env, type Refusal, refuseInput } from '../refusal.ts'

const yearSeconds = 365 * 24 * 3600
const theme = z.enum(themes, 'unknown-theme' satisfies Refusal)
const palette = z.enum(palettes, 'unknown-palette' satisfies Refusal)
const choice = z.strictObject({ theme, palette }, 'unknown-field' satisfies Refusal)

/** How this browser wants the screen; a cookie nobody here wrote counts as none. */
export const preferencesOf = (c: Context<Env>): Preferences => ({
  theme: theme.catch(defaultPreferences.theme).parse(getCookie(c, 'theme')),
  palette: palette.catch(defaultPreferences.palette).parse(getCookie(c, 'palette')),
})

/** `POST /preferences` with `theme` and `palette`: kept by the browser, not by the product. */
export const preferences = () =>
  new Hono<Env>().post('/preferences', async (c) => {
    const chosen = choice.safeParse(await c.req.parseBody())
    if (!chosen.success) return refuseInput(c, chosen.error)
    for (const [name, value] of Object.entries(chosen.data))
      setCookie(c, name, value, { path: '/', maxAge: yearSeconds, httpOnly: true, sameSite: 'Lax' })
    return c.redirect('/', 303)
  })
