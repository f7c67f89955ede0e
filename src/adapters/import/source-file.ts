import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** A gzip file is known by its first two bytes, whatever it is called. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** What goes wrong on the way reaches whoever reads the end of it. */
const ignore = (): void => {}

const openText = async (path: string): Promise<Readable> =>
  (await isGzip(path)) ? pipeline(createReadStream(path), createGunzip(), ignore) : createReadStream(path)

/** The first line of a text file, gzipped or not, trimmed (which takes a byte order mark too); rejects when the file cannot be read. */
export const firstLineOf = async (path: string): Promise<string> => {
  let text = ''
  for await (const chunk of await openText(path)) {
    text += chunk
    if (text.includes('\n')) break
  }
  return (text.split('\n')[0] ?? '').trim()
}

type Row = { readonly line: number; readonly cells: readonly string[] }

/** Streams a text file's rows with the line each ends on, from 1; rejects when the file cannot be read to its end. */
export async function* rowsOf(path: string, delimiter: string): AsyncGenerator<Row> {
  const rows = parse({ delimiter, bom: true, info: true, relax_column_count: true, relax_quotes: true, trim: true })
  for await (const { info, record } of pipeline(await openText(path), rows, ignore))
    yield { line: info.lines, cells: record }
}
