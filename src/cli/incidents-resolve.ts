// `incidents resolve ID`: tells that an incident is over, though its contributors are not OK.
import { isFailed } from '../app/instruction-forms.ts'
import { type Resolving, resolveByHand } from '../app/resolving.ts'
import { systemClock } from '../app/system-clock.ts'
import { terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withSettings, wrongUsage } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'

export interface ResolveOptions extends StoreOptions {
  readonly endpoint?: string
}

export function resolveCommand(
  id: string,
  options: ResolveOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  return withSettings(options, around, async ({ store: { path } }) => {
    const { endpoint } = options
    const resolving = await resolveByHand(path, { id, endpoint }, systemClock)
    return tell(id, resolving, { around, asJson: options.json === true })
  })
}

function tell(
  id: string,
  resolving: Resolving,
  { around, asJson }: { readonly around: CommandSurroundings; readonly asJson: boolean },
): ExitCode {
  if (resolving.found === 'none') return failed(around, `no incident '${id}' is open: see \`incidents\``)
  if (resolving.found === 'several')
    return wrongUsage(
      around,
      `'${id}' is open at ${resolving.endpoints.join(', ')}: say which with --endpoint`,
    )
  const { endpoint } = resolving
  if (resolving.found === 'muted') return result('muted', `'${id}' was resolved by hand before`)
  const { reply } = resolving
  if (reply.state === 'late')
    return failed(around, 'the sidecar has not answered yet; it is stored, and will be done')
  if (reply.state === 'later')
    return result('later', `no sidecar runs: '${id}' will be resolved at its next start`)
  if (isFailed(reply.answer)) return failed(around, reply.answer.error)
  if (reply.answer.result === 'not-open') return failed(around, `'${id}' has closed in the meantime`)
  const rest = reply.answer.result === 'muted' ? '; told no more until all have recovered' : ''
  return result(reply.answer.result, `resolved '${id}' at ${endpoint}${rest}`)

  function result(state: string, text: string): ExitCode {
    if (asJson) json(around, { id, endpoint, result: state })
    else around.stdout.write(terminal`${text}\n`)
    return ExitCode.fine
  }
}
