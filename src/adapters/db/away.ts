/** How the driver, the machine and PostgreSQL say that a line which was open is no longer. */
const lostCodes = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE', '57P01', '57P02']
/** And that none can be opened. */
const refusedCodes = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
  '57P03',
]

const hasCode = (error: unknown, codes: readonly unknown[]): boolean =>
  error instanceof Error && (codes.includes((error as { code?: unknown }).code) || hasCode(error.cause, codes))

/** Whether a query failed because its database is away; what the query asked has nothing to do with it. */
export const isDatabaseAway = (error: unknown): boolean => hasCode(error, [...lostCodes, ...refusedCodes])

/**
 * The work of a transaction; one whose line was lost never ends. The driver rejects the transaction when the line closes, but
 * work that failed before would have it write a rollback to a socket that is gone, and the whole process would end of that.
 */
export const unlessLost = async (work: unknown): Promise<unknown> => {
  try {
    return await work
  } catch (error) {
    if (!hasCode(error, lostCodes)) throw error
    return new Promise(() => {})
  }
}
