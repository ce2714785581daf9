// Joins what other processes ask for to the parts of the daemon that do it.
import type { Dispatcher } from '../delivery/dispatcher.ts'
import type { Book } from '../incident/book.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { EndpointTests } from './endpoint-tests.ts'
import { Instructions } from './instructions.ts'
import type { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'
import type { Tasks } from './tasks.ts'

interface Parts {
  readonly around: Surroundings
  readonly outbox: Outbox
  readonly book: Book
  readonly dispatcher: Dispatcher
  readonly tasks: Tasks
  readonly tests: EndpointTests
  readonly steps: StopSteps
}

/** Resolves when what was asked while no daemon ran is taken. */
export async function openInstructions(parts: Parts): Promise<void> {
  const { around, outbox, book, dispatcher, tasks, tests, steps } = parts
  const { clock, telemetry } = around
  const instructions = new Instructions({
    outbox,
    book,
    clock,
    tests,
    commit: (changes, instruction) => tasks.commit(changes, instruction),
    offer: events => dispatcher.offer(events),
    told: happening => telemetry.instructed(happening),
  })
  steps.add({ name: 'instructions', withinMs: STEP_WITHIN_MS, stop: () => instructions.stop() })
  await instructions.start()
}
