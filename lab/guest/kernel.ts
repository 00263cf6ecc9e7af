import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../src/model/failure.ts'
import { cacheDirectory, repository } from '../paths.ts'
import { run } from '../shell.ts'

/** Debian's package of the kernel for virtual machines, as `bin/setup` downloaded it; the newest when there are several. */
export function kernelPackage(): string {
  const found = packagesIn(cacheDirectory)
  const newest = found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest) return newest
  throw new Failure(
    { key: 'lab.needs-programs', values: { programs: `linux-image-cloud-amd64 (${cacheDirectory})` } },
    {
      remedy: {
        key: 'lab.needs-programs.remedy',
        values: { command: `bash ${join(repository, 'bin/setup')}` },
      },
    },
  )
}

function packagesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter(name => /^linux-image-.*-cloud-amd64_.*\.deb$/.test(name))
      .map(name => join(directory, name))
  } catch {
    return []
  }
}

export type Kernel = { image: string; modulesDirectory: string }

/** Unpacks the package into a directory; nothing of it is installed on this machine. */
export async function unpackKernel(file: string, directory: string): Promise<Kernel> {
  await run(['dpkg-deb', '-x', file, directory])
  const boot = readdirSync(join(directory, 'boot')).find(name => name.startsWith('vmlinuz-'))
  if (!boot)
    throw new Failure({
      key: 'lab.command-failed',
      values: { command: `dpkg-deb ${file}`, detail: 'no vmlinuz' },
    })
  const version = boot.slice('vmlinuz-'.length)
  return {
    image: join(directory, 'boot', boot),
    modulesDirectory: join(directory, 'lib/modules', version, 'kernel'),
  }
}
