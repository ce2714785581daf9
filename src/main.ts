#!/usr/bin/env node

// The program: arguments in, exit code and signals out; nothing else.
import { ExitCode } from './cli/exit-code.ts'
import { requireNode } from './cli/node-version.ts'

requireNode(process.versions.node)
// What ps and systemctl show; Node's own name for it is "MainThread".
process.title = 'kapacitor-squadcast'
// Not before: what it needs may not even load on an older Node. And not by await, which alone is a mistake in the syntax
// to Node 12: it would tell that instead.
void import('./cli/program.ts').then(async ({ crashText, program }) => {
  // As Node itself ends, but that it would write the message as it is, which may quote anything.
  process.on('uncaughtException', error => {
    process.stderr.write(String(crashText(error)))
    process.exit(ExitCode.failed)
  })
  process.exitCode = await program({
    argv: process.argv.slice(2),
    env: process.env,
    // Only who wants it opens it.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal: (names, handle) => {
      for (const name of names) process.on(name, handle)
    },
    exit: code => process.exit(code),
  })
})

// A closed pipe (`... | head`) is the reader's way to say enough.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(ExitCode.fine)
  throw error
})
