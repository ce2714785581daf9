// `tasks` with a real Kapacitor: each kind of trouble that a script can make is found in what Kapacitor lists.
import type { StatusView } from '../../src/app/status-view.ts'
import type { TaskReport } from '../../src/app/task-report.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { cpuPoint, stepTime } from './courses.ts'
import { journey } from './scene.ts'
import { HOST, inLambda, LEVEL_FIELDS, onCpu } from './scripts.ts'

const CRIT = `.crit('"usage" > 90')`
const alert = (more: string) =>
  `    |alert()\n        .crit(${inLambda('"usage" > 90')})${more}\n    @squadcast()`

const SCRIPTS = {
  right: onCpu(`    @squadcast().id('right/${HOST}')${CRIT}`),
  'no-level': onCpu(alert('')),
  refused: onCpu(`    @squadcast().crit('usage >')`),
  withholds: onCpu(alert(`${LEVEL_FIELDS}.id('w/${HOST}').topic('w').flapping(0.2, 0.5).noRecoveries()`)),
  // No point gets as far as the field.
  ends: onCpu(
    `    |where(${inLambda('FALSE')})|eval(${inLambda('5m')}).as('limit').keep()\n    @squadcast().id('ends/${HOST}')${CRIT}`,
  ),
  same: onCpu(`    @squadcast().id('right/${HOST}')${CRIT}`),
} as const

journey(
  'each task is listed with how it stands, and what its script does',
  async (t, { kapacitor, sidecar, config }) => {
    for (const [id, script] of Object.entries(SCRIPTS)) await kapacitor.define(id, script)
    await kapacitor.define('other', onCpu(`    |log()`))
    // After the next look at Kapacitor's list.
    await sidecar.logged('task-not-revived', { task: 'refused' })
    for (const task of ['right', 'no-level', 'withholds', 'ends', 'same'])
      await sidecar.logged('node-started', { task })
    await kapacitor.write([cpuPoint('a', 95, stepTime(0))])
    await sidecar.logged('without-levels', { task: 'no-level' })

    const reports = new Map((await jsonOf<TaskReport>(config, 'tasks', '--all')).map(one => [one.task, one]))
    const codes = (task: string): string[] => reports.get(task)!.findings.map(({ code }) => code)
    t.deepEqual([...reports.keys()], ['ends', 'no-level', 'other', 'refused', 'right', 'same', 'withholds'])
    t.is(reports.get('other')!.state, 'unused')
    t.is(reports.get('right')!.nodes.length, 1)
    t.deepEqual(codes('right'), ['same-ids'])
    t.deepEqual(codes('same'), ['same-ids'])
    t.deepEqual(codes('no-level'), ['no-level', 'no-topic'])
    t.true(codes('refused').includes('refused'))
    t.deepEqual(codes('withholds').sort(), ['flapping', 'no-recoveries'])

    t.deepEqual(codes('ends'), ['duration-field'])
    const [status] = await jsonOf<StatusView>(config, 'status')
    const ends = status!.problems.filter(({ code }) => code === 'task-ends-kapacitor')
    t.deepEqual(
      ends.map(({ about, severity }) => [about, severity]),
      [['ends', 'critical']],
    )

    const said = await command(config, 'tasks', '--task', 'no-level')
    t.is(said.code, 1)
    t.regex(said.stdout, /problem {3}no-level, line \d+: .*to do: add \.levelField\('level'\) to it/s)
  },
  { revives: true },
)
