// Whether two settings are the same: a reload asks which of them changed. Secrets are compared, and never shown.
import { Secret } from './secret.ts'

export function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Secret || other instanceof Secret)
    return one instanceof Secret && other instanceof Secret && one.equals(other)
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other)
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every(key => isSame(Reflect.get(one, key), Reflect.get(other, key)))
}
