// One chart: its caption says what it comes to, or what is under the pointer; the library draws the rest on a canvas.
// Colours are those of the style when it is first drawn.
import type UPlot from 'uplot'
import type { HistoryView } from '../app/history.ts'
import { element, setAttribute, setText } from './element.ts'
import { type ChartData, type ChartSpec, chartData } from './series.ts'
import { hourAndMinute } from './wording.ts'

/** uPlot.iife.min.js makes it, before the modules run. */
declare const uPlot: typeof UPlot

const HEIGHT = 110
const LEAST_WIDTH = 100

export class Chart {
  readonly #spec: ChartSpec
  readonly #place = element('div', { class: 'plot', role: 'img' })
  readonly #time = element('span')
  readonly #values: readonly HTMLElement[]
  #plot: UPlot | undefined
  #data: ChartData | undefined

  constructor(spec: ChartSpec, parent: HTMLElement) {
    this.#spec = spec
    this.#values = spec.lines.map(() => element('span'))
    const readings = this.#values.map((value, line) => withSwatch(spec, line, value))
    const readout = element('span', { class: 'readout' }, this.#time, ...readings)
    parent.append(
      element('figure', {}, element('figcaption', {}, element('span', {}, spec.title), readout), this.#place),
    )
    new ResizeObserver(() => this.#plot?.setSize(this.#size)).observe(this.#place)
  }

  show(history: HistoryView): void {
    this.#data = chartData(this.#spec, history)
    const { x, y, totals } = this.#data
    const values = [x, ...y].map(list => [...list]) as UPlot.AlignedData
    if (this.#plot) this.#plot.setData(values)
    else this.#plot = new uPlot(this.#options(), values, this.#place)
    setAttribute(this.#place, 'aria-label', `${this.#spec.title}, the last hour: ${totals.join(', ')}`)
    this.#read(this.#plot.cursor.idx ?? null)
  }

  /** The colours have changed: it is drawn anew when it is shown next. */
  forget(): void {
    this.#plot?.destroy()
    this.#plot = undefined
  }

  #read(index: number | null): void {
    const { lines, format } = this.#spec
    const { x, y, totals } = this.#data!
    const at = index === null ? undefined : x[index]
    setText(this.#time, at === undefined ? '' : hourAndMinute(at))
    for (const [line, { label }] of lines.entries()) {
      const value = format(Math.abs(y[line]![index ?? 0] ?? 0))
      setText(this.#values[line]!, at === undefined ? totals[line]! : `${label} ${value}`)
    }
  }

  get #size(): { width: number; height: number } {
    return { width: Math.max(LEAST_WIDTH, this.#place.clientWidth), height: HEIGHT }
  }

  #options(): UPlot.Options {
    const { shape, lines, format, steps } = this.#spec
    const style = getComputedStyle(document.documentElement)
    const colour = (name: string): string => style.getPropertyValue(name).trim()
    const axis: UPlot.Axis = {
      ...{ stroke: colour('--quiet'), font: `11px ${style.fontFamily}`, ticks: { show: false } },
      grid: { stroke: colour('--line'), width: 1 },
    }
    const times: UPlot.Axis = { ...axis, size: 22, space: 55, values: (_, at) => at.map(hourAndMinute) }
    const values: UPlot.Axis = {
      ...{ ...axis, size: 44, space: 26, incrs: [...steps] },
      values: (_, at) => at.map(value => format(Math.abs(value))),
    }
    return {
      ...{ ...this.#size, padding: [6, 4, 0, 0], legend: { show: false } },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: shape === 'line' } },
      scales: { x: { range: () => [this.#data!.from, this.#data!.until] }, y: { range: rangeOf(shape) } },
      axes: [times, values],
      series: [{}, ...lines.map(line => drawn(shape, colour(line.colour), colour(`${line.colour}-fill`)))],
      hooks: { setCursor: [({ cursor }) => this.#read(cursor.idx ?? null)] },
    }
  }
}

/** Lines are told apart by colour, so their readings carry it; one alone needs none. */
function withSwatch({ lines }: ChartSpec, line: number, value: HTMLElement): HTMLElement {
  if (lines.length === 1) return value
  const swatch = element('span', { class: 'swatch' })
  swatch.style.background = `var(${lines[line]!.colour})`
  return element('span', { class: 'reading' }, swatch, value)
}

function drawn(shape: ChartSpec['shape'], stroke: string, fill: string): UPlot.Series {
  if (shape === 'line') return { stroke, fill, width: 1.5, points: { show: false } }
  return {
    stroke,
    fill: stroke,
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars!({ size: [0.7, 12] }),
  }
}

/** From nothing, and never so close that a single one fills it. */
const rangeOf =
  (shape: ChartSpec['shape']) =>
  (_: UPlot, least: number | null, most: number | null): [number, number] => {
    const top = Math.max(1, most ?? 0) * 1.1
    return [shape === 'bar' ? Math.min(-0.2 * top, (least ?? 0) * 1.1) : 0, top]
  }
