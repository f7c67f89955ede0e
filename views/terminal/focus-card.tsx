import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { OddsReading } from '#src/domain/odds-reading.ts'
import type { CalibrationReading, ClockReading, PriceReading } from '#src/domain/picture.ts'
import type { Bias, FocusCard as Card, CardNumber, StackRule } from '#src/domain/signals/focus-card.ts'
import { formatFixed, formatMoney, formatPrice, formatTime, unknown } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { QualityBar } from '../parts/quality-bar.tsx'
import { Row } from '../parts/row.tsx'
import { Why, WhyPanels } from '../parts/why.tsx'
import { recordWords } from '../signals/words.ts'
import { biasWords, boundWords, reasonWords, stateWords, waveWords } from '../words.ts'
import { CaseButton, CasePanel } from './case.tsx'
import { Price } from './price.tsx'

export type CardProps = Oob & {
  card: Card
  price: PriceReading | undefined
  clock: ClockReading | undefined
  calibration?: CalibrationReading | undefined
  odds?: OddsReading | undefined
}

const drawnNumbers: readonly CardNumber[] = ['last', 'zone', 'stop', 'target1', 'target2', 'ratio', 'quality', 'size']
const neutralNumbers: readonly CardNumber[] = ['last', 'ratio', 'quality']

/** Which way, as a dot, a word and an arrow. */
export const BiasWord = ({ bias }: { bias: Bias }) => {
  const { word, icon, arrow } = biasWords[bias]
  return (
    <strong class="bias" data-bias={bias}>
      <span class="dot" aria-hidden="true">
        {icon}
      </span>{' '}
      {word} <span aria-hidden="true">{arrow}</span>
    </strong>
  )
}

const rollWords = ({ next, tradeDates }: NonNullable<Card['roll']>): string =>
  tradeDates === 0 ? `Changes to ${next} now` : `Changes to ${next} in ${tradeDates} trade dates`

/** The contract, and the next one once the change to it is near. */
export const ContractName = ({ card, brief = false }: { card: Card; brief?: boolean }) => (
  <small>
    · {card.contract}
    {card.roll && (
      <abbr class="text-warn" title={rollWords(card.roll)}>
        {' '}
        → {card.roll.next.split(' ')[1]}
        {!brief && ` in ${card.roll.tradeDates} d`}
      </abbr>
    )}
  </small>
)

const stackWords = (card: Card, stack: StackRule): string => {
  if (card.size !== undefined && card.size.contracts <= card.size.startWith) return 'none: it starts with all of it'
  const rule = `${formatPrice(card.instrument, stack.addAt)} (+0.5R), ratio > ${stack.minRatio}`
  return stack.ratioAllows ? rule : `${rule}: not now`
}

const unitOf = (card: Card): string => (specOf(card.instrument).microOf ? 'micro' : 'contract')

const Size = ({ card }: { card: Card }) => {
  const { size, instrument } = card
  if (!size) return unknown
  return (
    <>
      <Why instrument={instrument} name="size">
        {size.contracts} {unitOf(card)}
        {size.contracts === 1 ? '' : 's'}
      </Why>
      <small
        title={size.heldBack && `drawn for ${size.heldBack.from}; held back by the ${boundWords[size.heldBack.by]}`}
      >
        {size.heldBack ? ` of ${size.heldBack.from}: ${boundWords[size.heldBack.by]}` : size.halved && ' halved'} ·
        start with {size.startWith}
      </small>
    </>
  )
}

const lines = { zone: 'Entry zone', stop: 'Stop', targets: 'TP1 · TP2', size: 'Size', add: 'Add one at' } as const

const lineId = (instrument: string, line: string): string => `line-${instrument}-${line}`

const Undrawn = ({ instrument }: { instrument: string }) => (
  <>
    {Object.entries(lines).map(([line, label]) => (
      <Row id={lineId(instrument, line)} label={label}>
        {unknown}
      </Row>
    ))}
  </>
)

