import { overruledBy } from '#src/domain/optimization/champion.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec, Trial } from '#src/domain/optimization/trial.ts'
import { formatMoment, formatMoney, formatNumber } from '../format.ts'
import type { PageProps } from '../layout.tsx'
import { Box, Empty } from '../parts/box.tsx'
import { Decision } from './decision.tsx'
import { Checks, Tests } from './honesty.tsx'
import { Plot } from './plot.tsx'
import { StudyProvenance } from './provenance.tsx'
import { LabSheet } from './sheet.tsx'
import { Cancel, isOpen } from './studies.tsx'
import { type HeatChoice, Terrain } from './terrain.tsx'
import { WalkForwardBox } from './walk-forward.tsx'
import { checkWords, decisionWords, marketName, percent, scaleMoney, studyStates, titleOf } from './words.ts'

/** A study as it is kept. */
export type ShownStudy = {
  readonly id: string
  readonly spec: StudySpec
  readonly state: keyof typeof studyStates
  readonly askedAt: number
  readonly endedAt?: number
  readonly result?: StudyResult
  readonly reason?: string
}

export type StudyPageProps = PageProps & { study: ShownStudy; trials: readonly Trial[]; heat: HeatChoice }

const equity = (net: readonly number[]): readonly number[] => {
  let sum = 0
  return net.map((each) => {
    sum += each
    return sum
  })
}

/** What came of it, first of all. */
const Verdict = ({ result }: { result: StudyResult }) => {
  const { honesty, decision, walkForward } = result
  const names = honesty.failed.map((name) => checkWords[name].name.toLowerCase())
  return (
    <Box id="verdict" title="May it be believed?" aside={`${formatNumber(result.dates.count)} trade dates`}>
      <p class="lab-verdict" data-passed={String(honesty.passed)}>
        <b>{honesty.passed ? '✓ HONEST' : '✕ REFUSED'}</b>{' '}
        {honesty.passed
          ? `It passed all ${honesty.checks.length} checks.`
          : `It failed ${formatNumber(names.length)} of ${honesty.checks.length} checks: ${names.join(', ')}.`}
      </p>
      {walkForward !== null && (
        <p>
          On dates it had not learned on it{' '}
          {walkForward.retention === null
            ? 'had next to no edge to keep'
            : `kept ${percent(walkForward.retention)} of its edge`}{' '}
          and made {formatMoney(walkForward.outOfSample.net)} in {formatNumber(walkForward.outOfSample.trades)} trades.
        </p>
      )}
      <p>
        The champion {decision.effective === null ? 'stays' : 'changes'}: {decisionWords(decision)}.
      </p>
    </Box>
  )
}

/** A study that has no result: what it does, or why it has none. */
const Unfinished = ({ study, tried }: { study: ShownStudy; tried: number }) => {
  const { icon, word } = studyStates[study.state]
  return (
    <Box id="verdict" title="May it be believed?">
      <p class="lab-verdict">
        <b>
          {icon} {word}
        </b>{' '}
        {formatNumber(tried)} sets tried, {formatNumber(study.spec.budget)} are asked for
        {study.spec.method === 'model' && ' in each training window'}.
      </p>
      {study.reason !== undefined && <p>{study.reason}</p>}
      {isOpen(study) ? (
        <>
          <p>The verdict comes when all are tried; load this page again, or follow it in the Lab.</p>
          <Cancel id={study.id} />
        </>
      ) : (
        <p>What was tried is kept: asked again it goes on from there.</p>
      )}
    </Box>
  )
}

const OutOfSample = ({ result: { outOfSample, championNet } }: { result: StudyResult }) => (
  <Box id="out-of-sample" title="On dates it had not seen" aside="net, every fold’s dates joined">
    {outOfSample.dates.length === 0 ? (
      <Empty
        what="No date was tried on."
        next="It takes a history long enough to learn on some dates and try on others."
      />
    ) : (
      <Plot
        label="What was made out of sample"
        dates={outOfSample.dates}
        curves={[
          { name: 'chosen before each fold', tone: 'one', values: equity(outOfSample.net) },
          { name: 'the champion’s parameters', tone: 'two', values: equity(championNet) },
        ]}
        format={formatMoney}
        scale={scaleMoney}
      />
    )}
  </Box>
)

/** One study: whether it may be believed, by which checks, and where it comes from. */
export const StudyPage = ({ study, trials, heat, ...props }: StudyPageProps) => {
  const { spec, askedAt, reason } = study
  const result = study.result && { ...study.result, decision: overruledBy(study.result.decision, reason) }
  const title = `${marketName(spec.instrument)}, ${titleOf(spec.strategy)}`
  return (
    <LabSheet {...props} title={title} aside={`study asked ${formatMoment(askedAt)}`}>
      {result === undefined ? <Unfinished study={study} tried={trials.length} /> : <Verdict result={result} />}
      {result && (
        <div class="sheet-columns">
          <Checks honesty={result.honesty} />
          <div class="stack">
            <OutOfSample result={result} />
            <Decision spec={spec} result={result} />
          </div>
        </div>
      )}
      {result && <WalkForwardBox spec={spec} result={result} />}
      <div class="sheet-columns">
        <Terrain study={study} trials={trials} choice={heat} />
        <div class="stack">
          {result && <Tests tests={result.tests} />}
          <StudyProvenance study={study} />
        </div>
      </div>
    </LabSheet>
  )
}
