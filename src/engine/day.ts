import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Phase, PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { PlanReading } from '#src/domain/picture.ts'
import type { SizeTerms } from '#src/domain/risk/sizing.ts'
import { type Card, type CardPlace, drawCard, keepPlanned, toPlannedCard } from '#src/domain/signals/card.ts'
import { isFinished, isRunning, zoneDistance } from '#src/domain/signals/card-life.ts'
import type { Side } from '#src/domain/signals/focus-card.ts'
import { type Judgement, keepsBias } from '#src/domain/signals/judgement.ts'
import { parameters as p } from '#src/domain/signals/parameters.ts'
import type { NewAlert, PlannedCard, PlanVersion } from '#src/domain/signals/transition.ts'
import type { Desk } from './desk.ts'
import {
  addVersion,
  bestOf,
  emptyPlan,
  keepVersion,
  noTradeReason,
  type Plan,
  rankMarkets,
  type Standing,
} from './plan.ts'
import { drawnLine, planAlert } from './wording.ts'

type DayOptions = {
  readonly desks: readonly Desk[]
  readonly boundaries: PhaseBoundaries
  /** What sizes in a market are reckoned by, as the trader's settings stand. */
  readonly sizedBy: (instrument: InstrumentId) => SizeTerms
  readonly hash: (text: string) => string
  readonly onPlan: (version: PlanVersion) => void
  readonly raise: (alert: NewAlert) => void
}

const liveCard = ({ card }: Desk): Card | undefined =>
  card !== undefined && !isFinished(card.life.state) ? card : undefined

/** The side a new card may be drawn on; undefined when neither qualifies. */
const drawableSide = (judgement: Judgement | undefined): Side | undefined =>
  judgement === undefined || judgement.bias === 'neutral' || judgement.excluded ? undefined : judgement.bias

const mayDraw = ({ card }: Desk, at: number): boolean => {
  if (card === undefined || card.version === 0) return true
  if (!isFinished(card.life.state)) return false
  const pause = card.life.state === 'stopped' ? p.redrawAfterStopMs : p.redrawAfterEndMs
  return at - card.life.since >= pause
}

const endOutdated = (desk: Desk, at: number): void => {
  const card = liveCard(desk)
  const judgement = desk.judgement()
  if (card === undefined || judgement === undefined || card.version === 0 || isRunning(card.life.state)) return
  const { side, bracket } = card.life
  const far = zoneDistance(bracket, judgement.reading.close) > p.leftBehind * bracket.atr
  if (!keepsBias(judgement, side)) desk.endCard('invalid', 'bias-lost', at)
  else if (far) desk.endCard('invalid', 'left-behind', at)
}

const standing = (desk: Desk): Standing => {
  const judgement = desk.judgement()
  const card = liveCard(desk)
  const side = card?.life.side ?? judgement?.better ?? 'long'
  return {
    instrument: desk.spec.id,
    carded: card !== undefined || (judgement !== undefined && judgement.bias !== 'neutral'),
    excluded: judgement?.excluded ?? false,
    warm: judgement?.reading.warm ?? false,
    quality: judgement?.[side].score ?? 0,
  }
}

