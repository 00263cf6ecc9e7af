import { keepCompiled } from './keep-compiled.ts'

// `bascule journal show | head`: nobody listens any more, which must not end a run that goes on
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

keepCompiled(process.env)
// only what is loaded from here on is kept
const { main } = await import('./start.ts')
process.exitCode = await main(process.argv.slice(2), process.env, process)
