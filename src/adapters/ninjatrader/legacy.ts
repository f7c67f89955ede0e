import { z } from 'zod'
import { contractMonth, parseContractName } from '#src/domain/instruments/contract-code.ts'
import type { HeldPosition, Snapshot } from '#src/domain/trading/platform-event.ts'
import { contractCount, dollarAmount, line, pointPrice, readJson } from './wire.ts'

const instant = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)))

/** What the older bridge posts: live positions of one account, and nothing else. */
export const legacyWire = z.strictObject({
  account: line(64).min(1),
  positions: z
    .array(
      z.strictObject({
        symbol: line(40).min(1),
        side: z.enum(['Long', 'Short']),
        quantity: contractCount,
        avgPrice: pointPrice,
        unrealizedPnL: z.exactOptional(dollarAmount),
        lastUpdate: z.exactOptional(instant),
      }),
    )
    .max(500),
  timestamp: z.exactOptional(instant),
})

/** Reads what the older bridge posts; the years of its contracts are those closest to `receivedAt`, epoch ms. */
export const readLegacy = (
  body: Uint8Array,
  receivedAt: number,
): { readonly ok: true; readonly value: Snapshot } | Extract<ReturnType<typeof readJson>, { readonly ok: false }> => {
  const read = readJson(legacyWire, body)
  if (!read.ok) return read
  const year = new Date(receivedAt).getUTCFullYear()
  const positions: HeldPosition[] = []
  const foreign: Snapshot['foreign'][number][] = []
  for (const { symbol, side, quantity, avgPrice } of read.value.positions) {
    const signed = side === 'Long' ? quantity : -quantity
    const contract = parseContractName(symbol, year)
    if (!contract.ok) foreign.push({ name: symbol, quantity: signed })
    else
      positions.push({
        instrument: contract.value.id,
        contract: contractMonth(contract.value),
        quantity: signed,
        averagePrice: avgPrice,
      })
  }
  return { ok: true, value: { account: read.value.account, positions, orders: [], foreign } }
}
