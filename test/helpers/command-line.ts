import { main } from '../../src/cli/start.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type Typed = { exitCode: number; stdout: string; stderr: string }

/** The command line in this process, without a terminal, with a home of its own. */
export class CommandLine {
  readonly home = temporaryFolder('cli')
  readonly environment: Record<string, string> = { HOME: this.home, USER: 'marie', LANG: 'en_GB.UTF-8' }

  async type(...argv: string[]): Promise<Typed> {
    let [stdout, stderr] = ['', '']
    const streams = {
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
    }
    const exitCode = await main(argv, this.environment, streams)
    return { exitCode, stdout, stderr }
  }
}

/** What `--json` gave; throws when it is not exactly one document. */
export function documentOf({ stdout }: Typed): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>
}
