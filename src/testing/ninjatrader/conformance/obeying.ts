import { expect } from 'vitest'
import { type Case, mnq } from './scene.ts'

const ping = { kind: 'ping', account: '' } as const
const flatten = { kind: 'flattenAccount', account: 'Sim101' } as const
const farBid = {
  account: 'Sim101',
  instrument: mnq,
  side: 'buy',
  quantity: 1,
  type: 'limit',
  limitPrice: 19_900,
} as const

/** How commands come, which are believed, and that each is done once, ever. */
export const obeying: readonly Case[] = [
  [
    'a ping is answered: received, then done',
    async ({ start, obey, statesOf }) => {
      await start()
      expect(await obey(ping)).toBe('done')
      expect(statesOf('c-1')[0]).toBe('received')
      expect(statesOf('c-1').at(-1)).toBe('done')
    },
  ],
  [
    'the bridge asks for commands above the highest it has executed, one call at a time',
    async ({ start, obey, copilot, until }) => {
      await start()
      expect(copilot.polls[0]?.after).toBe(0)
      await obey(ping)
      await obey(ping)
      await until('the next poll', () => copilot.polls.at(-1)?.after === 2)
    },
  ],
  [
    'an empty answer is followed by the next call',
    async ({ start, copilot, until, obey }) => {
      await start()
      await until('a poll', () => copilot.polls.length > 0)
      const before = copilot.polls.length
      copilot.endPoll()
      await until('the next', () => copilot.polls.length > before)
      expect(await obey(ping)).toBe('done')
    },
  ],
  [
    'commands of one answer are all done',
    async ({ start, copilot, endOf }) => {
      await start()
      const commands = [copilot.sign(ping), copilot.sign(ping), copilot.sign(ping)]
      copilot.give(...commands)
      for (const { id } of commands) expect(await endOf(id)).toBe('done')
    },
  ],
  [
    'commands come while nothing else can be told',
    async ({ start, copilot, obey }) => {
      await start()
      copilot.answerNext(500, 500)
      expect(await obey(ping)).toBe('done')
    },
  ],
  [
    'a command with a wrong signature fails and is not done',
    async ({ start, hold, copilot, endOf, held, obey }) => {
      await start({ auto: 'market' })
      await hold('buy', 1)
      const command = { ...copilot.sign(flatten), signature: '0'.repeat(64) }
      copilot.giveAgain(command)
      expect(await endOf(command.id)).toBe('failed signature-wrong')
      expect(await obey(ping)).toBe('done')
      expect(await held()).toBe(1)
    },
  ],
  [
    'a command that was changed after it was signed fails and is not done',
    async ({ start, hold, copilot, endOf, held, obey }) => {
      await start({ auto: 'market' })
      await hold('buy', 1, 'Eval50')
      const command = { ...copilot.sign(flatten), account: 'Eval50' }
      copilot.giveAgain(command)
      expect(await endOf(command.id)).toBe('failed signature-wrong')
      expect(await obey(ping)).toBe('done')
      expect(await held('Eval50')).toBe(1)
    },
  ],
  [
    'a forged number does not hide the commands that follow',
    async ({ start, copilot, endOf, obey }) => {
      await start()
      const forged = { ...copilot.sign(ping, { id: 'forged', number: 1_000_000 }), signature: 'f'.repeat(64) }
      copilot.giveAgain(forged)
      expect(await endOf('forged')).toBe('failed signature-wrong')
      expect(await obey(ping, { number: 7 })).toBe('done')
    },
  ],
  [
    'a command that came too late fails and is not done',
    async ({ start, hold, held, obey }) => {
      await start({ auto: 'market' })
      await hold('buy', 1)
      const times = { issuedAt: Date.now() - 20_000, expiresAt: Date.now() - 10_000 }
      expect(await obey(flatten, times)).toBe('failed expired')
      expect(await held()).toBe(1)
    },
  ],
  [
    'a command is in time by the co-pilot’s clock, though this machine’s is ahead',
    async ({ start, copilot, obey }) => {
      copilot.skew(-20_000)
      await start()
      expect(await obey(ping)).toBe('done')
    },
  ],
  [
    'a command is too late by the co-pilot’s clock, though this machine’s is behind',
    async ({ start, copilot, obey }) => {
      copilot.skew(20_000)
      await start()
      const now = Date.now() + 20_000
      expect(await obey(ping, { issuedAt: now - 15_000, expiresAt: now - 5_000 })).toBe('failed expired')
    },
  ],
  [
    'a command that comes twice is done once',
    async ({ start, bracket, copilot, endOf, look, obey, until }) => {
      await start()
      const command = copilot.sign(bracket())
      copilot.give(command)
      expect(await endOf(command.id)).toBe('done')
      copilot.giveAgain(command)
      await until('the poll after it', () => copilot.polls.length >= 3)
      await obey(ping)
      expect((await look()).submitted).toBe(1)
    },
  ],
  [
    'a command that comes twice in one answer is done once',
    async ({ start, bracket, copilot, endOf, look, obey }) => {
      await start()
      const command = copilot.sign(bracket())
      copilot.giveAgain(command, command)
      expect(await endOf(command.id)).toBe('done')
      await obey(ping)
      expect((await look()).submitted).toBe(1)
    },
  ],
  [
    'a number that was executed under another id is not done again',
    async ({ start, bracket, copilot, obey, look }) => {
      await start()
      expect(await obey(bracket())).toBe('done')
      copilot.giveAgain(copilot.sign(bracket(), { id: 'other', number: 1 }))
      await obey(ping)
      expect((await look()).submitted).toBe(1)
    },
  ],
  [
    'after a restart the hello and the polls go on from the highest command executed',
    async ({ start, control, obey, events, copilot }) => {
      await start()
      await obey(ping)
      await obey(ping)
      await control({ do: 'stop' })
      const before = copilot.polls.length
      await start()
      expect(events('hello').at(-1)?.commandsAfter).toBe(2)
      expect(copilot.polls[before]?.after ?? 2).toBe(2)
    },
  ],
  [
    'a command that was done before a restart is not done again',
    async ({ start, control, bracket, copilot, endOf, look, obey }) => {
      await start()
      const command = copilot.sign(bracket())
      copilot.give(command)
      await endOf(command.id)
      const { submitted } = await look()
      await control({ do: 'stop' })
      await start()
      copilot.giveAgain(command)
      await obey(ping)
      expect((await look()).submitted).toBe(submitted)
    },
  ],
  [
    'a command the platform died over is not done again, and is answered as failed',
    async ({ start, kill, hold, copilot, statesOf, endOf, until, look, obey }) => {
      await start()
      await hold('buy', 1)
      const command = copilot.sign(flatten)
      copilot.give(command)
      await until('its beginning', () => statesOf(command.id).includes('working'))
      await kill()
      await start()
      copilot.giveAgain(command)
      expect(await endOf(command.id)).toBe('failed exception')
      await obey(ping)
      expect((await look()).submitted).toBe(0)
    },
  ],
  [
    'a command of an unknown kind fails',
    async ({ start, obey }) => {
      await start()
      expect(await obey({ kind: 'reverseAll', account: '' })).toBe('failed unknown-kind')
      expect(await obey(ping)).toBe('done')
    },
  ],
  [
    'a command for an account the platform does not have fails',
    async ({ start, obey }) => {
      await start({ accounts: ['Sim101', 'Nobody'] })
      expect(await obey({ ...flatten, account: 'Nobody' })).toBe('failed unknown-account')
    },
  ],
  [
    'an order for an instrument the platform does not have is refused',
    async ({ start, obey, bracket, look }) => {
      await start()
      expect(await obey(bracket({ instrument: 'NOPE 12-26' }))).toBe('failed unknown-instrument')
      expect((await look()).submitted).toBe(0)
    },
  ],
  [
    'no order is sent while order sending is off',
    async ({ start, obey, bracket, look }) => {
      await start({ allowOrders: false })
      expect(await obey(bracket())).toBe('failed not-allowed')
      expect((await look()).submitted).toBe(0)
    },
  ],
  [
    'no order is sent for an account that is not on the list',
    async ({ start, obey, bracket, look }) => {
      await start({ accounts: ['Eval50'] })
      expect(await obey(bracket())).toBe('failed not-allowed')
      expect((await look()).submitted).toBe(0)
    },
  ],
  [
    'getting out is allowed while order sending is off',
    async ({ start, control, hold, rest, obey, held, look }) => {
      await start({ auto: 'market', allowOrders: false })
      await control({ do: 'price', instrument: mnq, last: 20_000 })
      await hold('buy', 2)
      await rest(farBid)
      expect(await obey({ kind: 'cancelAll', account: 'Sim101' })).toBe('done')
      expect(await obey(flatten)).toBe('done')
      expect(await held()).toBe(0)
      expect((await look()).working).toEqual([])
    },
  ],
  [
    'getting out works for an account that is not on the list',
    async ({ start, control, hold, rest, obey, held, look }) => {
      await start({ auto: 'market', accounts: ['Eval50'] })
      await control({ do: 'price', instrument: mnq, last: 20_000 })
      await hold('buy', 2)
      await rest(farBid)
      expect(await obey({ kind: 'cancelAll', account: 'Sim101' })).toBe('done')
      expect((await look()).working).toEqual([])
      expect(await obey(flatten)).toBe('done')
      expect(await held()).toBe(0)
    },
  ],
  [
    'a command that was not signed is answered once, however often it comes',
    async ({ start, copilot, endOf, obey, statesOf }) => {
      await start()
      const command = { ...copilot.sign(flatten), signature: '0'.repeat(64) }
      copilot.giveAgain(command, command)
      await endOf(command.id)
      copilot.giveAgain(command)
      expect(await obey(ping)).toBe('done')
      expect(statesOf(command.id)).toEqual(['failed signature-wrong'])
    },
  ],
  [
    'the co-pilot cannot speak for its watchdog',
    async ({ start, copilot, obey, statesOf }) => {
      await start()
      copilot.giveAgain(copilot.sign(ping, { id: 'w-9', number: 9 }))
      expect(await obey(ping, { number: 4 })).toBe('done')
      expect(statesOf('w-9')).toEqual([])
    },
  ],
  [
    'a lock refuses every new order until its time',
    async ({ start, obey, bracket, look }) => {
      await start()
      expect(await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() + 60_000 })).toBe('done')
      expect(await obey(bracket())).toBe('failed locked-out')
      expect((await look()).submitted).toBe(0)
    },
  ],
  [
    'a lock holds for every account, and a stop may still be moved toward profit',
    async ({ start, hold, rest, obey, bracket }) => {
      await start()
      await hold('buy', 1)
      const stop = { account: 'Sim101', instrument: mnq, side: 'sell', quantity: 1, type: 'stop-market' } as const
      const orderId = await rest({ ...stop, stopPrice: 19_990 })
      expect(await obey({ kind: 'lockout', account: 'Eval50', until: Date.now() + 60_000 })).toBe('done')
      expect(await obey(bracket())).toBe('failed locked-out')
      expect(await obey({ kind: 'changeStop', account: 'Sim101', orderId, stopPrice: 19_995 })).toBe('done')
    },
  ],
  [
    'a lock is never made shorter',
    async ({ start, obey, bracket }) => {
      await start()
      await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() + 60_000 })
      await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() - 1_000 })
      expect(await obey(bracket())).toBe('failed locked-out')
    },
  ],
  [
    'a lock survives a restart',
    async ({ start, kill, obey, bracket }) => {
      await start()
      expect(await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() + 60_000 })).toBe('done')
      await kill()
      await start()
      expect(await obey(bracket())).toBe('failed locked-out')
    },
  ],
  [
    'a lock that is over refuses nothing',
    async ({ start, obey, bracket }) => {
      await start()
      await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() - 1_000 })
      expect(await obey(bracket())).toBe('done')
    },
  ],
  [
    'a lock works while order sending is off, and getting out works while locked',
    async ({ start, control, hold, obey, held }) => {
      await start({ auto: 'market', allowOrders: false })
      await control({ do: 'price', instrument: mnq, last: 20_000 })
      await hold('sell', 1)
      expect(await obey({ kind: 'lockout', account: 'Sim101', until: Date.now() + 60_000 })).toBe('done')
      expect(await obey(flatten)).toBe('done')
      expect(await held()).toBe(0)
    },
  ],
]
