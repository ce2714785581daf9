// TICKscripts of the journeys: the same thresholds for |alert() and for the node, on the points of courses.ts.

export const HOST = '{{ index .Tags "host" }}'

/** A stream of `cpu`, by host and region, and what comes after it. */
export const onCpu = (nodes: string): string => `dbrp "telegraf"."autogen"
var data = stream
    |from()
        .measurement('cpu')
        .groupBy('host', 'region')
${nodes}`

export const LEVEL_FIELDS = `.levelField('level').idField('id').messageField('message').durationField('duration')`

/** How a condition is written: for |alert(), and for the node. */
export const inLambda = (condition: string): string => `lambda: ${condition}`
export const inText = (condition: string): string => `'${condition}'`

const THRESHOLDS = { info: [50, 40], warn: [70, 60], crit: [90, 80] } as const

export function thresholds(write: (condition: string) => string): string {
  const properties = Object.entries(THRESHOLDS).map(([level, [above, reset]]) => {
    const condition = write(`"usage" > ${above}.0`)
    return `.${level}(${condition}).${level}Reset(${write(`"usage" < ${reset}.0`)})`
  })
  return properties.join('\n        ')
}
