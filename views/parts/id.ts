/** An element's id made of names that may hold anything: 'position-Sim101-MGC_20Z6'. */
export const elementId = (...names: readonly string[]): string =>
  names.map((name) => name.replace(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0).toString(16)}`)).join('-')
