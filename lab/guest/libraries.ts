import { run } from '../shell.ts'

/** The shared libraries of these programs, the loader among them, as absolute paths of this machine. */
export async function librariesOf(programs: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const program of programs) {
    const { stdout } = await run(['ldd', program])
    for (const path of parseLdd(stdout)) found.add(path)
  }
  return [...found].sort()
}

/** Lines are `name => /path (0x…)`, `/loader (0x…)`, or the kernel's own library, which has no path. */
export function parseLdd(output: string): string[] {
  return output.split('\n').flatMap(line => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1] ?? [])
}
