// What was asked for cannot be played as it was asked: wrong usage, in a sentence that says what would be right.

export class PlanError extends Error {}
