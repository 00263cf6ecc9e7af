import { main } from './start.ts'

// `bascule journal show | head`: nobody listens any more, which must not end a run that goes on
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main(process.argv.slice(2), process.env, process)
