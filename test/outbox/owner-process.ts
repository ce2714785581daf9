// Run as a process of its own: opens the store that is named to it, commits one event, says so, and stays.
import { Outbox } from '../../src/outbox/outbox.ts'
import { openingCommit } from './stored.ts'

const outbox = await Outbox.open(process.argv[2]!, {
  storeFailing() {},
  storeRecovered() {},
  eventUnreadable() {},
})
await outbox.commit(openingCommit(1))
console.log('owned')
