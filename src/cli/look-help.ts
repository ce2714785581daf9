// Examples and exit codes, below the help of the commands that look at what runs. Texts alone, of 80 columns.

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
