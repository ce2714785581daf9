// A store that answers when the test says so, in whatever order.
export class Commits {
  readonly #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = []

  /** To be passed as the `commit` of a conversation. */
  readonly commit = (): Promise<void> =>
    new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))

  get count(): number {
    return this.#waiting.length
  }

  /** Keeps the promise of the commit that was asked for as number `index`, from 0. */
  async keep(index: number): Promise<void> {
    this.#waiting[index]!.resolve()
    await this.#noticed()
  }

  async break(index: number): Promise<void> {
    this.#waiting[index]!.reject(new Error('the store will never have it'))
    await this.#noticed()
  }

  #noticed(): Promise<void> {
    return new Promise(resolve => setImmediate(resolve))
  }
}
