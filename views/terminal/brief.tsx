import { unknown } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { Row } from '../parts/row.tsx'

/** The three lines of the brief. */
export const Brief = () => (
  <Box id="brief" title="Brief" aside="none written">
    <dl>
      <Row label="STATUS">{unknown}</Row>
      <Row label="KEY LEVELS">{unknown}</Row>
      <Row label="DO NOW">{unknown}</Row>
    </dl>
    <p class="empty">No brief is written yet. The plan and the gate stand on their own: read those.</p>
  </Box>
)
