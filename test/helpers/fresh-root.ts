import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { cacheDirectory } from '../../lab/paths.ts'

/** What a machine has besides the smallest Debian: what the package depends on, and a reader of manual pages. No network in the tests. */
const include = 'openssh-client,man-db'

/**
 * A Debian of its own, unpacked into that folder. It is made once with mmdebstrap and kept where `bin/setup` keeps what the
 * laboratory downloads. What runs there sees its own processes, no network, and no directory of this machine.
 */
export async function freshRoot(suite: 'bookworm' | 'trixie', folder: string) {
  await execa('tar', ['-C', folder, '-xf', await archiveOf(suite)])
  const run = async (...argv: string[]): Promise<string> => {
    const script = 'mount -t proc proc "$1/proc" && root=$1 && shift && exec chroot "$root" "$@"'
    const isolated = [
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      script,
      'root',
      folder,
    ]
    const { stdout } = await execa('unshare', [...isolated, ...argv], {
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        LANG: 'C.UTF-8',
      },
      extendEnv: false,
      // of no installation
      cwd: '/',
    })
    return stdout
  }
  return {
    run,
    /** A file or folder of this machine, to that path there. */
    async bring(from: string, path: string): Promise<void> {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      await execa('cp', ['-RL', from, join(folder, path)])
    },
    /** What there is, but for what is written by whoever was there: package manager, logs, caches and a person’s own. */
    async files(): Promise<string[]> {
      const written = ['/proc', '/root', '/tmp', '/var/lib/dpkg', '/var/log', '/var/cache']
      const left = written.flatMap(path => ['-path', join(folder, path), '-prune', '-o'])
      const { stdout } = await execa('find', [folder, ...left, '-printf', '%P\n'])
      return stdout.split('\n').toSorted()
    },
  }
}

async function archiveOf(suite: string): Promise<string> {
  const archive = join(cacheDirectory, `${suite}-${include.replaceAll(',', '-')}.tar`)
  if (existsSync(archive)) return archive
  mkdirSync(cacheDirectory, { recursive: true })
  // whole or not there: another test may look for it meanwhile
  const part = `${archive}.${process.pid}`
  const options = ['--variant=apt', `--include=${include}`, '--format=tar']
  try {
    await execa('mmdebstrap', [...options, suite, part])
    renameSync(part, archive)
  } finally {
    rmSync(part, { force: true })
  }
  return archive
}
