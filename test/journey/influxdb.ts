// A stand-in for InfluxDB, for scripts that query it or write to it: it is there, empty, and takes everything.
import type { ExecutionContext } from 'ava'
import { httpServer } from '../squadcast/servers.ts'

/** Starts it; returns what Kapacitor's configuration has to say of it. */
export async function influxdb(t: ExecutionContext): Promise<string> {
  const { port } = await httpServer(t, (request, response) => {
    const isQuery = request.url?.startsWith('/query')
    response.writeHead(isQuery ? 200 : 204, {
      'x-influxdb-version': '1.8.10',
      ...(isQuery && { 'content-type': 'application/json' }),
    })
    response.end(isQuery ? '{"results":[{"statement_id":0}]}' : undefined)
  })
  return `
[[influxdb]]
  enabled = true
  default = true
  name = "default"
  urls = ["http://127.0.0.1:${port}"]
  disable-subscriptions = true
`
}
