export const themes = ['auto', 'dark', 'light'] as const
export type Theme = (typeof themes)[number]

/** How long and short are colored: the first word is the rising color. */
export const palettes = ['green-red', 'blue-orange', 'red-up'] as const
export type Palette = (typeof palettes)[number]

/** How the screen is drawn. */
export type Preferences = { readonly theme: Theme; readonly palette: Palette }

export const defaultPreferences: Preferences = { theme: 'dark', palette: 'green-red' }
