/** Set on a fragment that is sent alone, to take the place of the one on the page. */
export type Oob = { readonly oob?: boolean | undefined }

/** The value of `hx-swap-oob` for a fragment. */
export const swapOf = (oob: boolean | undefined): 'morph' | undefined => (oob ? 'morph' : undefined)
