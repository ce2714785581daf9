// What the daemon starts first, before most of the program is read.
export { bootThread } from '../outbox/boot-thread.ts'
