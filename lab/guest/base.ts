import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached, hashOf } from './cache.ts'
import { makeDisk } from './disk.ts'
import { makeInitrd } from './initrd.ts'
import { kernelPackage, unpackKernel } from './kernel.ts'
import { modulesInOrder, wantedModules } from './modules.ts'
import { bootSector } from './parts.ts'
import { bundleProgram, guestPrograms } from './programs.ts'
import { layOutRoot, rootInputs } from './root.ts'

/** The raw disk that all guests begin from: system and programs, no identity and no secret. Made once for the same inputs. */
export async function baseDisk(): Promise<string> {
  const kernel = kernelPackage()
  const bundled = await Promise.all(
    guestPrograms.map(async program => [program, await bundleProgram(program)]),
  )
  const programs = Object.fromEntries(bundled) as Record<string, string>
  const inputs = [kernel, bootSector, import.meta.dirname, ...(await rootInputs())]
  const hash = hashOf(inputs, Object.values(programs))
  return cached(`base-${hash}.raw`, file => makeBase(file, kernel, programs))
}

async function makeBase(file: string, kernelFile: string, programs: Record<string, string>): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'bascule-guest-'))
  try {
    const { image, modulesDirectory } = await unpackKernel(kernelFile, join(work, 'kernel'))
    const initrd = await makeInitrd(modulesInOrder(modulesDirectory, wantedModules), work)
    const rootTree = join(work, 'root')
    await layOutRoot(rootTree, programs)
    // The work directory is private, the guest's root is not.
    chmodSync(rootTree, 0o755)
    await makeDisk(file, { kernel: image, initrd, rootTree })
  } finally {
    rmSync(work, { recursive: true })
  }
}