/** Creates the trader's day: drafts before the freeze, the frozen plan with its versions, cards drawn, ended, expired. */
export const createDay = ({ desks, boundaries, sizedBy, hash, onPlan, raise }: DayOptions) => {
  const ids = desks.map(({ spec }) => spec.id)
  const planned = new Map<string, PlannedCard>()
  let kept: readonly PlanVersion[] = []
  let date = ''
  let plan: Plan = emptyPlan('')
  let told = 0
  let drawn: string[] = []
  let ranks = { places: ids.slice(0, p.maximumCards), rest: ids.slice(p.maximumCards) } as ReturnType<
    typeof rankMarkets
  >
  let noTrade: PlanReading['noTrade'] = 'warming-up'

  const placeOf = (desk: Desk): CardPlace => ({
    spec: desk.spec,
    contract: desk.contract(easternMs(date, boundaries.active)),
    tradeDate: date,
    sizedBy: sizedBy(desk.spec.id),
  })

  const draft = (desk: Desk): void => {
    const judgement = desk.judgement()
    const side = drawableSide(judgement)
    desk.place(judgement && side && drawCard(judgement, side, placeOf(desk), 1))
  }

  const draw = (desk: Desk, at: number): void => {
    const judgement = desk.judgement()
    const side = drawableSide(judgement)
    if (judgement === undefined || side === undefined || !mayDraw(desk, at)) return
    const fresh = drawCard(judgement, side, placeOf(desk), desk.cardsToday + 1)
    const card = keepPlanned(fresh, planned.get(fresh.id))
    desk.place({ ...card, version: plan.versions.length + 1 })
    drawn.push(drawnLine(desk.spec, card))
  }

  const freeze = (at: number): void => {
    if (plan.versions.length === 0) for (const desk of desks) desk.place(undefined)
    for (const desk of desks) draw(desk, at)
    if (drawn.length === 0 && plan.versions.length > 0) return
    const cards = desks.flatMap((desk) => {
      const card = liveCard(desk)
      return card === undefined ? [] : [toPlannedCard(card, placeOf(desk))]
    })
    const stored = kept[plan.versions.length]
    plan = stored ? keepVersion(plan, stored, drawn) : addVersion(plan, cards, at, drawn, hash)
    drawn = []
  }

  const tellVersions = (): void => {
    for (const version of plan.versions.slice(told)) {
      onPlan(version)
      raise(planAlert(version, plan.changes))
    }
    told = plan.versions.length
  }

  const begin = (on: string): void => {
    date = on
    plan = emptyPlan(on)
    told = 0
    for (const desk of desks) desk.newDay()
  }

  const review = (phase: Phase, at: number): void => {
    if (phase === 'PRE-MARKET') desks.forEach(draft)
    if (phase === 'ACTIVE' && plan.versions.length > 0) for (const desk of desks) endOutdated(desk, at)
    if (phase === 'WIND DOWN') for (const desk of desks) endOutdated(desk, at)
    if (phase === 'ACTIVE') freeze(at)
    if (phase === 'OFF-HOURS' && date !== '')
      for (const desk of desks) if (liveCard(desk) !== undefined) desk.endCard('expired', 'flat-by', at)
  }

  return {
    get date() {
      return date
    },
    get ranks() {
      return ranks
    },
    get noTrade() {
      return noTrade
    },
    get version() {
      return plan.versions.length
    },
    placeOf,
    /** The versions stored before this start: what was frozen stays, whatever history says now. */
    remember: (versions: readonly PlanVersion[]): void => {
      kept = versions
      for (const card of versions.flatMap(({ cards }) => cards)) planned.set(card.id, card)
    },
    /** The recovery is over: versions it did not come upon are taken over, and from now on new ones are made. */
    settle: (): void => {
      for (const version of kept.slice(plan.versions.length)) plan = keepVersion(plan, version, [])
      kept = []
      tellVersions()
    },
    /** Judges every market at a whole minute. */
    judge: (phase: Phase, at: number): void => {
      if (phase !== 'OFF-HOURS' && easternAt(at).date !== date) begin(easternAt(at).date)
      const versions = plan.versions.length
      review(phase, at)
      tellVersions()
      const standings = desks.map(standing)
      // A screen that reshuffles is not calm.
      if (at % (p.reshuffleMinutes * minuteMs) === 0 || versions !== plan.versions.length)
        ranks = rankMarkets(standings)
      noTrade = phase === 'PRE-MARKET' || phase === 'ACTIVE' ? noTradeReason(standings) : undefined
    },
    read: (): PlanReading => {
      const newest = plan.versions.at(-1)
      return {
        tradeDate: date,
        version: plan.versions.length,
        ...(newest && { hash: newest.hash }),
        ...(plan.versions[0] && { frozenAt: plan.versions[0].drawnAt }),
        ...ranks,
        ...(noTrade && { noTrade }),
        bestQuality: bestOf(desks.map(standing)),
        changes: plan.changes,
      }
    },
  }
}

export type Day = ReturnType<typeof createDay>
