import { parseProperties } from '../config/properties.ts'

/** PVE's own names, as stock QEMU knows them. */
const models: Record<string, string> = {
  host: 'max',
  'x86-64-v2': 'qemu64,+popcnt,+pni,+sse4.1,+sse4.2,+ssse3',
  'x86-64-v2-AES': 'qemu64,+aes,+popcnt,+pni,+sse4.1,+sse4.2,+ssse3',
  'x86-64-v3': 'Haswell-noTSX',
}

/** `cpu: Westmere,flags=+aes;-pcid` as an argument of -cpu. */
export function cpuModel(cpu: string | undefined): string {
  const { cputype = 'kvm64', flags } = parseProperties(cpu ?? '', 'cputype')
  return [models[cputype] ?? cputype, ...(flags?.split(';') ?? [])].join(',')
}
