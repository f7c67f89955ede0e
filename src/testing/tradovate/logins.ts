import { randomUUID } from 'node:crypto'

/** Someone's leave to speak; the two tokens belong together. */
export type Login = {
  readonly access: string
  readonly marketData: string
  expiresAt: number
  readonly openedAt: number
}

/** What the login counter can be made to do. */
export type LoginFault = 'wrong-password' | 'penalty' | 'captcha' | 'locked'

type Answer = Readonly<Record<string, unknown>>

const userId = 15_460

/**
 * Keeps the sessions of one account: two at a time, a third closes the oldest. Failures are answers like any other, as
 * the vendor has it.
 */
export const createLogins = ({
  password,
  secret,
  tokenMs,
  penaltySeconds,
  wall,
  isOn,
  onClosed,
}: {
  readonly password: string
  readonly secret: string
  readonly tokenMs: number
  readonly penaltySeconds: number
  readonly wall: () => number
  readonly isOn: (fault: LoginFault) => boolean
  readonly onClosed: (login: Login) => void
}) => {
  let logins: Login[] = []
  let ticket: { readonly text: string; readonly from: number } | undefined
  let serial = 0

  const answerOf = (login: Login): Answer => ({
    accessToken: login.access,
    mdAccessToken: login.marketData,
    expirationTime: new Date(login.expiresAt).toISOString(),
    passwordExpirationTime: '2030-01-01T00:00:00.000Z',
    userStatus: 'Active',
    userId,
    name: 'trader',
    hasLive: true,
  })

  const open = (): Answer => {
    const login = {
      access: `access-${++serial}-${randomUUID()}`,
      marketData: `market-${serial}-${randomUUID()}`,
      expiresAt: wall() + tokenMs,
      openedAt: wall(),
    }
    logins.push(login)
    const oldest = logins.length > 2 ? logins.shift() : undefined
    if (oldest !== undefined) onClosed(oldest)
    return answerOf(login)
  }

  const holdUp = (captcha: boolean): Answer => {
    ticket = { text: randomUUID(), from: wall() + penaltySeconds * 1_000 }
    return { 'p-ticket': ticket.text, 'p-time': penaltySeconds, 'p-captcha': captcha }
  }

  return {
    userId,
    open: (body: Answer): Answer => {
      if (isOn('captcha')) return holdUp(true)
      if (isOn('penalty')) {
        const isServed = ticket !== undefined && body['p-ticket'] === ticket.text && wall() >= ticket.from
        if (!isServed) return holdUp(false)
      }
      if (isOn('wrong-password') || body['password'] !== password || body['sec'] !== secret)
        return { errorText: `Incorrect username or password. Please try again. (${body['password']})` }
      if (isOn('locked')) return { userStatus: 'TemporaryLocked', userId, name: 'trader' }
      return open()
    },
    renew: (login: Login): Answer => {
      login.expiresAt = wall() + tokenMs
      return answerOf(login)
    },
    /** The session a token belongs to, unless it is over. */
    find: (token: string): Login | undefined =>
      logins.find(
        ({ access, marketData, expiresAt }) => (access === token || marketData === token) && wall() < expiresAt,
      ),
    expireAll: (): void => {
      logins = []
    },
  }
}
