import { parseArgs } from 'node:util'
import { parseInstrumentId } from '#src/domain/instruments/contract-spec.ts'
import { type InstrumentId, instrumentIds } from '#src/domain/instruments/instrument.ts'
import { formats, stamps, type Told } from './layout.ts'
import { isZone } from './local-time.ts'

type ImportRequest = { readonly instrument: InstrumentId; readonly file: string; readonly told: Told }
type ArgumentRefusal = { readonly ok: false; readonly argument: string; readonly sentence: string }

const text = { type: 'string' } as const
const options = {
  instrument: text,
  file: text,
  format: text,
  stamp: text,
  zone: text,
  columns: text,
  contract: text,
}

const oneOf = <Word extends string>(words: readonly Word[], given: string | undefined): Word | undefined =>
  words.find((word) => word === given)

const contractOf = (given: string | undefined): number | 'front' | undefined =>
  given === 'front' ? 'front' : given !== undefined && /^\d{4}(0[1-9]|1[0-2])$/.test(given) ? Number(given) : undefined

/** Reads the import's command line; refuses with the argument that is missing, unknown or wrong. */
export const readArguments = (
  given: readonly string[],
): { readonly ok: true; readonly request: ImportRequest } | ArgumentRefusal => {
  const refuse = (argument: string, sentence: string): ArgumentRefusal => ({ ok: false, argument, sentence })
  let values: Partial<Record<keyof typeof options, string>>
  try {
    values = parseArgs({ args: [...given], options, strict: true }).values
  } catch (error) {
    const { message } = error as Error
    return refuse(/'(-[^ '=]*)/.exec(message)?.[1] ?? given[0] ?? '', message)
  }
  const instrument = parseInstrumentId(values.instrument ?? '')
  if (!instrument.ok) return refuse('--instrument', `must be one of ${instrumentIds.join(', ')}`)
  if (values.file === undefined) return refuse('--file', 'say which file to import')
  const format = oneOf(formats, values.format)
  if (format !== values.format) return refuse('--format', `must be one of ${formats.join(', ')}`)
  const stamp = oneOf(stamps, values.stamp)
  if (stamp !== values.stamp) return refuse('--stamp', 'must be start or end')
  if (values.zone !== undefined && !isZone(values.zone))
    return refuse('--zone', 'must be a zone such as America/New_York')
  const contract = contractOf(values.contract)
  if (contract === undefined && values.contract !== undefined)
    return refuse('--contract', 'must be a month as yyyymm, such as 201312, or front')
  const told = { format, stamp, zone: values.zone, columns: values.columns?.split(','), contract }
  return { ok: true, request: { instrument: instrument.value, file: values.file, told } }
}
