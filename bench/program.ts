// The program that is measured: what npm publishes, compiled anew from the source that is here.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

let built: string | undefined

/** Path of its main module. Throws where the source does not compile. */
export function publishedProgram(): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  if (built === undefined) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  built = `${root}dist/main.js`
  return built
}
