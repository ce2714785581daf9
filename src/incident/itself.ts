// Who speaks for the sidecar itself. No task of Kapacitor can have this name: theirs hold no blank.

/** Contributors of it have a group each: what is wrong, and with what. */
export const ITSELF = { task: 'kapacitor-squadcast itself', node: 'watch' } as const
