import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { MessageKey } from '../../model/text.ts'
import { askEdge, askUntil, inWords } from './ask.ts'
import type { HttpSide } from './sides.ts'

/** The page is a file away: it shows, or leaves, at the next request. */
const proofSeconds = 15

/** Puts the maintenance page on and asks the public URL at this site until it shows. */
export async function closeEdge(at: HttpSide, io: ChangeIo): Promise<void> {
  await io.writeFile(at.edgeHost.ssh, at.spec.maintenance.file, `bascule ${io.now()}\n`, { mode: '0644' })
  await proveEdge(at, at.spec.maintenance.status, 'service.maintenance.notShown', io)
}

/** Takes the page off and asks until the service itself answers there. */
export async function openEdge(at: HttpSide, io: ChangeIo): Promise<void> {
  await io.change(at.edgeHost.ssh, removePage(at))
  await proveEdge(at, at.spec.health.status, 'service.maintenance.notLifted', io)
}

export const removePage = (at: HttpSide): string[] => ['rm', '-f', '--', at.spec.maintenance.file]

export const isClosed = async (at: HttpSide, io: ReadIo): Promise<boolean> =>
  (await pageIsOn(at, io)) && (await askEdge(at, io)).status === at.spec.maintenance.status

export const isOpen = async (at: HttpSide, io: ReadIo): Promise<boolean> =>
  !(await pageIsOn(at, io)) && (await askEdge(at, io)).status === at.spec.health.status

export async function pageIsOn(at: HttpSide, io: ReadIo): Promise<boolean> {
  const test = ['test', '-e', at.spec.maintenance.file]
  return (await io.read(at.edgeHost.ssh, test, { allowFailure: true })).exitCode === 0
}

async function proveEdge(at: HttpSide, status: number, key: MessageKey, io: ReadIo): Promise<void> {
  const { address, port } = at.edge
  await askUntil(
    answer => answer.status === status,
    () => askEdge(at, io),
    io,
    {
      seconds: proofSeconds,
      otherwise: answer =>
        new Failure(
          {
            key,
            values: {
              service: at.component,
              site: at.siteTitle,
              url: at.spec.publicUrl,
              edge: `${address}:${port}`,
              answer: inWords(answer),
              expected: status,
            },
          },
          {
            remedy: {
              key: 'service.maintenance.remedy',
              values: { host: at.edgeHost.ssh, file: at.spec.maintenance.file },
            },
          },
        ),
    },
  )
}
