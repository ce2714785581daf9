// Endpoints: how each stands, what waits for it, its last answer and its next try; and of the minute's requests, how many
// are used.
import type { EndpointView, StatusView } from '../app/status-view.ts'
import { byId, element, setAttribute, setBadge, setHidden, setText } from './element.ts'
import { type Row, Rows } from './rows.ts'
import { endpointState, lastAnswerOf, waitingOf } from './standing.ts'
import { cell, headCell, row } from './table.ts'
import { moment, number, since, until } from './wording.ts'

export class EndpointsPanel {
  #status: StatusView | undefined
  readonly #rows = new Rows<EndpointView>(
    byId('endpoints'),
    ({ name }) => name,
    () => this.#row(),
  )

  show(status: StatusView): void {
    this.#status = status
    this.#rows.show(status.endpoints)
    const { used, rate, reserved } = status.budget
    const share = rate > 0 ? Math.min(1, used / rate) : 0
    setText(
      byId('budget'),
      `${number(used)} of ${number(rate)} requests used this minute; the last ${number(reserved)} are CRITICAL's`,
    )
    byId('budget-used').style.width = `${Math.round(share * 100)}%`
    setAttribute(byId('budget-used'), 'class', share >= 1 ? 'critical' : share >= 0.9 ? 'warning' : 'ok')
    setHidden(byId('limited'), status.limitedUntil === undefined)
    if (status.limitedUntil)
      setText(
        byId('limited'),
        `Squadcast asked for a pause: nothing is sent before ${until(status.limitedUntil, status.at)}.`,
      )
  }

  #row(): Row<EndpointView> {
    const name = element('span', { class: 'long' })
    const state = element('span')
    const waiting = element('span')
    const answer = element('span', { class: 'long' })
    const next = element('span')
    return {
      root: row(
        headCell('Endpoint', name),
        cell('State', state),
        cell('Waiting', waiting),
        cell('Last answer', answer),
        cell('Next try', next),
      ),
      update: endpoint => {
        const { at } = this.#status!
        const { oldestPendingAt, nextTryAt, lastAnswer } = endpoint
        setText(name, endpoint.name)
        setBadge(state, endpointState(endpoint))
        setText(waiting, waitingOf(endpoint))
        setAttribute(waiting, 'title', oldestPendingAt ? `the oldest for ${since(oldestPendingAt, at)}` : '')
        setText(answer, lastAnswerOf(endpoint, at))
        setAttribute(answer, 'title', lastAnswer ? `${moment(lastAnswer.at)}\n${lastAnswer.text}` : '')
        setText(next, nextTryAt ? until(nextTryAt, at) : '')
      },
    }
  }
}
