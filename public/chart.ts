import type { Chart, ChartBar } from '../src/domain/chart/chart.ts'
import { beginsEarlier, hearMinutes, hearTail, type LiveChart, newestBars } from '../src/domain/chart/live-chart.ts'
import type { InstrumentId } from '../src/domain/instruments/instrument.ts'
import { minuteMs, type Timeframe, timeframes } from '../src/domain/market/bar.ts'
import type { MinuteReading } from '../src/domain/picture.ts'
import type { PlanLevel } from '../views/chart/levels.ts'
import type { Looked } from '../views/chart/looked.ts'
import { createCanvas } from './chart/canvas.ts'
import { followLayers } from './chart/layer-menu.ts'
import { legendOf } from './chart/legend.ts'
import { createTable } from './chart/table.ts'

const retryMs = 1_000

const byId = (id: string): HTMLElement => {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no ${id}`)
  return element
}

/** The library's licence asks for its name and this link wherever it draws. */
const credit = (frame: HTMLElement): void => {
  const link = Object.assign(document.createElement('a'), {
    href: 'https://www.tradingview.com/',
    textContent: 'TradingView Lightweight Charts™ © 2025 TradingView, Inc.',
    className: 'chart-credit',
    rel: 'noreferrer',
  })
  frame.parentElement?.after(link)
}

const start = (): void => {
  const frame = byId('chart')
  const main = frame.closest('main') as HTMLElement
  const instrument = frame.dataset['instrument'] as InstrumentId
  let timeframe = frame.dataset['timeframe'] as Timeframe
  const around = frame.dataset['at'] === undefined ? '' : `&at=${frame.dataset['at']}`
  let looked: Looked | undefined
  let live: LiveChart | undefined
  let revision: number | undefined
  let asking = false

  /** The bar under the pointer, by its time. */
  let pointed: number | undefined

  const legend = byId('chart-legend')
  const explain = (): void => {
    const wanted = pointed ?? looked?.bar
    const bar = canvas.bars.findLast(({ time }) => wanted === undefined || time === wanted) ?? canvas.bars.at(-1)
    legend.textContent = bar === undefined ? '' : legendOf(instrument, live?.timeframe ?? timeframe, bar)
  }
  const point = (bar?: ChartBar): void => {
    pointed = bar?.time
    explain()
  }
  const isTable = (): boolean => main.dataset['view'] === 'table'

  const minute = (): MinuteReading | undefined => {
    const told = byId('chart-minute').dataset['minute']
    return told === undefined ? undefined : (JSON.parse(told) as MinuteReading)
  }
  const levelsOf = (id: string): readonly PlanLevel[] => JSON.parse(byId(id).dataset['levels'] ?? '[]')
  const draw = (): void => {
    if (live === undefined) return
    const { boxes, lines, marks } = live.told
    const ranges = JSON.parse(byId('chart-plan').dataset['ranges'] ?? '[]')
    canvas.draw({ boxes, lines, marks, plan: [...levelsOf('chart-plan'), ...levelsOf('chart-held')], ranges })
  }

  const say = (words: string): void => {
    const lost = byId('chart-lost')
    lost.textContent = words
    lost.hidden = words === ''
  }
  const ask = async (after?: number): Promise<Chart & { readonly looked?: Looked }> => {
    const from = after === undefined ? around : `&after=${after}`
    const answer = await fetch(`/chart/${instrument}/bars?timeframe=${timeframe}${from}`)
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
    return (await answer.json()) as Chart
  }

  /** The minute as the stream tells it; true when the server knows a closed one that is not in the chart yet. */
  const hear = (): boolean => {
    const told = minute()
    if (live === undefined || told === undefined) return false
    const { closed, forming } = told
    live = hearMinutes(
      live,
      [closed, forming].filter((bar) => bar !== undefined),
    )
    return closed !== undefined && closed.time + minuteMs > live.told.through
  }

  const painted = (began: number): void => {
    requestAnimationFrame(() => setTimeout(() => performance.measure('chart-paint', { start: began }), 0))
  }

  const fillTable = (): void => {
    if (isTable() && live !== undefined) table.fill(canvas.bars, live.told, live.timeframe, looked)
  }
  const loadAgain = (why: string): void => {
    say(why)
    setTimeout(() => void load(), retryMs)
  }
  const load = async (): Promise<void> => {
    const wanted = timeframe
    revision = minute()?.revision
    try {
      const told = await ask()
      if (wanted !== timeframe) return
      // A first start answers before it has stored the past.
      if (told.bars.length === 0) return loadAgain('No bars are stored yet. Asking again.')
      const began = performance.now()
      live = { timeframe, told, heard: [] }
      looked = told.looked
      if (looked) byId('chart-at-words').textContent = looked.words
      hear()
      canvas.show([...told.bars.slice(0, -1), ...newestBars(live)], timeframe, looked)
      draw()
      explain()
      fillTable()
      painted(began)
      say('')
    } catch {
      loadAgain('The bars could not be loaded. Trying again.')
    }
  }

  const take = (bars: readonly ChartBar[]): void => {
    canvas.take(bars)
    if (isTable()) table.take(bars)
    explain()
  }

  /** Asks for what was closed since; once more a moment later when the newest minute is not stored yet. */
  const askTail = async (): Promise<void> => {
    if (asking || live === undefined) return
    asking = true
    const from = live.told.bars.at(-1)?.time ?? 0
    try {
      const tail = await ask(from)
      if (live === undefined || live.timeframe !== timeframe) return
      if (beginsEarlier(tail, live)) return void load()
      live = hearTail(live, tail)
      take([...live.told.bars.slice(0, -1).filter(({ time }) => time >= from), ...newestBars(live)])
      draw()
      if (isTable()) table.tell(canvas.bars, live.told)
      say('')
    } catch {
      say('The newest bars could not be loaded. Trying again.')
    } finally {
      asking = false
      if (hear()) setTimeout(() => void askTail(), retryMs)
    }
  }

  const onMinute = (): void => {
    if (live === undefined) return
    if (minute()?.revision !== revision) return void load()
    const behind = hear()
    take(newestBars(live))
    if (behind) void askTail()
  }

  new MutationObserver((changes) => {
    const changed = new Set(changes.map(({ attributeName }) => attributeName))
    if (changed.has('data-minute')) onMinute()
    if (changed.has('data-moved')) void askTail()
    else if (changed.has('data-levels') || changed.has('data-ranges')) draw()
  }).observe(main, { subtree: true, attributeFilter: ['data-minute', 'data-levels', 'data-ranges', 'data-moved'] })

  const choose = (next: Timeframe): void => {
    timeframe = next
    frame.dataset['timeframe'] = next
    document.title = document.title.replace(/ (1m|5m|15m|60m|1d) /, ` ${next} `)
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.choices a')) {
      if (link.dataset['timeframe'] === next) link.setAttribute('aria-current', 'true')
      else if (link.dataset['timeframe'] !== undefined) link.removeAttribute('aria-current')
      else link.search = `?timeframe=${next}${around}`
    }
    document.querySelector('#chart-at a')?.setAttribute('href', `?timeframe=${next}`)
    history.replaceState(null, '', `?timeframe=${next}${around}`)
    void load()
  }
  const showTable = (): void => {
    main.dataset['view'] = isTable() ? 'chart' : 'table'
    document.querySelector('[data-press="chart-table"]')?.setAttribute('aria-pressed', String(isTable()))
    if (!isTable()) return
    fillTable()
    byId('bars-table').focus()
  }

  document.addEventListener('click', (event) => {
    const target = event.target as Element
    if (target.closest('[data-press="chart-table"]')) return showTable()
    const link = target.closest<HTMLElement>('a[data-timeframe]')
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    choose(link.dataset['timeframe'] as Timeframe)
  })
  document.addEventListener('keydown', (event) => {
    const typing = (event.target as Element).closest('input, select, textarea, dialog') !== null
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 't') return showTable()
    const next = timeframes[Number(event.key) - 1]
    if (next !== undefined) choose(next)
  })
  // The bars are on their way while what draws them is made.
  void load()
  const canvas = createCanvas(frame, instrument, point)
  const table = createTable(byId('bars-table'), instrument)
  followLayers(canvas.choose)
  credit(frame)
}

start()
