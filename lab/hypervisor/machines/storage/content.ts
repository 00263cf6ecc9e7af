import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { findConfig, machineIds } from '../config/files.ts'
import { drivesOf } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import type { StorageStatus, Volume } from '../types.ts'
import { findStorage, readStorages, type StorageDefinition } from './configuration.ts'
import { typeOf } from './types-of-storage.ts'
import { changedAtSeconds, existingPlace, imageInfo, placeOf, removeVolume } from './volumes.ts'

export const listStorages = (host: Host): StorageStatus[] =>
  readStorages(host).map(storage => statusOfStorage(host, storage))

function statusOfStorage(host: Host, storage: StorageDefinition): StorageStatus {
  const base = host.at(typeOf(storage).base(storage))
  if (!storage.disabled) mkdirSync(base, { recursive: true })
  const file = storage.disabled ? { blocks: 0, bavail: 0, bfree: 0, bsize: 0 } : statfsSync(base)
  const total = file.blocks * file.bsize
  const used = (file.blocks - file.bfree) * file.bsize
  const [active, enabled] = storage.disabled ? ([0, 0] as const) : ([1, 1] as const)
  return {
    ...{ storage: storage.name, type: storage.type, content: storage.content.join(','), active, enabled },
    shared: storage.properties.shared === '1' ? 1 : 0,
    ...{ total, used, avail: file.bavail * file.bsize, used_fraction: total > 0 ? used / total : 0 },
  }
}

/** What is on a storage, of the kinds it is for. */
export async function storageContent(
  host: Host,
  name: string,
  filter: { content?: string; vmid?: number } = {},
): Promise<Volume[]> {
  const storage = findStorage(host, name)
  const wanted = storage.content.filter(kind => filter.content === undefined || kind === filter.content)
  const volumes: Volume[] = []
  if (wanted.includes('images')) volumes.push(...(await images(host, storage)))
  if (wanted.includes('backup')) volumes.push(...backups(host, storage))
  if (wanted.includes('iso')) volumes.push(...isos(host, storage))
  return volumes.filter(({ vmid }) => filter.vmid === undefined || vmid === filter.vmid)
}

async function images(host: Host, storage: StorageDefinition): Promise<Volume[]> {
  const type = typeOf(storage)
  const root = host.at(type.imagesRoot(storage))
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).sort() : []
  const found = files.map(async (inside): Promise<Volume[]> => {
    const file = basename(inside)
    const vmid = Number(/^(?:vm|base)-(\d+)-[^/]*$/.exec(file)?.[1])
    const path = join(root, inside)
    if (!vmid || !statSync(path, { throwIfNoEntry: false })?.isFile()) return []
    const format = type.formatOf(file)
    const volid = `${storage.name}:${type.volumeName(vmid, file)}`
    try {
      const { virtualBytes: size, usedBytes: used } = await imageInfo(path, format)
      return [{ volid, content: 'images', format, size, used, ctime: changedAtSeconds(path), vmid }]
    } catch {
      return [] // gone meanwhile, or not an image
    }
  })
  return (await Promise.all(found)).flat()
}

const archivePattern = /^vzdump-qemu-(\d+)-(\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d)\.(vma(?:\.(?:zst|gz|lzo))?)$/

function backups(host: Host, storage: StorageDefinition): Volume[] {
  const directory = host.at(typeOf(storage).base(storage), 'dump')
  return filesIn(directory).flatMap(file => {
    const [, vmid, , format] = archivePattern.exec(file) ?? []
    if (vmid === undefined || format === undefined) return []
    const path = join(directory, file)
    const notes = existsSync(`${path}.notes`) ? readFileSync(`${path}.notes`, 'utf8') : undefined
    return [
      {
        ...{
          volid: `${storage.name}:backup/${file}`,
          content: 'backup' as const,
          subtype: 'qemu' as const,
          format,
        },
        ...{ size: statSync(path).size, ctime: changedAtSeconds(path), vmid: Number(vmid) },
        ...(notes === undefined ? {} : { notes: notes.split('\n')[0] ?? '' }),
        ...(existsSync(`${path}.protected`) ? { protected: 1 as const } : {}),
      },
    ]
  })
}

function isos(host: Host, storage: StorageDefinition): Volume[] {
  const directory = host.at(typeOf(storage).base(storage), 'template/iso')
  return filesIn(directory)
    .filter(file => /\.(iso|img)$/.test(file))
    .map(file => {
      const path = join(directory, file)
      const volid = `${storage.name}:iso/${file}`
      return {
        volid,
        content: 'iso',
        format: 'iso',
        size: statSync(path).size,
        ctime: changedAtSeconds(path),
      }
    })
}

const filesIn = (directory: string): string[] => (existsSync(directory) ? readdirSync(directory).sort() : [])

/** A disk that a machine has in its configuration stays; a backup takes its log and notes with it. */
export function deleteVolume(host: Host, volid: string): void {
  const { path } = existingPlace(host, volid)
  const owner = machineIds(host).find(vmid => {
    const drives = drivesOf(findConfig(host, vmid)?.current ?? {})
    return drives.some(drive => drive.volid === volid)
  })
  if (owner !== undefined) {
    const running = runningPid(host, owner) === undefined ? '' : ' and running'
    throw new Refusal(`cannot remove volume '${volid}' - used by VM ${owner}${running}`)
  }
  if (existsSync(`${path}.protected`))
    throw new Refusal(`can't remove archive '${volid}' - archive is protected`)
  removeVolume(host, volid)
  if (!placeOf(host, volid).path.includes('/dump/')) return
  rmSync(`${path}.notes`, { force: true })
  rmSync(path.replace(/\.vma(\.\w+)?$/, '.log'), { force: true })
}
