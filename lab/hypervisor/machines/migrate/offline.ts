import { nbdSocket } from '../host.ts'
import { runTool } from '../run-tool.ts'
import { sendImage } from '../storage/commands.ts'
import { type Departure, handOver, through } from './departure.ts'
import { forwardSocket } from './forward.ts'

/** Copies the disks of a machine that is off. */
export async function sendDisks(departure: Departure): Promise<void> {
  const { host, vmid, request, disks, control, say, log } = departure
  say('copying local disk images')
  const bytesPerSecond = (request.bwlimitKBps ?? 0) * 1024
  for (const disk of disks) {
    const { socket, name } = await control.ask('disk', { key: disk.key })
    const forward = await forwardSocket(`${nbdSocket(host, vmid)}.out`, through(departure, socket), log)
    try {
      let said = 0
      await runTool(sendImage(disk, `nbd+unix:///${name}?socket=${forward.path}`, bytesPerSecond), {
        timeoutSeconds: 24 * 3600,
        signal: log.signal,
        onLine: line => {
          const percent = Number(/\(([\d.]+)\/100%\)/.exec(line)?.[1] ?? 0)
          if (percent < said + 10) return
          said = percent
          say(`${disk.key}: transferred ${Math.floor(percent)}% of ${disk.sizeBytes} bytes`)
        },
      })
    } finally {
      forward.close()
    }
  }
  await handOver(departure)
}
