import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import { Failure } from '../../src/model/failure.ts'
import { portrait, source, target } from './files-trees.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

/** The laboratory of the suite that runs. */
export let sites: TwoSites

/** Call in a `describe`. `rsync`: a program that both hosts then have in place of the machine's own. */
export function withSites(name: string, rsync?: string): void {
  beforeAll(async () => {
    const component = {
      id: 'files',
      spec: { source: { host: 'files', path: '/srv/files' }, target: { host: 'files', path: '/srv/files' } },
    }
    sites = await raiseTwoSites(kind, component, { name })
    if (rsync !== undefined) await Promise.all([source, target].map(host => replaceRsync(host, rsync)))
  })
  afterAll(async () => {
    await sites?.close()
  })
}

/** A host's mounts are its own: the machine and other laboratories keep theirs. */
const replaceRsync = (host: string, program: string): Promise<string> =>
  sites.at(
    host,
    `base64 -d >/var/lib/rsync-of-the-test; chmod 755 /var/lib/rsync-of-the-test
     mount --bind /var/lib/rsync-of-the-test "$(command -v rsync)"`,
    readFileSync(program, 'base64'),
  )

export const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (failure instanceof Failure) return failure
  throw new Error('it was to end with a Failure', { cause: failure })
}

export const equalTrees = async (): Promise<void> =>
  expect(await portrait(sites, target)).toBe(await portrait(sites, source))

/** Changes a file's content and leaves its size and its times as they were, as damage does. */
export const damage = (host: string, path: string): Promise<string> =>
  sites.at(
    host,
    `cd /srv/files; touch -r '${path}' /tmp/times
     printf X | dd of='${path}' bs=1 seek=1 conv=notrunc status=none; touch -r /tmp/times '${path}'`,
  )
