// Examples and exit codes, below the help of the commands on the store. Texts alone, of 80 columns.

export const INCIDENTS_HELP = `
A page ends with the number to ask for the next one with.

Examples:
  kapacitor-squadcast incidents
  kapacitor-squadcast incidents --level CRITICAL --endpoint night
  kapacitor-squadcast incidents --all --limit 20 --before 4711
  kapacitor-squadcast incidents resolve 'cpu/alpha'`

export const RESOLVE_HELP = `
The resolve goes the way of any event: stored, in order, paced. Nothing of the
incident is news after that until all its contributors are OK; then it closes
without a word, and its next opening is news as ever. With no sidecar running it
is done at the next start.

Exit codes: 0 done or stored, 1 not open or failed, 2 open at several endpoints.

Examples:
  kapacitor-squadcast incidents resolve 'cpu/alpha'
  kapacitor-squadcast incidents resolve 'cpu/alpha' --endpoint night`

export const EXPLAIN_HELP = `
The last opening, unless another is asked for: the points that changed it, what
was told or why nothing was, each attempt with its answer, and what the next one
waits for. What only a running sidecar knows is said to be unknown.

Examples:
  kapacitor-squadcast explain 'cpu/alpha'
  kapacitor-squadcast explain 'cpu/alpha' --opening 12
  kapacitor-squadcast explain 'cpu/alpha' --all --json | jq .steps`

export const DEAD_LETTERS_HELP = `
Examples:
  kapacitor-squadcast dead-letters list --since 24h
  kapacitor-squadcast dead-letters show 4711
  kapacitor-squadcast dead-letters export > dead-letters.ndjson
  kapacitor-squadcast dead-letters retry --endpoint night --dry-run
  kapacitor-squadcast dead-letters discard 4711 4712`

const CHANGE_CODES = `
Exit codes: 0 done or stored for the next start, 1 some or all were not, 2 wrong
usage, 78 bad configuration.`

export const CHANGE_HELP = {
  retry: `
A trigger whose incident is over is not sent again, since its page would stay
open, nor is anything that a newer event of its incident has overtaken. --force
sends them all the same.
${CHANGE_CODES}

Examples:
  kapacitor-squadcast dead-letters retry --all --dry-run
  kapacitor-squadcast dead-letters retry --fault receiver --since 2h
  kapacitor-squadcast dead-letters retry 4711 --force`,
  discard: `${CHANGE_CODES}

Examples:
  kapacitor-squadcast dead-letters discard 4711
  kapacitor-squadcast dead-letters discard --until 2026-05-01T00:00:00Z`,
} as const

export const TEST_HELP = `
Goes through the sidecar if one runs, so that order and rate hold; else straight
to the receiver, and is counted nowhere. The incident has level INFO, and its
message says that it is a test. The URL is never shown.

Exit codes: 0 both accepted, 1 not, 2 no such endpoint, 78 bad configuration.

Examples:
  kapacitor-squadcast test
  kapacitor-squadcast test --endpoint night --json`
