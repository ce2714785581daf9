// The agent to compare with, as one would write it well with protobufjs: decodes every request whole, and returns
// each point encoded anew, all of a chunk in one write. With `decoding` it returns none. Not part of the sidecar.
import { createServer } from 'node:net'
import protobuf from 'protobufjs'
import { FrameReader } from '../src/wire/frame.ts'
import { RequestType, ResponseType } from '../test/fakes/udf-types.ts'

interface Decoded {
  readonly message?: 'init' | 'keepalive' | 'point'
  readonly [member: string]: unknown
}

const [path, what] = process.argv.slice(2)

const answerTo = (request: Decoded): object | undefined => {
  if (request.message === 'init') return { init: { success: true } }
  if (request.message === 'keepalive') return { keepalive: request.keepalive }
  return what === 'decoding' ? undefined : { point: request.point }
}

createServer(socket => {
  const reader = new FrameReader(1 << 24)
  socket.on('error', () => {})
  socket.on('data', chunk => {
    const writer = protobuf.Writer.create()
    reader.read(chunk as Buffer, (bytes, start, end) => {
      const answer = answerTo(RequestType.decode(bytes.subarray(start, end)) as unknown as Decoded)
      if (answer) ResponseType.encode(answer, writer.fork()).ldelim()
    })
    if (writer.len > 0) socket.write(writer.finish())
  })
}).listen(path, () => console.error('ready'))
