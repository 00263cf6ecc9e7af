import { join } from 'node:path'
import { build } from 'esbuild'
import { repository } from '../paths.ts'

/** The estate's programs that run in machines of their own. */
export const guestPrograms = ['auth', 'courses'] as const
export type GuestProgram = (typeof guestPrograms)[number]

/** One file with all it needs: an emulated CPU and a virtual disk make many small files slow to open. */
export async function bundleProgram(program: GuestProgram): Promise<string> {
  const result = await build({
    entryPoints: [join(repository, 'lab/estate', program, 'main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    external: ['pg-native'],
    write: false,
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}
