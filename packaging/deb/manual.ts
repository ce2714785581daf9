// The manual page, made of the program's own help, so that it cannot say anything else. Pure.

export interface Help {
  readonly version: string
  readonly summary: string
  /** By the words of the command; the program's own under ''. */
  readonly of: Readonly<Record<string, string>>
  /** Seconds since 1970. */
  readonly epoch: number
}

export function manualPage({ version, summary, of, epoch }: Help): string {
  const { '': own = '', ...commands } = of
  const date = new Date(epoch * 1000).toISOString().slice(0, 10)
  return [
    `.TH KAPACITOR\\-SQUADCAST 1 ${date} "kapacitor\\-squadcast ${roff(version)}" "User Commands"`,
    `.SH NAME\nkapacitor\\-squadcast \\- ${roff(summary)}`,
    '.SH SYNOPSIS\n.B kapacitor\\-squadcast\nCOMMAND [options]',
    `.SH DESCRIPTION\n${verbatim(own)}`,
    '.SH COMMANDS',
    ...Object.entries(commands).map(([words, text]) => `.SS ${roff(words)}\n${verbatim(text)}`),
    '.SH FILES',
    ...FILES.map(([path, what]) => `.TP\n.I ${roff(path)}\n${roff(what)}`),
    `.SH "SEE ALSO"\n${roff('/usr/share/doc/kapacitor-squadcast/README.md')}\n`,
  ].join('\n')
}

/** Names of the commands in a help, in its order. */
export const commandsIn = (help: string): string[] =>
  [...(/^Commands:\n((?: {2}.*\n?)*)/m.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name]) => name!)
    .filter(name => name !== 'help')

const FILES = [
  ['/etc/kapacitor-squadcast/config.toml', 'The configuration.'],
  ['/etc/kapacitor-squadcast/webhook-url', 'The secret URL; readable for root alone.'],
  ['/var/lib/kapacitor-squadcast', 'What is open and what is not delivered yet.'],
  ['/run/kapacitor-squadcast', 'The sockets that Kapacitor connects to.'],
] as const

const verbatim = (text: string): string => `.nf\n${roff(text.trimEnd())}\n.fi`

const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
