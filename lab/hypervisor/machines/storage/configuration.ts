import { readFileSync } from 'node:fs'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'

export type StorageDefinition = {
  name: string
  type: string
  content: string[]
  disabled: boolean
  properties: Record<string, string>
}

/** What PVE assumes without a storage.cfg. */
const standard = 'dir: local\n\tpath /var/lib/vz\n\tcontent backup,iso,vztmpl,images\n'

/** `/etc/pve/storage.cfg`: a head `type: name`, then one indented property a line. */
export function parseStorages(text: string): StorageDefinition[] {
  const storages: StorageDefinition[] = []
  for (const line of text.split('\n')) {
    const head = /^([a-z][\w-]*):\s*([A-Za-z][\w.-]*)\s*$/.exec(line)
    const property = /^\s+([\w-]+)(?:\s+(.*?))?\s*$/.exec(line)
    const last = storages.at(-1)
    if (head?.[1] && head[2])
      storages.push({ name: head[2], type: head[1], content: ['images'], disabled: false, properties: {} })
    else if (property?.[1] && last) {
      if (property[1] === 'content') last.content = (property[2] ?? '').split(/[,\s]+/).filter(Boolean)
      else if (property[1] === 'disable') last.disabled = true
      else last.properties[property[1]] = property[2] ?? '1'
    }
  }
  return storages
}

export function readStorages(host: Host): StorageDefinition[] {
  try {
    return parseStorages(readFileSync(host.at('/etc/pve/storage.cfg'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return parseStorages(standard)
    throw error
  }
}

export function findStorage(host: Host, name: string): StorageDefinition {
  const found = readStorages(host).find(storage => storage.name === name)
  if (!found) throw new Refusal(`storage '${name}' does not exist`)
  if (found.disabled) throw new Refusal(`storage '${name}' is disabled`)
  return found
}
