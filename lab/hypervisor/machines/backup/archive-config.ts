import { drivesOf } from '../config/properties.ts'
import { formatConfig } from '../config/text.ts'
import { nodeOf } from '../qemu/commands.ts'
import type { Config } from '../types.ts'

/** The file's name inside an archive. */
export const configName = 'qemu-server.conf'

export type DriveInArchive = { key: string; device: string; storage: string; format: string }

/** The machine as it is to come back: no lock, no snapshots; where each disk was, for the one who restores. */
export function formatArchiveConfig(config: Config, formats: Record<string, string>): string {
  const { lock: _, parent: __, ...kept } = config
  const maps = drivesOf(config).map(
    ({ key, volid }) =>
      `#qmdump#map:${key}:${nodeOf(key)}:${volid.split(':')[0]}:${formats[key] ?? 'raw'}:\n`,
  )
  return formatConfig({ current: kept, snapshots: {}, special: {} }) + maps.join('')
}

/** Takes the two apart again. */
export function splitArchiveConfig(text: string): { config: string; drives: DriveInArchive[] } {
  const drives: DriveInArchive[] = []
  const rest = text.split('\n').filter(line => {
    const map = /^#qmdump#map:(\w+):([\w-]+):([^:]*):([^:]*):$/.exec(line)
    if (map?.[1] && map[2])
      drives.push({ key: map[1], device: map[2], storage: map[3] || 'local', format: map[4] || 'raw' })
    return !line.startsWith('#qmdump#')
  })
  return { config: rest.join('\n'), drives }
}
