import { hereMachines, runCommand, UsageError } from './arguments.ts'

const machines = hereMachines()
const kibibytes = (bytes: number): string => String(Math.floor(bytes / 1024)).padStart(15)

const first = (positional: readonly string[], what: string): string => {
  const [value] = positional
  if (value === undefined) throw new UsageError(`400 not enough arguments\n${what}`)
  return value
}

await runCommand('pvesm', {
  path: async ({ positional }) => {
    console.log(machines.volumePath(first(positional, 'pvesm path <volume>')))
  },
  status: async ({ options }) => {
    const columns = ['Total', 'Used', 'Available'].map(column => column.padStart(15))
    console.log(
      `${'Name'.padEnd(12)} ${'Type'.padStart(8)} ${'Status'.padStart(10)} ${columns.join(' ')}        %`,
    )
    for (const one of await machines.listStorages()) {
      if (options.storage !== undefined && options.storage !== one.storage) continue
      if (options.content !== undefined && !one.content.split(',').includes(options.content)) continue
      const amounts = [one.total, one.used, one.avail].map(kibibytes).join(' ')
      const percent = `${(one.used_fraction * 100).toFixed(2)}%`.padStart(8)
      const status = one.enabled ? 'active' : 'disabled'
      console.log(
        `${one.storage.padEnd(12)} ${one.type.padStart(8)} ${status.padStart(10)} ${amounts} ${percent}`,
      )
    }
  },
  list: async ({ positional, options }) => {
    const vmid = options.vmid === undefined ? {} : { vmid: Number(options.vmid) }
    const content = options.content === undefined ? {} : { content: options.content }
    const storage = first(positional, 'pvesm list <storage> [OPTIONS]')
    const volumes = await machines.storageContent(storage, { ...vmid, ...content })
    const width = Math.max(5, ...volumes.map(({ volid }) => volid.length))
    console.log(`${'Volid'.padEnd(width)} Format  Type             Size VMID`)
    for (const { volid, format, content, size, vmid } of volumes)
      console.log(
        `${volid.padEnd(width)} ${format.padEnd(7)} ${content.padEnd(8)} ${String(size).padStart(12)} ${vmid ?? ''}`.trimEnd(),
      )
  },
  free: async ({ positional, options }) => {
    const volume = first(positional, 'pvesm free <volume>')
    const volid = volume.includes(':') ? volume : `${options.storage}:${volume}`
    await machines.deleteVolume(volid)
    console.log(`Removed volume '${volid}'`)
  },
})
