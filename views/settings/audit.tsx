import { formatMoment } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'

/** A decision as the log keeps it, in words; `at` is machine time. */
export type AuditLine = {
  readonly number: number
  readonly at: number
  readonly who: string
  readonly kind: string
  readonly words: string
}

/** What was decided last and by whom. The log is only ever added to, and each line seals the one before. */
export const Audit = ({ lines }: { lines: readonly AuditLine[] }) => (
  <Box id="audit" title="Decided last" aside="only ever added to; each line seals the one before">
    {lines.length > 0 ? (
      <div class="scroll-x">
        <table class="sheet audit">
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ number, at, who, kind, words }) => (
              <tr>
                <th scope="row">{number}</th>
                <td>{formatMoment(at)}</td>
                <td>{who}</td>
                <td>
                  <b>{kind}</b> {words}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    ) : (
      <Empty what="Nothing was decided yet." next="Changes of limits and rules, locks and commands are written here." />
    )}
  </Box>
)
