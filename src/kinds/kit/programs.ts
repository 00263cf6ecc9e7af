import type { ReadIo } from '../../model/io.ts'
import { script } from './script.ts'

const missing = script(import.meta.dirname, 'scripts/missing-programs.sh')

/** Which of these programs a host lacks. */
export async function missingPrograms(io: ReadIo, host: string, programs: string[]): Promise<string[]> {
  const { stdout } = await io.read(host, missing.argv(...programs))
  return stdout.split('\n').filter(Boolean)
}
