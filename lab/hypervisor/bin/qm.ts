import {
  type Arguments,
  flag,
  hereMachines,
  runCommand,
  terminalLog,
  UsageError,
  without,
} from './arguments.ts'

const machines = hereMachines()
const log = terminalLog()

function vmidOf({ positional }: Arguments): number {
  const vmid = Number(positional[0])
  if (!Number.isInteger(vmid) || vmid < 100)
    throw new UsageError('400 Parameter verification failed.\nvmid: no VMID')
  return vmid
}

const seconds = (text: string | undefined) => (text === undefined ? {} : { timeoutSeconds: Number(text) })
const skip = ({ options }: Arguments) => ({ skiplock: flag(options, 'skiplock') })

await runCommand('qm', {
  list: async () => {
    console.log('      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID')
    for (const { vmid, name, status, maxmem, maxdisk, pid } of await machines.listMachines()) {
      const memory = String(maxmem / 2 ** 20).padEnd(10)
      const disk = (maxdisk / 2 ** 30).toFixed(2).padStart(12)
      console.log(
        `${String(vmid).padStart(10)} ${name.padEnd(20)} ${status.padEnd(10)} ${memory} ${disk} ${pid ?? 0}`,
      )
    }
  },
  status: async args => {
    const status = await machines.currentStatus(vmidOf(args))
    if (!flag(args.options, 'verbose')) console.log(`status: ${status.status}`)
    else for (const [key, value] of Object.entries(status).sort()) console.log(`${key}: ${value}`)
  },
  config: async args => {
    const { config } = await machines.readConfig(vmidOf(args))
    for (const key of Object.keys(config).sort()) console.log(`${key}: ${config[key]}`)
  },
  set: async args => {
    const { delete: removed = '', digest } = args.options
    await machines.changeConfig(vmidOf(args), {
      set: without(args.options, ['delete', 'digest', 'skiplock', 'force']),
      remove: removed.split(/[,;\s]+/).filter(Boolean),
      ...(digest === undefined ? {} : { digest }),
      ...skip(args),
    })
  },
  unlock: async args => {
    await machines.changeConfig(vmidOf(args), { remove: ['lock'], skiplock: true })
  },
  start: args => machines.startMachine(vmidOf(args), skip(args), log),
  stop: args => machines.stopMachine(vmidOf(args), skip(args), log),
  shutdown: args => {
    const { timeout } = args.options
    const asked = { ...seconds(timeout), forceStop: flag(args.options, 'forceStop'), ...skip(args) }
    return machines.shutdownMachine(vmidOf(args), asked, log)
  },
  resume: args => machines.resumeMachine(vmidOf(args), skip(args), log),
  destroy: args => machines.destroyMachine(vmidOf(args), skip(args), log),
  agent: guestCommand,
  guest: args => guestCommand({ ...args, positional: args.positional.slice(1) }),
  listsnapshot: async args => {
    for (const { name, description } of await machines.listSnapshots(vmidOf(args)))
      console.log(`\`-> ${name.padEnd(27)} ${description}`)
  },
  delsnapshot: args => machines.deleteSnapshot(vmidOf(args), args.positional[1] ?? '', log),
})

/** `qm agent 101 ping`, `qm guest cmd 101 ping`. */
async function guestCommand(args: Arguments): Promise<void> {
  const answer = await machines.agent(vmidOf(args), args.positional[1] ?? 'ping')
  const result = answer !== null && typeof answer === 'object' && 'result' in answer ? answer.result : answer
  if (Object.keys(result ?? {}).length > 0) console.log(JSON.stringify(result, undefined, 3))
}
