// The charts of the last hour, drawn anew when the reader's scheme of colours changes.
import type { HistoryView } from '../app/history.ts'
import { Chart } from './chart.ts'
import { byId, setHidden } from './element.ts'
import { CHARTS } from './series.ts'

export class ChartsPanel {
  readonly #charts = CHARTS.map(spec => new Chart(spec, byId('charts')))
  #history: HistoryView | undefined

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      for (const chart of this.#charts) chart.forget()
      if (this.#history) this.show(this.#history)
    })
  }

  show(history: HistoryView): void {
    this.#history = history
    const isEmpty = history.series.points.length === 0
    setHidden(byId('charts'), isEmpty)
    setHidden(byId('charts-none'), !isEmpty)
    if (!isEmpty) for (const chart of this.#charts) chart.show(history)
  }
}
