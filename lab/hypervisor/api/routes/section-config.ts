import { existsSync, readFileSync } from 'node:fs'

export type Section = { type: string; id: string; settings: Record<string, string> }

/** PVE's files of sections, `type: id` and indented `key value` lines: storages, HA resources, replication jobs. */
export function readSections(file: string): Section[] {
  const sections: Section[] = []
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const [, type, id] = /^(\w+):\s*(\S+)\s*$/.exec(line) ?? []
    if (type && id) sections.push({ type, id, settings: {} })
    const [, key, value] = /^\s+(\S+)(?:\s+(.*?))?\s*$/.exec(line) ?? []
    const section = sections.at(-1)
    if (key && section) section.settings[key] = value ?? '1'
  }
  return sections
}
