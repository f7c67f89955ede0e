import { Box, Empty } from '../parts/box.tsx'
import type { Oob } from '../parts/oob.ts'

/** What NinjaTrader holds. */
export const Positions = ({ oob }: Oob) => (
  <Box id="positions" title="Positions" oob={oob}>
    <Empty
      what="Positions are not known: NinjaTrader is not connected."
      next="Read them in NinjaTrader. Entering, stopping and leaving a trade happen there too."
    />
  </Box>
)
