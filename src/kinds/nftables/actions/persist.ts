import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { forget, keepFile, putFileBack, tryBoot } from '../commands.ts'
import { nftables } from '../facts.ts'
import { fileChanged, wouldNotBoot } from '../failures.ts'
import { renderTable } from '../render.ts'
import { loadText } from '../ruleset.ts'
import { type GatewaySide, gatewayAt } from '../sides.ts'
import type { NftablesSpec } from '../spec.ts'
import { inPreparation, shown, undoBy } from '../step.ts'
import { load } from './load.ts'

/** The rules outlive a restart of the gateway. Only once they are in force and proven. */
export const persist = nftables.action({
  name: 'persist',
  touches: ['target'],
  plan(about) {
    const at = gatewayAt(about, 'target')
    return {
      ...inPreparation,
      title: { key: 'nftables.persist.title', values: { ...shown(at), file: at.spec.file } },
      after: [load],
      expectedSeconds: 2,
      undo: undoBy({
        key: 'nftables.persist.byHand',
        values: {
          ...shown(at),
          commands: typed(['cp', '-a', '--', `${at.directory.file}/before`, at.spec.file]),
        },
      }),
    }
  },
  async isDone(acting, io) {
    const at = gatewayAt(acting, 'target')
    const file = await contentOf(at, at.spec.file, io)
    const { replaces } = at.spec
    return file !== undefined && hasTable(file, at.component, renderTable(at.spec, at.side), replaces)
  },
  async apply(acting, io) {
    const at = gatewayAt(acting, 'target')
    const atTarget = io.at('target')
    const { file, replaces } = at.spec
    const kept = (name: string) => `${at.directory.file}/${name}`
    await atTarget.change(at.host.ssh, keepFile(file, at.directory.file))
    const now = (await contentOf(at, file, io)) ?? ''
    const content = withTable(now, at.component, renderTable(at.spec, at.side), replaces)
    await atTarget.writeFile(at.host.ssh, kept('written'), content, { mode: '0600' })
    await proveBoot(at, kept('written'), io)
    await atTarget.writeFile(at.host.ssh, file, content, { mode: await modeOf(at, file, io) })
    return undefined
  },
  async undo(acting, io) {
    const at = gatewayAt(acting, 'target')
    const atTarget = io.at('target')
    const { file } = at.spec
    const [now, written] = await Promise.all([
      contentOf(at, file, io),
      contentOf(at, `${at.directory.file}/written`, io),
    ])
    if (now !== undefined && written !== undefined && now !== written && hasMarks(at, now)) {
      // Another program has changed the file since: only what is ours is taken out.
      if (at.spec.replaces === 'ruleset') throw fileChanged(at)
      const content = withoutTable(now, at.component)
      await atTarget.writeFile(at.host.ssh, file, content, { mode: await modeOf(at, file, io) })
    } else if (now === written) await atTarget.change(at.host.ssh, putFileBack(file, at.directory.file))
    await atTarget.change(at.host.ssh, forget(at.directory.file))
  },
})

const hasMarks = (at: GatewaySide, file: string): boolean => withoutTable(file, at.component) !== file

/** Throws Failure when the file would not load at boot, or would give other rules than those in force. */
async function proveBoot(at: GatewaySide, file: string, io: ReadIo): Promise<void> {
  const [boot, loaded] = await Promise.all([
    io.read(at.host.ssh, tryBoot(file), { allowFailure: true }),
    contentOf(at, `${at.directory.load}/loaded.nft`, io),
  ])
  if (boot.exitCode !== 0) throw wouldNotBoot(at, boot.stderr)
  if (boot.stdout !== loaded) throw wouldNotBoot(at, boot.stdout)
}

async function contentOf(at: GatewaySide, path: string, io: ReadIo): Promise<string | undefined> {
  const { exitCode, stdout } = await io.read(at.host.ssh, ['cat', '--', path], { allowFailure: true })
  return exitCode === 0 ? stdout : undefined
}

async function modeOf(at: GatewaySide, path: string, io: ReadIo): Promise<string> {
  const argv = ['stat', '-c', '%a', '--', path]
  const { exitCode, stdout } = await io.read(at.host.ssh, argv, { allowFailure: true })
  return exitCode === 0 ? `0${stdout.trim()}` : '0755'
}

const begin = (owner: string): string => `\n# >>> bascule ${owner}\n`
const end = (owner: string): string => `# <<< bascule ${owner}\n`

/**
 * The file that the gateway loads when it boots, with the table in it: at its end, after what is there has flushed what it
 * flushes; or, where the plan replaces the ruleset, nothing else.
 */
export function withTable(
  file: string,
  owner: string,
  table: string,
  replaces: NftablesSpec['replaces'],
): string {
  const block = `${begin(owner)}${loadText(table, replaces)}${end(owner)}`
  return replaces === 'ruleset' ? `#!/usr/sbin/nft -f\n${block}` : withoutTable(file, owner) + block
}

/** The file as it was before `withTable`, byte for byte, but for what others have changed since. */
export function withoutTable(file: string, owner: string): string {
  const from = file.indexOf(begin(owner))
  const to = file.indexOf(end(owner), from)
  return from < 0 || to < 0 ? file : file.slice(0, from) + file.slice(to + end(owner).length)
}

export const hasTable = (
  file: string,
  owner: string,
  table: string,
  replaces: NftablesSpec['replaces'],
): boolean => file.includes(`${begin(owner)}${loadText(table, replaces)}${end(owner)}`)
