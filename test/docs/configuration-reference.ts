// Makes docs/configuration.md out of the schema, so that it cannot say anything else. `npm run docs` writes it.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { SECTIONS } from '../../src/config/schema.ts'

interface JsonSchema {
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** Swapped by a reload; every other key waits for a restart. */
const LIVE_SECTIONS: ReadonlySet<string> = new Set(['squadcast', 'endpoint', 'heartbeat', 'self', 'fallback'])
const LIVE_KEYS: ReadonlySet<string> = new Set(['log.level', 'http.token-file'])

const HEADERS: Readonly<Record<string, string>> = { endpoint: '[[endpoint]]' }

const INTRODUCTION = `# Configuration

<!-- Made from the schema by \`npm run docs\`; a test sees that it is. -->

One file in [TOML](https://toml.io): found at \`--config\`, else \`$KAPACITOR_SQUADCAST_CONFIG\`, else
\`/etc/kapacitor-squadcast/config.toml\`. \`kapacitor-squadcast check\` says what is wrong with it, all at once and each
with its line; an unknown key is an error that names the nearest known one.

- **Paths** that are not absolute start at the folder of the file. In the path of a file that holds a secret, \`$VARIABLE\` stands for
  what the environment has, as in \`url-file = "$CREDENTIALS_DIRECTORY/webhook-url"\`.
- **Secrets** (webhook URLs, tokens, passwords) are never shown, logged or stored. Rather than in this file, keep them in
  files of their own, readable for the service's user alone. Those files are read again when they change.
- **live**: a reload (\`systemctl reload kapacitor-squadcast\`, or SIGHUP) swaps it without a restart. What differs and is not
  live is named in the log, and left.
- At least one \`[[endpoint]]\` is needed, and one of them has to be named \`default\`.
`

export function configurationReference(): string {
  const sections = Object.entries(SECTIONS).map(([name, schema]) => section(name, schema))
  return [INTRODUCTION, ...sections].join('\n')
}

function section(name: string, schema: z.ZodObject): string {
  const { description, properties = {} } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema
  const rows = Object.entries(properties).map(([key, about]) => row(name, key, { about, schema }))
  const table = ['| key | what it is | value | default | live |', '|---|---|---|---|---|', ...rows]
  return [`## \`${HEADERS[name] ?? `[${name}]`}\``, '', description, '', ...table, ''].join('\n')
}

function row(
  section: string,
  key: string,
  { about, schema }: { readonly about: JsonSchema; readonly schema: z.ZodObject },
): string {
  const isLive = LIVE_SECTIONS.has(section) || LIVE_KEYS.has(`${section}.${key}`)
  const shown = about.default === undefined || isEmpty(about.default) ? '' : `\`${toml(about.default)}\``
  const cells = [`\`${key}\``, about.description, expected(schema.shape[key]!), shown, isLive ? 'yes' : '']
  return `| ${cells.map(cell => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`
}

/** What the program itself says that it expected. */
function expected(schema: z.core.$ZodType): string {
  const { error } = z.safeParse(schema, Symbol('nothing that any key takes'))
  return error!.issues[0]!.message
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

const toml = (value: unknown): string => JSON.stringify(value).replaceAll(',', ', ')

export const REFERENCE = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url))

if (import.meta.main) writeFileSync(REFERENCE, configurationReference())