const Levels = ({ card }: { card: Card }) => {
  const { bracket, instrument: id, size } = card
  if (!bracket) return <Undrawn instrument={id} />
  return (
    <>
      <Row id={lineId(id, 'zone')} label={lines.zone}>
        <small class="gives-way" title={bracket.level.name}>
          {bracket.level.name}{' '}
        </small>
        <Why instrument={id} name="zone">
          {formatPrice(id, bracket.zone.low)} – {formatPrice(id, bracket.zone.high)}
        </Why>
      </Row>
      <Row id={lineId(id, 'stop')} label={bracket.stopWidened ? 'Stop, widened' : lines.stop}>
        <small>costs </small>
        <span class="loss">{formatMoney(size && -size.risk)}</span>
        <Why instrument={id} name="stop" class="level">
          {formatPrice(id, bracket.stop)}
        </Why>
      </Row>
      <Row id={lineId(id, 'targets')} label={lines.targets}>
        <Why instrument={id} name="target1" class="level">
          {formatPrice(id, bracket.target1)}
        </Why>
        <Why instrument={id} name="target2" class="level">
          {formatPrice(id, bracket.target2)}
        </Why>
      </Row>
      <Row id={lineId(id, 'size')} label={lines.size}>
        <Size card={card} />
      </Row>
      <Row id={lineId(id, 'add')} label={lines.add}>
        <small class="figure">{card.stack ? stackWords(card, card.stack) : unknown}</small>
      </Row>
    </>
  )
}

const Judgment = ({ card, calibration }: Pick<CardProps, 'card' | 'calibration'>) => (
  <>
    <Row id={lineId(card.instrument, 'waves')} label="Waves">
      <small>{card.ratio === null ? 'fewer than three waves a side ' : `${waveWords[card.waves]} `}</small>
      <Why instrument={card.instrument} name="ratio">
        {formatFixed(card.ratio, 2)}
      </Why>
    </Row>
    <Row id={lineId(card.instrument, 'quality')} label="Quality">
      <small>{recordWords(calibration, card.quality.score).brief} </small>
      <Why instrument={card.instrument} name="quality">
        {Math.floor(card.quality.score)} %
      </Why>
      <small title={`${card.checklist.ticked} of ${card.checklist.of} are with it`}> {card.checklist.grade}</small>
    </Row>
  </>
)

const finished: readonly string[] = ['stopped', 'target-2', 'invalid', 'expired']

/** One market of the plan: which way, where in, where out, how many, and whether now. */
export const FocusCard = ({ card, price, clock, calibration, odds, oob }: CardProps) => (
  <article
    id={`focus-${card.instrument}`}
    class="card"
    tabindex={-1}
    aria-label={`${card.name} ${card.contract}`}
    data-place={card.place}
    data-bias={card.bias}
    data-state={card.state}
    data-finished={finished.includes(card.state) ? '' : undefined}
    hx-swap-oob={swapOf(oob)}
  >
    <header>
      <h3>
        <a href={`/chart/${card.instrument}`}>{card.name}</a> <ContractName card={card} />
      </h3>
      <span class="state">
        {stateWords[card.state]}{' '}
        <small>
          <span class="since">since </span>
          {formatTime(card.stateSince)}
        </small>
      </span>
    </header>
    <p class="bias-line">
      <BiasWord bias={card.bias} /> <CaseButton card={card} />
    </p>
    <Price instrument={card.instrument} price={price} wall={clock?.wall} bracket={card.bracket} />
    <p class="action" data-action={card.action}>
      <strong>{card.action.toUpperCase()}</strong> {reasonWords[card.reason]}
    </p>
    <dl>
      <Levels card={card} />
      <Judgment card={card} calibration={calibration} />
    </dl>
    <QualityBar components={card.quality.components} />
    <CasePanel card={card} odds={odds} />
    <WhyPanels card={card} names={card.bracket ? drawnNumbers : neutralNumbers} calibration={calibration} />
  </article>
)
