// Run as a process of its own: opens the store that is named to it, commits one event, says so, and stays.
import { Outbox } from '../../src/outbox/outbox.ts'
import { openingCommit, QUIET, storeAt } from './stored.ts'

const outbox = await Outbox.open(storeAt(process.argv[2]!), QUIET)
await outbox.commit(openingCommit(1))
console.log('owned')
