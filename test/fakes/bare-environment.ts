// What a process that a test starts sees of the environment: where programs are; and where Node keeps what it has
// compiled, which halves the time that each needs to start.
const { PATH, NODE_COMPILE_CACHE } = process.env

export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = {
  ...(PATH !== undefined && { PATH }),
  ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
}
