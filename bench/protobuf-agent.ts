// The agent to compare with, as one would write it with protobufjs: decodes every request whole, and returns each
// point encoded anew. Not part of the sidecar.
import { createServer } from 'node:net'
import { FrameReader, frame } from '../src/wire/frame.ts'
import { RequestType, ResponseType } from '../test/fakes/udf-types.ts'

interface Decoded {
  readonly message?: 'init' | 'keepalive' | 'point'
  readonly [member: string]: unknown
}

const answerTo = (request: Decoded): object => {
  if (request.message === 'init') return { init: { success: true } }
  if (request.message === 'keepalive') return { keepalive: request.keepalive }
  return { point: request.point }
}

createServer(socket => {
  const reader = new FrameReader(1 << 24)
  socket.on('error', () => {})
  socket.on('data', chunk => {
    socket.cork()
    reader.read(chunk as Buffer, (bytes, start, end) => {
      const request = RequestType.decode(bytes.subarray(start, end)) as unknown as Decoded
      socket.write(frame(Buffer.from(ResponseType.encode(answerTo(request)).finish())))
    })
    socket.uncork()
  })
}).listen(process.argv[2], () => console.error('ready'))
