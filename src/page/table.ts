// Rows and cells of a table that becomes a list of cards where there is little room. The roles are said outright, since
// a table that is laid out otherwise loses its own.
import { element } from './element.ts'

/** @param label the heading of its column; shown beside it in a card. */
export function cell(label: string, ...children: readonly (Node | string)[]): HTMLTableCellElement {
  return element('td', { role: 'cell', 'data-label': label }, ...children)
}

/** The one that says what the row is about. */
export function headCell(label: string, ...children: readonly (Node | string)[]): HTMLTableCellElement {
  return element('th', { role: 'rowheader', scope: 'row', 'data-label': label }, ...children)
}

export const row = (...cells: readonly HTMLElement[]): HTMLTableRowElement =>
  element('tr', { role: 'row' }, ...cells)
