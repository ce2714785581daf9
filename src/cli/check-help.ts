// Examples and exit codes, below the help of `check`. A text alone, of 80 columns.

export const CHECK_HELP = `
Beside a running sidecar and without one. No event is sent, and no request to
Squadcast: connections are made, and closed again. As root more is tried, and
less worked out: who may connect, who may read.

✓ fine   ! works, with a warning   ✗ failed   – skipped, with the reason

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 78 bad or missing
configuration; what does not need it is looked at all the same.

Examples:
  kapacitor-squadcast check
  sudo kapacitor-squadcast check --kapacitor-conf /etc/kapacitor/kapacitor.conf
  kapacitor-squadcast check --config ./config.toml --tickscripts ./tick
  kapacitor-squadcast check --json | jq 'select(.outcome == "failed")'`
