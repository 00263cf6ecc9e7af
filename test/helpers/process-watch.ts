import { readdirSync, readFileSync } from 'node:fs'
import type { Form } from './canaries.ts'
import { programOf, whatShows } from './shown-by-process.ts'

/** Between two looks at all processes of the machine. */
const betweenMilliseconds = 75
/** A process is looked at again: what it is comes after its fork. */
const looksAtEach = 4

export type Watched = {
  /** `argv: …` or `environ: …` of each process that showed a canary. */
  showed: string[]
  /** How many processes were seen, and the names of their programs. */
  processes: number
  programs: Set<string>
}

/**
 * Looks at every process of the machine again and again: those of the laboratory's hosts are among them. Their arguments may
 * show no canary; nor may the environment of those that Bascule started, here or at a host.
 * `given`: the variable that is itself the reference to a secret.
 */
export function watchProcesses(forms: readonly Form[], own: { state: string; given: string }): () => Watched {
  const looks = new Map<string, number>()
  const watched: Watched = { showed: [], processes: 0, programs: new Set() }
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue
      const begun = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[19] ?? ''
      const key = `${pid} ${begun}`
      const count = (looks.get(key) ?? 0) + 1
      if (begun === '' || count > looksAtEach) continue
      looks.set(key, count)
      lookAt(pid)
    }
    watched.processes = looks.size
  }
  const lookAt = (pid: string): void => {
    const argv = read(`/proc/${pid}/cmdline`)
    watched.programs.add(programOf(argv))
    const environ = read(`/proc/${pid}/environ`).split('\0')
    const isOwn = environ.some(
      one => one.startsWith('BASCULE_COMMAND=') || one === `BASCULE_STATE=${own.state}`,
    )
    const owned = isOwn ? environ.filter(one => !one.startsWith(`${own.given}=`)).join('\0') : ''
    watched.showed.push(...whatShows({ argv, environ: owned }, forms))
  }
  const timer = setInterval(look, betweenMilliseconds)
  return () => {
    clearInterval(timer)
    return watched
  }
}

/** Empty when the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
