import fc from 'fast-check'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What may be left out: all else that is taken away must be missed. */
const optional: readonly string[] = [
  ...['provider', 'currency', 'marketDataAt', 'cash', 'realized', 'unrealized', 'netLiquidation', 'bid', 'ask'],
  ...['averagePrice', 'limitPrice', 'stopPrice', 'oco', 'reason', 'commission'],
  ...['unrealizedPnL', 'lastUpdate', 'timestamp'],
]
/** A snapshot's positions must say their average; an order need not. */
const isOptional = (path: readonly string[]): boolean =>
  optional.includes(path.at(-1) ?? '') && !(path.includes('positions') && path.at(-1) === 'averagePrice')

type Place = { readonly path: readonly string[]; readonly value: Json }

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place of a document, the whole first. */
const placesOf = (value: Json, path: readonly string[] = []): readonly Place[] => [
  { path, value },
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesOf(inner as Json, [...path, key]))
    : []),
]

/** The document with another value at a place; undefined takes it away. */
const replaced = (document: Json, [key, ...rest]: readonly string[], value: Json | undefined): Json => {
  if (key === undefined) return value ?? null
  const inner = (document as { readonly [key: string]: Json })[key] ?? null
  const next = rest.length === 0 ? value : replaced(inner, rest, value)
  if (Array.isArray(document)) return document.map((each, i) => (String(i) === key ? (next ?? null) : each))
  const { [key]: _, ...others } = document as { readonly [key: string]: Json }
  return next === undefined ? others : { ...others, [key]: next }
}

const wrong: readonly Json[] = [null, true, 'x\u0000y', '\ud800', -1.5, 1e300, '__proto__', [[]], { a: { b: 1 } }]
const kindOf = (value: Json): string => (Array.isArray(value) ? 'array' : typeof value)

/** One way to spoil a document so that no reader may take it. */
export const spoilt = (document: Json): fc.Arbitrary<string | Uint8Array> => {
  const places = placesOf(document)
  const text = JSON.stringify(document)
  const required = places.filter(({ path }) => path.length > 0 && !isOptional(path) && !/^\d+$/.test(path.at(-1) ?? ''))
  const objects = places.filter(({ value }) => isObject(value))
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...places), fc.constantFrom(...wrong))
      .filter(([{ value }, other]) => kindOf(value) !== kindOf(other))
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, other))),
    fc
      .tuple(
        fc.constantFrom(...places.filter(({ value }) => typeof value === 'string')),
        fc.constantFrom('a\u0000', '\udfff', 'y'.repeat(2_000)),
      )
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, other))),
    fc
      .tuple(
        fc.constantFrom(...places.filter(({ value }) => typeof value === 'number')),
        fc.constantFrom('1e999', '-1e308', '"7"', '0x10'),
      )
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, '@')).replace('"@"', other)),
    fc.constantFrom(...required).map(({ path }) => JSON.stringify(replaced(document, path, undefined))),
    fc
      .tuple(fc.constantFrom(...objects), fc.constantFrom('mood', '__proto__x', 'constructor', 'кот', '\u0000'))
      .map(([{ path }, key]) => JSON.stringify(replaced(document, [...path, key], 1))),
    fc.nat(text.length - 1).map((end) => text.slice(0, end)),
    fc.tuple(fc.nat(text.length - 1), fc.constantFrom(0xff, 0xc0, 0x80, 0x00)).map(([at, byte]) => {
      const bytes = new TextEncoder().encode(text)
      bytes[at] = byte
      return bytes
    }),
    fc.constantFrom(
      '',
      'null',
      '7',
      '"text"',
      '[]',
      '{}',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '{"v":1,"v":2}',
    ),
  )
}

/** Whether a refusal names its field as one, whatever was sent. */
export const isNamed = (field: string): boolean => /^[\w.?-]{1,64}$|^X-CoPilot-[A-Za-z]+$/.test(field)
