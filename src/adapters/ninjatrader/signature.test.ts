import { describe, expect, test } from 'vitest'
import type { IssuedCommand } from '#src/domain/trading/platform-event.ts'
import { type Call, canonicalCommand, complaintOfCall, signCall, signCommand } from './signature.ts'

const token = 'a-token-of-some-length'
const now = 1_795_266_147_522
const timed = { number: 13, id: 'c-13', issuedAt: now, expiresAt: now + 10_000 } as const

test('a call is signed as any other tool would sign it', () => {
  // printf '%s' '1795266147522.{"v":1}' | openssl dgst -sha256 -hmac a-token-of-some-length
  expect(signCall(token, String(now), '{"v":1}')).toBe(
    '8bdb1130a0ce3cca6bade9207bc87a3ce39fc04a71bfcbdfab5d6dc0df8599db',
  )
  expect(signCall(token, String(now), new TextEncoder().encode('{"v":1}'))).toBe(
    '8bdb1130a0ce3cca6bade9207bc87a3ce39fc04a71bfcbdfab5d6dc0df8599db',
  )
})

describe('a command', () => {
  test.each<[IssuedCommand, string]>([
    [{ ...timed, kind: 'ping', account: '' }, 'c-13|13|ping||1795266147522|1795266157522|'],
    [
      { ...timed, kind: 'flattenAccount', account: 'Sim101' },
      'c-13|13|flattenAccount|Sim101|1795266147522|1795266157522|',
    ],
    [
      {
        ...timed,
        kind: 'placeBracket',
        account: 'Sim101',
        instrument: 'MNQ 12-26',
        side: 'buy',
        quantity: 2,
        entry: 'limit',
        limit: 20110.25,
        stop: 20090,
        target1: 20130.5,
        target2: 0,
        tag: 'card-7',
      },
      'c-13|13|placeBracket|Sim101|1795266147522|1795266157522|MNQ 12-26|buy|2|limit|20110.25|20090|20130.5|0|card-7',
    ],
    [
      { ...timed, kind: 'changeStop', account: 'Sim101', orderId: 'o-2', stopPrice: 4123.4 },
      'c-13|13|changeStop|Sim101|1795266147522|1795266157522|o-2|4123.4',
    ],
    [
      { ...timed, kind: 'lockout', account: 'Sim101', until: now + 60_000 },
      'c-13|13|lockout|Sim101|1795266147522|1795266157522|1795266207522',
    ],
  ])('is signed over %j', (command, canonical) => {
    expect(canonicalCommand(command)).toBe(canonical)
  })

  test('carries the signature of that text', () => {
    // printf '%s' 'c-13|13|ping||1795266147522|1795266157522|' | openssl dgst -sha256 -hmac a-token-of-some-length
    expect(signCommand(token, { ...timed, kind: 'ping', account: '' })).toBe(
      'f8f664a32b3e412a011ff128d7b026bf4b57f3989af67e1c95b1818c2154915c',
    )
  })
})

describe('a call', () => {
  const path = '/api/bridge/v1/commands?after=12&wait=25'
  const call: Call = {
    authorization: `Bearer ${token}`,
    bridge: 'pc-1',
    timestamp: String(now),
    signature: signCall(token, String(now), path),
    body: path,
  }
  const complaint = (more: Partial<Call>, at = now) => complaintOfCall(token, { ...call, ...more }, at)

  test('of a bridge passes within 30 s of our clock', () => {
    for (const at of [now, now + 30_000, now - 30_000]) expect(complaint({}, at)).toBeUndefined()
    const skewed = { field: 'X-CoPilot-Timestamp', reason: 'clock-skew' }
    for (const at of [now + 30_001, now - 30_001]) expect(complaint({}, at)).toEqual(skewed)
  })

  test.each<[string, Partial<Call>, string, string]>([
    ['no token', { authorization: undefined }, 'Authorization', 'token-missing'],
    ['another token', { authorization: `Bearer ${token}x` }, 'Authorization', 'token-wrong'],
    ['no name', { bridge: undefined }, 'X-CoPilot-Bridge', 'bridge-missing'],
    ['a name with a blank', { bridge: 'pc 1' }, 'X-CoPilot-Bridge', 'bridge-missing'],
    ['no timestamp', { timestamp: undefined }, 'X-CoPilot-Timestamp', 'timestamp-missing'],
    ['a timestamp in words', { timestamp: '2026-11-20' }, 'X-CoPilot-Timestamp', 'timestamp-missing'],
    ['no signature', { signature: undefined }, 'X-CoPilot-Signature', 'signature-missing'],
    ['the signature of something else', { body: `${path}0` }, 'X-CoPilot-Signature', 'signature-wrong'],
    ['the signature of another time', { timestamp: String(now + 1) }, 'X-CoPilot-Signature', 'signature-wrong'],
    [
      'a signature in capitals',
      { signature: (call.signature ?? '').toUpperCase() },
      'X-CoPilot-Signature',
      'signature-wrong',
    ],
  ])('with %s is refused', (_, more, field, reason) => {
    expect(complaint(more)).toEqual({ field, reason })
  })

  test('never passes without a token to know it by', () => {
    const signature = signCall('', String(now), path)
    expect(complaintOfCall('', { ...call, authorization: 'Bearer ', signature }, now)?.reason).toBe('token-missing')
    expect(complaintOfCall('', { ...call, signature }, now)?.reason).toBe('token-wrong')
  })
})
