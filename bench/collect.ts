// Loaded into a sidecar that is measured: on SIGUSR2 it collects its garbage, so that what it holds can be told from
// what V8 has not looked at yet. Not part of the sidecar.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as (how: object) => void
// Memory goes back to the system only where V8 believes that there is hardly any left.
process.on('SIGUSR2', () => collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' }))
