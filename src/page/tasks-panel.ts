// Kapacitor's tasks and their connections: those in trouble first. Of very many only the first are shown; the counts are
// whole.
import type { StatusView } from '../app/status-view.ts'
import { byId, element, setAttribute, setBadge, setHidden, setText } from './element.ts'
import { type Row, Rows } from './rows.ts'
import { kapacitorOf, type TaskRow, taskRows, taskState } from './standing.ts'
import { cell, headCell, row } from './table.ts'
import { ago, counted, moment, number } from './wording.ts'

const SHOWN = 100

export class TasksPanel {
  #status: StatusView | undefined
  readonly #all = byId<HTMLButtonElement>('tasks-all')
  #showsAll = false
  readonly #rows = new Rows<TaskRow>(
    byId('tasks'),
    ({ task }) => task.task,
    () => this.#row(),
  )

  constructor() {
    this.#all.addEventListener('click', () => {
      this.#showsAll = true
      if (this.#status) this.show(this.#status)
    })
  }

  show(status: StatusView): void {
    this.#status = status
    const rows = taskRows(status.tasks)
    this.#rows.show(this.#showsAll ? rows : rows.slice(0, SHOWN))
    setText(byId('tasks-count'), counted(rows.length, 'task'))
    setText(byId('kapacitor'), kapacitorOf(status))
    setHidden(byId('tasks-table'), rows.length === 0)
    setHidden(byId('tasks-none'), rows.length > 0)
    setHidden(this.#all, this.#showsAll || rows.length <= SHOWN)
    setText(this.#all, `Show all ${number(rows.length)}`)
  }

  #row(): Row<TaskRow> {
    const name = element('span', { class: 'long' })
    const state = element('span')
    const rate = element('span')
    const last = element('time')
    const revived = element('span')
    return {
      root: row(
        headCell('Task', name),
        cell('State', state),
        cell('Points/s', rate),
        cell('Last point', last),
        cell('Revived', revived),
      ),
      update: ({ task, pointsPerSecond, lastPointAt, endpoints }) => {
        const { at } = this.#status!
        setText(name, task.task)
        setAttribute(
          name,
          'title',
          [task.task, endpoints && `to ${endpoints}`, task.why].filter(Boolean).join('\n'),
        )
        setBadge(state, taskState(task))
        setAttribute(state, 'title', task.why ?? '')
        setText(rate, task.nodes.length > 0 ? number(pointsPerSecond) : '')
        setText(last, lastPointAt ? ago(lastPointAt, at) : task.nodes.length > 0 ? 'none yet' : '')
        setAttribute(last, 'datetime', lastPointAt ?? '')
        setAttribute(last, 'title', lastPointAt ? moment(lastPointAt) : '')
        setText(revived, task.revived > 0 ? `${number(task.revived)} ×` : '')
      },
    }
  }
}
