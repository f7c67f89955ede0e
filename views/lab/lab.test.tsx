import { describe, expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import {
  keptReport,
  labReading,
  report,
  reportId,
  shadowBook,
  shuffled,
  study,
  studyId,
  studyResult,
  studyTrials,
} from '#src/testing/lab.ts'
import { pageOf, propsOf, textOf } from '#src/testing/pages.tsx'
import { morning, now } from '#src/testing/world.ts'
import { pageTopics, renderTopic } from '../fragments.tsx'
import { ComparePage, laidOver } from './compare-page.tsx'
import { NightPage } from './night-page.tsx'
import { LabPage } from './page.tsx'
import { ReportPage } from './report-page.tsx'
import { ShadowPage } from './shadow-page.tsx'
import { StudyPage } from './study-page.tsx'
import { chartOf } from './trades.tsx'

const props = propsOf({ ...morning, lab: labReading })

const whole = (html: string): string => {
  expect(html).not.toMatch(/NaN|undefined|\[object|\sstyle=|\son[a-z]+=/)
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  expect(textOf(html)).not.toMatch(/−\$?0(\.0+)?(?![.\d])/)
  return html
}

describe('the lab', () => {
  test('shows the night as it goes, studies, champions, parity, the summary and reports', () => {
    const html = whole(pageOf('lab', { ...morning, lab: labReading }))
    const text = textOf(html)
    for (const words of [
      'The night of 2026-11-19 computed by one thread of this machine',
      'Backfill ✓ done 07:11 nothing was missing',
      'Parity with live ✕ FAILED · try 3 07:19 no bars of 2026-11-19',
      'Backtests ‖ PAUSED 09:31 60 % 29 of 48',
      'Optimization ▶ RUNNING 09:40 30 % MGC: 120 of 400 tried',
      'Tomorrow’s first draft ○ waiting',
      'Nasdaq-100, Opening-range breakout every combination ▶ RUNNING 120 of at most 400 Nov 20, 09:40 cancel',
      'Gold, Moving averages cross a model that learns · the night’s ✕ refused 200 tried',
      'S&amp;P 500, Focus plan since 2026-11-12 why',
      '2026-11-18 14 52 ✓ the same ✓ the same 2026-11-17 12 41 ✓ 2, each explained ✕ 1 of 3 not explained',
      '2026-11-16 12 40 ✕ 2 of 3 not explained – not compared',
      '✓ Parity 0 differences ✕ Optimization nothing passed every check',
      'Gold, Moving averages cross naive 2026-11-17 – 2026-11-19 3 +$270.00 +0.45R 5.50 10.57 −$60.00',
    ])
      expect(text).toContain(words)
    expect(html).toContain('<progress value="120" max="400"')
    expect(html).toContain(`action="/lab/studies/${'c3'.repeat(32)}/cancellation"`)
    expect(html).not.toContain(`action="/lab/studies/${studyId}/cancellation"`)
  })

  test('is calm before the first night, and says what comes when', () => {
    const empty = { at: now, hands: 'this machine', studies: [], reports: [], champions: [], parity: [] }
    const text = textOf(whole(pageOf('lab', { lab: empty })))
    for (const words of [
      'No night has run yet. The first night runs at 12:15 after the close of your day.',
      'Nothing was optimized yet.',
      'Every strategy plays its own defaults.',
      'No day was replayed yet.',
      'No night has written a summary yet.',
      'Nothing was backtested yet.',
    ])
      expect(text).toContain(words)
  })

  test('says that it is being read before anything is known, and claims nothing', () => {
    const text = textOf(whole(pageOf('lab', {})))
    expect(text).toContain('Being read…')
    expect(text).not.toMatch(/Nothing was|No night|its own defaults/)
  })

  test('asks for the strategy that was chosen, with its own parameters in their order', () => {
    const html = whole(String(<LabPage {...props} strategy="opening-range" />))
    expect(html).toContain('aria-current="true">Opening-range breakout')
    expect(html).toMatch(
      /name="p\.beyond".*?<option value="0\.0">0<.*?"0\.25".*?selected="">0\.5<.*?"0\.75".*?"1\.0">1</,
    )
    expect(html).toMatch(/id="study_3aopening_2drange-budget" name="budget" value="200"/)
    expect(textOf(String(<LabPage {...props} strategy="no such" />))).toContain('Trades the cards of the morning')
  })

  test('says by its field what was refused', () => {
    const outcome = { form: 'report:rsi', field: 'from', reason: 'not-a-date' }
    const html = String(<LabPage {...props} strategy="rsi" outcome={outcome} />)
    expect(html).toMatch(/name="from" aria-invalid="true"/)
    expect(html).toContain('must be a date like 2026-11-20')
  })

  test('hears the lab, and a page that was read from what is kept does not', () => {
    const topics = pageTopics(props.instruments)
    expect([topics.lab, topics['lab-sheet']]).toEqual([
      ['clock', 'feed', 'account', 'outage', 'lab'],
      ['clock', 'feed', 'account', 'outage'],
    ])
  })

  test('repaints live without the forms somebody may be filling in', () => {
    const html = renderTopic('lab', { ...morning, lab: labReading }, 'lab')
    expect(html).toMatch(/^<div id="lab" class="lab" hx-swap-oob="morph">/)
    expect(html).not.toContain('id="wanted"')
    expect(html.length).toBeLessThan(12_000)
  })
})

describe('a study', () => {
  const pageFor = (change: Partial<StudyResult> = {}, heat = {}): string =>
    whole(
      String(
        <StudyPage
          {...props}
          study={{ ...study, result: { ...studyResult, ...change } }}
          trials={studyTrials}
          heat={heat}
        />,
      ),
    )

  test('begins with its verdict and names each check it failed', () => {
    const text = textOf(pageFor())
    for (const words of [
      '✕ REFUSED It failed 6 of 8 checks: enough trades, retention, luck of the best, worth of choosing, against a coin, costs doubled.',
      'On dates it had not learned on it kept 40 % of its edge and made +$270.00 in 51 trades.',
      'The champion stays: 51 trades out of sample, 100 are asked for.',
      'Retention How much of the edge was left on dates it had not learned on? keeps 40 % of its edge out of sample, 70 % is asked for 40 % ≥ 70 % ✕ NO',
      'too few days or sets to split — ≤ 50 % ✕ NO',
      'Random entries Would the same trades, entered at random moments, do as well? random entries do as well with 0.040, at most 0.05 may be 0.040 ≤ 0.050 ✓ yes',
      '−$35.00 &gt; $0.00 ✕ NO',
    ])
      expect(text.replaceAll('&#39;', '’')).toContain(words)
  })

  test('lays its folds out with what they kept and what moved', () => {
    const text = textOf(pageFor())
    for (const words of [
      '6 months learned on, 1 month tried on, by t of R a trade',
      '2026-10-01 to 2026-10-30 learned on 2026-04-01 to 2026-09-30 its defaults +0.20R of 140 +0.16R of 31 +$310.00 80 % ✓',
      'Fast average, bars 15 · Stop in ATR 6 ⚠ moved far: Stop in ATR by 33 % +0.25R of 133 −0.02R of 20 −$40.00 −8 % ✕',
      'All dates tried on ⚠ a parameter moved by more than 30 % of its range +0.09R of 51 +$270.00 40 % ✕',
      'From now on learned on 2026-05-20 to 2026-11-19 Fast average, bars 15 · Slow average, bars 30 · Stop in ATR 6 · Target in R 2',
    ])
      expect(text).toContain(words)
  })

  test('says why there is no share to keep, and does not pass it', () => {
    const { walkForward } = studyResult
    const folds = walkForward?.folds.map((fold) => ({ ...fold, retention: null })) ?? []
    const html = pageFor({ walkForward: walkForward && { ...walkForward, folds, retention: null } })
    const why = 'in sample it made less than +0.05R a trade: no edge to keep a share of'
    expect(html.split(`<span title="${why}">—</span>`)).toHaveLength(4)
    expect(html).not.toMatch(/— [✓✕]/)
  })

  test('shows two parameters as a map whose cells say their number, the champion’s and the challenger’s marked', () => {
    const html = pageFor({}, { x: 'stop', y: 'fast', over: 'best' })
    expect(html).toContain('<title>Stop in ATR 6, Fast average, bars 15: +0.68 — challenger</title>')
    expect(html).toContain('<title>Stop in ATR 4, Fast average, bars 10: −0.41 — champion</title>')
    expect(html).toMatch(/<g data-level="4" data-mark="">/)
    expect(html.match(/<g [^>]*data-mark/g)).toHaveLength(2)
    expect(html).toContain('<option value="stop" selected="">Stop in ATR</option>')
    expect(pageFor({}, { x: 'none', y: 'stop' })).toContain(
      'role="img" aria-label="the mean t of R a trade over Fast average, bars and Stop in ATR"',
    )
  })

  test('puts the champion beside the challenger, and says where it comes from', () => {
    const html = pageFor()
    const text = textOf(html)
    for (const words of [
      '● KEPT 51 trades out of sample, 100 are asked for.',
      'Out of sample Champion Walk-forward, sets chosen before each fold R a trade +0.01R +0.09R Trades 48 51 Walk-forward’s lead a date +0.021R ± 0.014',
      'Parameters Champion Chosen now, learned on 2026-05-20 to 2026-11-19, tried on no date yet',
      'Bars 3f5a90c1d2e4b678 Trade dates 2026-04-01 to 2026-11-19 Code 0.1.0-1f2e3d4c Seed 7',
      'Costs of a side $0.72 fee, 2 ticks slip, 1 spread',
    ])
      expect(text).toContain(words)
    expect(html).toContain('<title>')
    expect(html).toMatch(
      /data-changed=""><th scope="row">Fast average, bars<\/th><td class="figure">10<\/td><td class="figure">15</,
    )
  })

  test('with a change says from when on', () => {
    const decision = {
      ...studyResult.decision,
      verdict: 'takes-over',
      effective: '2026-11-20',
      words: 'better: takes over on 2026-11-20',
    } as const
    const text = textOf(pageFor({ decision, honesty: { ...studyResult.honesty, passed: true, failed: [] } }))
    expect(text).toContain('✓ HONEST It passed all 8 checks.')
    expect(text).toContain('The champion changes on 2026-11-20 ▲ CHANGES better: takes over on 2026-11-20.')
  })

  test('a decision that was overruled afterwards is none', () => {
    const decision = {
      ...studyResult.decision,
      verdict: 'takes-over',
      effective: '2026-11-20',
      words: 'better',
    } as const
    const reason = 'kept: the challenger won, but among the 800 sets tried of 2026-11-19 chance does as well with 0.31'
    const shown = { ...study, reason, result: { ...studyResult, decision } }
    const text = textOf(whole(String(<StudyPage {...props} study={shown} trials={studyTrials} heat={{}} />)))
    expect(text).toContain('The champion stays: the challenger won, but among the 800 sets tried of 2026-11-19')
    expect(text).toContain('● KEPT the challenger won')
    expect(text).not.toContain('CHANGES')
  })

  test('tells the tests behind the checks, the published ratio and the sets that stand against chance with them', () => {
    const text = textOf(pageFor())
    for (const words of [
      'the best of 200 by luck alone +0.190, above it with 31 %',
      'deflated as published, bad sets counted as luck too +0.940, above it with 0 %',
      'of 4 sets, above chance at 10 % false 2, the chosen one with q = 0.040',
      'all sets tried that night, or, asked by hand, by every study up to the same trade date',
    ])
      expect(text).toContain(words)
  })

  test('whose windows were shortened says what was asked for', () => {
    const spec = { ...study.spec, wantedWindows: { train: 9, test: 1, step: 1 } }
    const text = textOf(String(<StudyPage {...props} study={{ ...study, spec }} trials={studyTrials} heat={{}} />))
    expect(text).toContain('the history is too short for 9/1/1 months')
    expect(textOf(pageFor())).not.toContain('too short for')
  })

  test('too short to walk forward says how much it takes', () => {
    const text = textOf(
      pageFor({
        walkForward: null,
        needs: 148,
        challenger: null,
        outOfSample: { dates: [], net: [] },
        championNet: [],
        tests: {},
      }),
    )
    expect(text).toContain('The history is too short to walk forward. It takes 148 trade dates')
    expect(text).toContain('Nothing could be tested.')
    expect(text).toContain('No date was tried on.')
  })

  test('under way shows what is tried so far and can be given up, one that failed says why', () => {
    const { result: _, endedAt: __, ...open } = study
    const running = whole(
      String(<StudyPage {...props} study={{ ...open, state: 'running' }} trials={studyTrials} heat={{}} />),
    )
    expect(textOf(running)).toContain('▶ RUNNING 4 sets tried, 200 are asked for in each training window.')
    expect(running).toContain(`action="/lab/studies/${studyId}/cancellation"`)
    const failed = { ...open, state: 'failed', reason: 'the bars have changed since it was asked' } as const
    const text = textOf(whole(String(<StudyPage {...props} study={failed} trials={[]} heat={{}} />)))
    expect(text).toContain(
      '✕ FAILED 0 sets tried, 200 are asked for in each training window. the bars have changed since it was asked',
    )
    expect(text).toContain('Nothing was tried yet.')
  })
})

describe('a report', () => {
  const pageFor = (change: Partial<typeof report> = {}, page = 1): string =>
    whole(String(<ReportPage {...props} shown={{ ...keptReport, report: { ...report, ...change } }} page={page} />))

  test('begins with its numbers and where the true ones may lie', () => {
    const text = textOf(pageFor())
    for (const words of [
      'backtest of 2026-11-17 to 2026-11-19, 3 trade dates',
      'Played with Fast average, bars 15 · Stop in ATR 6.',
      'Net +$270.00 Trades 3 R a trade +0.45R −0.20R to +1.10R Win rate 67 % 21 % to 94 %',
      'Profit factor 5.50 too few trades to say Net a day +$90.00 −$60.00 to +$210.00 Sharpe 10.57 −3.10 to 22.00 Deepest drawdown −$60.00 −$180.00 to $0.00',
      'by 1,000 resamples',
      'deepest −$60.00, 0.12 % of the account: from 2026-11-18, lowest 2026-11-18, back on 2026-11-19, 1 date',
      'Before costs +$305.00 Slippage and spread −$22.00 Fees −$13.00 Fees, of what winners grossed 3.40 % Net +$270.00 Net at twice the costs +$235.00',
      'Winners 2 +0.2 +0.6 +1.1 +1.6 +2.1',
      '08:00 3 67 % +$270.00 +0.45R',
      'Most wins in a row 1 Most losses in a row 1',
    ])
      expect(text).toContain(words)
  })

  test('of trades enough tells what other orders of them reached; an old one without them does not', () => {
    const text = textOf(pageFor({ shuffled }))
    expect(text).toContain('The same trades in another order the share of 1,000 orders that reaches so much')
    expect(text).toContain('Drawdown, trade by trade −$210.00 −$480.00 −$930.00 Losses in a row here 1 3 5 9')
    expect(pageFor()).not.toContain('another order')
  })

  test('of doubled costs does not tell what it were at twice of them', () => {
    const shown = { ...keptReport, spec: { ...keptReport.spec, costsDoubled: true as const } }
    const text = textOf(whole(String(<ReportPage {...props} shown={shown} page={1} />)))
    expect(text).toContain(', every cost doubled.')
    expect(text).not.toContain('at twice the costs')
    expect(
      textOf(String(<ComparePage {...props} choices={[]} a={keptReport} b={{ ...shown, id: 'b' }} />)),
    ).not.toContain('at twice the costs')
  })

  test('of too few trades and dates says so where an interval or a year would stand', () => {
    const untold = { value: null, low: null, high: null }
    const { intervals } = report
    if (intervals === undefined) throw new Error('the report has intervals')
    const text = textOf(
      pageFor({ sharpe: null, calmar: null, intervals: { ...intervals, expectancyR: untold, sharpe: untold } }),
    )
    expect(text).toContain('R a trade +0.45R too few trades to say Win rate 67 % 21 % to 94 %')
    expect(text).toContain('Sharpe — too few dates to say Deepest')
    expect(text).toContain('a year’s net over the deepest drawdown — too few dates to say')
  })

  test('lists its trades newest first, each with its place on the chart', () => {
    const html = pageFor()
    expect(textOf(html)).toContain(
      '3 2026-11-19 08:31–09:02 LONG ↑ 2 4,120.3 → 4,126.1 +$113.12 +1.41R +64 / −18 target · A 2 2026-11-18',
    )
    expect(html).toContain(`href="/chart/MGC?timeframe=5m&amp;at=${Date.UTC(2026, 10, 19, 13, 31)}"`)
    expect(html).toContain(`href="/lab/reports/${reportId}.csv"`)
    expect(textOf(html)).not.toContain('page 1 of')
  })

  test('shows a hundred trades at a time', () => {
    const [row] = report.list
    const list = Array.from({ length: 250 }, (_, i) => ({ ...row, net: dollars(i) }) as (typeof report.list)[number])
    const html = pageFor({ list }, 3)
    const text = textOf(html)
    expect(text).toMatch(/page 3 of 3/)
    expect(text).toContain('50 2026-11-17')
    expect(text).not.toContain('51 2026-11-17')
    expect(html).toContain('?page=2#trades">newer')
    expect(textOf(pageFor({ list }, 99))).toMatch(/page 3 of 3/)
  })

  test('of a strategy that never traded is honest about it', () => {
    const none = { n: 0, mfeTicks: null, maeTicks: null, mfeR: null, maeR: null }
    const nothing = { trades: 0, net: 0, list: [], winRate: null, profitFactor: null, sharpe: null, drawdown: null }
    const { intervals: _, ...rest } = report
    const still = {
      ...rest,
      ...nothing,
      expectancy: { money: null, r: null },
      excursions: { winners: none, losers: none },
    }
    const html = whole(String(<ReportPage {...props} shown={{ ...keptReport, report: still }} page={1} />))
    expect(textOf(html)).toContain('It never traded.')
    expect(textOf(html)).toContain('it never fell below a former high')
    expect(textOf(html)).toContain('No intervals were made.')
  })

  test('links to the finest chart that reaches back to a trade', () => {
    const daysAgo = (n: number): number => now - n * 86_400_000
    expect([1, 20, 100, 300].map((n) => /timeframe=(\w+)/.exec(chartOf('MES', daysAgo(n), now))?.[1])).toEqual([
      '5m',
      '15m',
      '60m',
      '1d',
    ])
  })
})

test('two reports stand side by side with their difference', () => {
  const other = {
    ...keptReport,
    id: 'e5'.repeat(32),
    report: { ...report, net: dollars(150), sharpe: 4.57, sortino: null },
  }
  const choices = [keptReport, other]
  const text = textOf(whole(String(<ComparePage {...props} choices={choices} a={keptReport} b={other} />)))
  expect(text).toContain('Net +$270.00 +$150.00 −$120.00')
  expect(text).toContain('Sharpe 10.57 −3.10 to 22.00 4.57 −3.10 to 22.00 −6.00')
  expect(text).toContain('Sortino 41.20 — too few dates to say —')
  const alone = textOf(whole(String(<ComparePage {...props} choices={choices} a={keptReport} b={keptReport} />)))
  expect(alone).toContain('A and B are the same report.')
  expect(textOf(String(<ComparePage {...props} choices={[]} a={undefined} b={undefined} />))).toContain(
    'Two reports can be compared once there are two.',
  )
})

test('a curve over other dates begins with its own, stays between them and ends with its last', () => {
  const dates = ['01', '02', '03', '04', '05']
  expect(laidOver(dates, ['02', '04'], [10, 20])).toEqual([null, 10, 10, 20, null])
})

describe('the shadow book', () => {
  test('tells what hesitation, improvisation and sizes cost, and lists what was missed', () => {
    const text = textOf(whole(String(<ShadowPage {...props} book={shadowBook} show={undefined} />)))
    for (const words of [
      'since your first fill on 2026-10-02',
      'Every card as the plan had it, taken or not 2 cards, +0.22R, +$163.20 (1 of unknown size left out)',
      'Cards you took what they made by themselves 1 card, −0.90R, planned size not known',
      'Hesitation cards that won and were not taken 1 card, +1.12R, +$163.20',
      'Spared cards that lost and were not taken no card',
      'Improvisation trades without a card, net 2 trades, −$120.00',
      'Larger than planned what the size changed 1 trade, −$44.00',
      'Missed cards missed all',
      '2026-11-19 08:00 Gold LONG ↑ 74 % A TP1 first +1.12R +$163.20 MISSED',
    ])
      expect(text).toContain(words)
    expect(text).not.toContain('SHORT ↓')
    expect(textOf(String(<ShadowPage {...props} book={shadowBook} show="all" />))).toContain('SHORT ↓ 61 % stop first')
  })

  test('compares nothing while no own fill is known, and says so', () => {
    const { compared: _, ...silent } = shadowBook
    const text = textOf(whole(String(<ShadowPage {...props} book={silent} show={undefined} />)))
    expect(text).toContain('No own fill is known, so nothing is compared.')
    expect(text).not.toContain('Hesitation cards')
  })
})

test('the nights’ papers tell the next plan, and explain each difference or say that nobody could', () => {
  const html = whole(
    String(
      <NightPage
        {...props}
        focus={{
          ...{ tradeDate: '2026-11-23', madeAt: now },
          body: {
            ...{ kind: 'focus', draft: 'refreshed', asOf: now },
            markets: [
              {
                ...{ instrument: 'MGC', bias: 'long', quality: 64.2, excluded: false, close: 4_123.4 },
                ...{ levels: [{ name: 'VWAP', price: 4_118.2 }], words: 'waits for a pullback' },
              },
            ],
          },
        }}
        parity={[
          {
            ...{ tradeDate: '2026-11-23', madeAt: now },
            body: {
              ...{ kind: 'parity', cards: 12, transitions: 50, differences: [] },
              backtest: {
                ...{ cards: 12, transitions: 20 },
                differences: [{ cardId: '2026-11-23-MES-1', what: 'drawn', live: 'long', replayed: 'short' }],
              },
            },
          },
          {
            ...{ tradeDate: '2026-11-20', madeAt: now },
            body: {
              ...{ kind: 'parity', cards: 14, transitions: 51 },
              differences: [
                { cardId: '2026-11-20-MGC-1', what: 'drawn', live: 'stop 4,112.1', replayed: 'stop 4,112.0' },
                {
                  cardId: '2026-11-20-MES-1',
                  what: 'transition',
                  live: 'near',
                  replayed: 'in zone',
                  explained: 'a corrected bar',
                },
              ],
            },
          },
        ]}
        summaries={[]}
      />,
    ),
  )
  const text = textOf(html)
  expect(text).toContain(
    'Draft of the plan of 2026-11-23 refreshed after midnight, Nov 20, 09:41 ET How each market stood when this was written. The plan that counts is frozen on the terminal . Gold LONG ↑ 64 % at 4,123.4',
  )
  expect(text).toContain('waits for a pullback — VWAP 4,118.2')
  expect(text).toContain(
    '2026-11-23 12 cards and 50 changes compared: ✓ no difference Backtest: 12 cards and 20 changes compared: 1 different 2026-11-23-MES-1: live long, backtest short — ✕ not explained',
  )
  expect(text).toContain('2026-11-20 14 cards and 51 changes compared: 2 different')
  expect(text).toContain('2026-11-20-MGC-1: live stop 4,112.1, replayed stop 4,112.0 — ✕ not explained')
  expect(text).toContain('2026-11-20-MES-1: live near, replayed in zone — a corrected bar')
  expect(text).toContain('No night has written a summary yet.')
})
