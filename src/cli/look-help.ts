// Examples and exit codes, below the help of the commands that look at what runs. Texts alone, of 80 columns.
import { kindsText } from './kinds.ts'

export const STATUS_HELP = `
Asks the listener of the sidecar that runs ([http] bind-address), for 5 s at
most. Where none runs, its store still tells what is open and waits.

Exit codes, as monitoring plugins have them: 0 fine, 1 warning, 2 critical, or
no sidecar runs, 3 it cannot be asked (listener off, wrong token). Also 2 wrong
usage, 78 bad configuration; with --plugin that is 3.

Examples:
  kapacitor-squadcast status
  kapacitor-squadcast status --plugin
  kapacitor-squadcast status --json | jq .problems`

export const TAIL_HELP = `
Follows the live feed of the sidecar that runs ([http] bind-address), and comes
back by itself when the sidecar is restarted. Ctrl-C ends it. Filters are joined
by and; one that repeats means any of its values.

With --since: all that the sidecar still remembers, and before that the events
in its store, where this user may read it. Lines of the store have no number in
JSON, and "history": true.

Kinds:
${kindsText()}
Exit codes: 0 ended by Ctrl-C or a closed pipe, 1 nobody to listen to, 2 wrong
usage, 78 bad configuration.

Examples:
  kapacitor-squadcast tail
  kapacitor-squadcast tail --since 10m --level CRITICAL
  kapacitor-squadcast tail --task cpu --kind trigger --kind resolve
  kapacitor-squadcast tail --json | jq -r .text`

export const TASKS_HELP = `
Asks Kapacitor ([kapacitor] url) and the sidecar that runs, each for 5 s at
most; one of them may be away. For each task: whether it is connected, what
comes from it, and what its script does that somebody should know of. States
are those of docs/operations.md; unknown: no sidecar to ask, unused: with --all,
it uses none of our functions.

Exit codes: 0 nothing needs anybody, 1 a problem or a warning of a task that is
not disabled, or one of the two is away, 2 wrong usage, 78 bad configuration.
Notes need nobody.

Examples:
  kapacitor-squadcast tasks
  kapacitor-squadcast tasks --task cpu_alert
  kapacitor-squadcast tasks --json | jq 'select(.needsSomebody)'`
