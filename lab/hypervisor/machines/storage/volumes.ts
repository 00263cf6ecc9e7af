import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { runTool } from '../run-tool.ts'
import { createImage, infoOfImage } from './commands.ts'
import { findStorage } from './configuration.ts'
import { type ImageFormat, typeOf } from './types-of-storage.ts'

export type VolumePlace = { volid: string; storage: string; path: string; format: ImageFormat }

/** Where a volume is; whether it is there is another question. */
export function placeOf(host: Host, volid: string): VolumePlace {
  const [, name = '', volume = ''] = /^([A-Za-z][\w.-]*):(.+)$/.exec(volid) ?? []
  if (!name) throw new Refusal(`unable to parse volume ID '${volid}'`)
  const storage = findStorage(host, name)
  const type = typeOf(storage)
  const path = type.path(storage, volume)
  if (path === undefined) throw new Refusal(`unable to parse directory volume name '${volume}'`)
  return { volid, storage: name, path: host.at(path), format: type.formatOf(volume) }
}

export function existingPlace(host: Host, volid: string): VolumePlace {
  const place = placeOf(host, volid)
  if (!existsSync(place.path)) throw new Refusal(`volume '${volid}' does not exist`)
  return place
}

export type ImageInfo = {
  format: string
  virtualBytes: number
  usedBytes: number
  snapshots: string[]
  backing: string | undefined
}

/** Also of a disk that a running machine holds. */
export async function imageInfo(path: string, format: ImageFormat): Promise<ImageInfo> {
  const { stdout } = await runTool(infoOfImage(path, format))
  const info = JSON.parse(stdout) as {
    format: string
    'virtual-size': number
    'actual-size': number
    snapshots?: { name: string }[]
    'backing-filename'?: string
  }
  return {
    format: info.format,
    virtualBytes: info['virtual-size'],
    usedBytes: info['actual-size'],
    snapshots: (info.snapshots ?? []).map(({ name }) => name),
    backing: info['backing-filename'],
  }
}

/** The name that PVE would take: vm-101-disk-0, or the first number that is free on this storage. */
function freeName(directory: string, vmid: number): string {
  const taken = new Set(existsSync(directory) ? readdirSync(directory).map(file => file.split('.')[0]) : [])
  for (let number = 0; ; number++) {
    const name = `vm-${vmid}-disk-${number}`
    if (!taken.has(name)) return name
  }
}

/** Two askers never get the same place. */
function claimFile(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Refusal(`disk image '${path}' already exists`)
  }
}

/** A place for a new disk: an empty file, until an image is made there. `format` must be one that the storage takes. */
export function newPlace(
  host: Host,
  request: { storage: string; vmid: number; format?: ImageFormat; name?: string },
): VolumePlace {
  const storage = findStorage(host, request.storage)
  if (!storage.content.includes('images'))
    throw new Refusal(`storage '${storage.name}' does not support content-type 'images'`)
  const type = typeOf(storage)
  const format = request.format ?? type.defaultFormat
  if (!type.formats.includes(format)) throw new Refusal(`unsupported format '${format}'`)
  const directory = host.at(type.imageDirectory(storage, request.vmid))
  const given = request.name?.replace(/\.(qcow2|raw)$/, '')
  const file = type.imageName(request.vmid, given ?? freeName(directory, request.vmid), format)
  const path = join(directory, file)
  mkdirSync(directory, { recursive: true })
  claimFile(path)
  return {
    volid: `${storage.name}:${type.volumeName(request.vmid, file)}`,
    storage: storage.name,
    path,
    format,
  }
}

/** The format wanted where the storage takes it, else what the storage takes: as PVE decides when it restores. */
export function acceptedFormat(host: Host, storageName: string, wanted: string): ImageFormat {
  const type = typeOf(findStorage(host, storageName))
  return type.formats.find(format => format === wanted) ?? type.defaultFormat
}

export async function allocate(
  host: Host,
  request: { storage: string; vmid: number; sizeBytes: number; format?: ImageFormat; name?: string },
): Promise<VolumePlace> {
  const place = newPlace(host, request)
  await runTool(createImage(place.path, place.format, request.sizeBytes))
  return place
}

export function removeVolume(host: Host, volid: string): void {
  const { path } = existingPlace(host, volid)
  rmSync(path)
  if (/^\d+$/.test(basename(dirname(path)))) removeEmpty(dirname(path))
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

export const changedAtSeconds = (path: string): number => Math.floor(statSync(path).mtimeMs / 1000)
