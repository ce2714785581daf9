// Which alert stands before a node, by Kapacitor's graph of the task.
import test from 'ava'
import { upstreamAlert } from '../../src/kapacitor/dot.ts'

const graph = (...edges: readonly string[]): string => `digraph cpu {\n${edges.join(';\n')};\n}`

test('the alert right before the node is found, in the graph of a task that executes too', t => {
  const executing = `digraph cpu {
graph [throughput="0.00 points/s"];

stream0 [avg_exec_time_ns="0s" errors="0" working_cardinality="0" ];
stream0 -> from1 [processed="0"];

from1 -> alert2 [processed="12"];
alert2 -> squadcast3 [processed="3"];
}`
  const found = { alert: 'alert2', index: 0, isDirect: true }
  t.deepEqual(upstreamAlert(executing, 'squadcast3'), found)
  t.deepEqual(
    upstreamAlert(graph('stream0 -> from1', 'from1 -> alert2', 'alert2 -> squadcast3'), 'squadcast3'),
    found,
  )
})

test('with something in between it is not direct, and alerts count in the order of their numbers', t => {
  const dot = graph(
    'from1 -> alert12',
    'alert12 -> where13',
    'where13 -> squadcast14',
    'from1 -> alert2',
    'alert2 -> squadcast3',
  )
  t.deepEqual(upstreamAlert(dot, 'squadcast14'), { alert: 'alert12', index: 1, isDirect: false })
  t.deepEqual(upstreamAlert(dot, 'squadcast3'), { alert: 'alert2', index: 0, isDirect: true })
})

test('of an alert behind an alert the nearer one counts', t => {
  const dot = graph('alert1 -> alert2', 'alert2 -> squadcast3')
  t.is(upstreamAlert(dot, 'squadcast3')?.alert, 'alert2')
})

test('there is none where there is no alert, more than one, or no such node', t => {
  t.is(upstreamAlert(graph('from1 -> squadcast2'), 'squadcast2'), undefined)
  t.is(
    upstreamAlert(graph('alert1 -> union3', 'alert2 -> union3', 'union3 -> squadcast4'), 'squadcast4'),
    undefined,
  )
  t.is(upstreamAlert(graph('alert1 -> squadcast2'), 'squadcast9'), undefined)
  t.is(upstreamAlert('', 'squadcast2'), undefined)
})
