import { createHash } from 'node:crypto'
import type { Config } from '../types.ts'

/** A file of /etc/pve/qemu-server: what holds now, and below it one section a snapshot. */
export type ConfigText = {
  current: Config
  snapshots: Record<string, Config>
  special: Record<string, Config>
}

/** PVE's digest is SHA-1 of the file as it is. */
export const digestOf = (text: string): string => createHash('sha1').update(text).digest('hex')

/** Unknown lines are left out, as PVE does (it warns). A description stands before the keys, each line after a `#`. */
export function parseConfig(text: string): ConfigText {
  const parsed: ConfigText = { current: {}, snapshots: {}, special: {} }
  let section = parsed.current
  let description: string[] = []
  const endSection = () => {
    if (description.length > 0) section.description = description.join('\n')
    description = []
  }
  for (const line of text.split('\n')) {
    const head = /^\[(special:)?([A-Za-z][\w.-]*)\]\s*$/.exec(line)
    if (head) {
      endSection()
      const name = head[2] ?? ''
      section = {}
      if (head[1] || name === 'PENDING') parsed.special[`${head[1] ?? ''}${name}`] = section
      else parsed.snapshots[name] = section
    } else if (line.startsWith('#')) {
      description.push(decodeLine(line.slice(1)))
    } else {
      const pair = /^([a-z][\w-]*\d*):\s*(.*?)\s*$/.exec(line)
      if (pair?.[1] !== undefined && pair[2]) section[pair[1]] = pair[2]
    }
  }
  endSection()
  return parsed
}

export function formatConfig({ current, snapshots, special }: ConfigText): string {
  const sections = [
    ...Object.entries(special),
    ...Object.entries(snapshots).sort(([a], [b]) => (a < b ? -1 : 1)),
  ].map(([name, config]) => `\n[${name}]\n${formatSection(config)}`)
  return formatSection(current) + sections.join('')
}

function formatSection({ description, ...config }: Config): string {
  const comments =
    description === undefined ? [] : description.split('\n').map(line => `#${encodeLine(line)}`)
  const keys = Object.keys(config).sort()
  return [...comments, ...keys.map(key => `${key}: ${config[key]}`)].map(line => `${line}\n`).join('')
}

/** PVE keeps what is not plain text in a description as %XX. */
const encodeLine = (line: string) =>
  line.replace(/[%\p{Cc}]|[^\p{ASCII}]/gu, character => encodeURIComponent(character))
function decodeLine(line: string): string {
  try {
    return decodeURIComponent(line)
  } catch {
    return line
  }
}
