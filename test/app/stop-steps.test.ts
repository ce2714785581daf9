// Stopping: in the opposite order of starting, one step after the other, and past every step that fails or hangs.
import test from 'ava'
import { StopSteps } from '../../src/app/stop-steps.ts'
import { FakeClock, settled } from '../fakes/clock.ts'

class Stage {
  readonly clock = new FakeClock()
  /** What happened, in order. */
  readonly story: string[] = []
  readonly steps = new StopSteps(this.clock, (step, error) =>
    this.story.push(`${step} failed: ${(error as Error).message}`),
  )

  add(name: string, stop: () => Promise<void> | void = () => {}, withinMs = 1000): void {
    const told = (): Promise<void> | void => {
      this.story.push(name)
      return stop()
    }
    this.steps.add({ name, withinMs, stop: told })
  }
}

const never = (): Promise<void> => new Promise(() => {})

test('what started last stops first', async t => {
  const stage = new Stage()
  for (const name of ['store', 'delivery', 'sockets']) stage.add(name)
  await stage.steps.stop()
  t.deepEqual(stage.story, ['sockets', 'delivery', 'store'])
})

test('a step begins when the one before it has ended', async t => {
  const stage = new Stage()
  const { promise, resolve } = Promise.withResolvers<void>()
  stage.add('store')
  stage.add('delivery', () => promise)
  const stopped = stage.steps.stop()
  await settled()
  t.deepEqual(stage.story, ['delivery'])
  resolve()
  await stopped
  t.deepEqual(stage.story, ['delivery', 'store'])
})

test('a failing step is told by its name, and the others still stop', async t => {
  const stage = new Stage()
  stage.add('store')
  stage.add('delivery', () => Promise.reject(new Error('no answer')))
  stage.add('sockets', () => {
    throw new Error('not open')
  })
  await stage.steps.stop()
  t.deepEqual(stage.story, [
    'sockets',
    'sockets failed: not open',
    'delivery',
    'delivery failed: no answer',
    'store',
  ])
})

test('a step that hangs is given its time, and no more', async t => {
  const stage = new Stage()
  stage.add('store')
  stage.add('delivery', never, 5000)
  const stopped = stage.steps.stop()
  await stage.clock.advance(4999)
  t.deepEqual(stage.story, ['delivery'])
  await stage.clock.advance(1)
  await stopped
  t.deepEqual(stage.story, ['delivery', 'delivery failed: delivery did not stop within 5000 ms', 'store'])
})

test('what a step says after its time is over is not heard', async t => {
  const stage = new Stage()
  const { promise, reject } = Promise.withResolvers<void>()
  stage.add('delivery', () => promise)
  const stopped = stage.steps.stop()
  await stage.clock.advance(1000)
  await stopped
  reject(new Error('far too late'))
  await settled()
  t.deepEqual(stage.story, ['delivery', 'delivery failed: delivery did not stop within 1000 ms'])
})

test('no timer is left behind that would keep the process alive', async t => {
  const stage = new Stage()
  stage.add('store', () => Promise.reject(new Error('disk')))
  stage.add('delivery')
  await stage.steps.stop()
  await settled()
  t.is(stage.clock.waiting, 0)
})

test('stopping twice is stopping once', async t => {
  const stage = new Stage()
  const { promise, resolve } = Promise.withResolvers<void>()
  stage.add('store', () => promise)
  const first = stage.steps.stop()
  const second = stage.steps.stop()
  let ended = 0
  for (const stopped of [first, second]) void stopped.then(() => ended++)
  await settled()
  t.is(ended, 0)
  resolve()
  await Promise.all([first, second, stage.steps.stop()])
  t.deepEqual(stage.story, ['store'])
})

test('with nothing started there is nothing to stop', async t => {
  const stage = new Stage()
  await stage.steps.stop()
  t.deepEqual(stage.story, [])
})
