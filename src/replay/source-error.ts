// What cannot be played, in a sentence that says why and, where that helps, what to do.

export class SourceError extends Error {}
