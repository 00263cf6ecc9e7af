import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Lab } from '../../lab/lab.ts'
import { repository } from '../../lab/paths.ts'

export type Ended = { exitCode: number; stdout: string; stderr: string; output: string }
export type Place = {
  /** Its state directory; left out: a fresh one. */
  state?: string
  /** Laid over the plan and the laboratory's overlay. */
  overlay?: object
  /** Overlay files after that one. */
  files?: string[]
  env?: Record<string, string>
  onLine?: (line: string) => void
}

/** The real command line against a laboratory, as a person would use it; its home and its temporary files are its own. */
export class TypedBascule {
  readonly home: string
  readonly #lab: Lab
  #count = 0

  constructor(lab: Lab, home: string) {
    this.#lab = lab
    this.home = home
  }

  newState(): string {
    this.#count += 1
    return join(this.home, `state-${this.#count}`)
  }

  type(place: Place, ...argv: string[]): Promise<Ended> {
    this.#count += 1
    const own = place.overlay ? [this.#written(place.overlay)] : []
    const child = spawn(join(repository, 'bin/bascule'), argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.home,
        TMPDIR: this.home,
        LANG: 'en_GB.UTF-8',
        BASCULE_BY: 'marie',
        BASCULE_PLAN: join(repository, 'examples/techcorp/plan.yaml'),
        BASCULE_OVERLAY: [this.#lab.overlayFile, ...own, ...(place.files ?? [])].join(':'),
        BASCULE_STATE: place.state ?? this.newState(),
        ...place.env,
      },
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
      for (const line of String(chunk).split('\n')) place.onLine?.(line)
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code =>
        resolve({ exitCode: code ?? -1, stdout, stderr, output: `${stdout}${stderr}` }),
      )
    })
  }

  #written(overlay: object): string {
    const file = join(this.home, `overlay-${this.#count}.yaml`)
    writeFileSync(file, stringify(overlay))
    return file
  }
}
