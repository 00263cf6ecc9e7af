import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshRoot } from '../helpers/fresh-root.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
/** `BASCULE_PACKAGES`: a folder that `bin/package` has filled, to try those very files; otherwise they are built now. */
const built = process.env.BASCULE_PACKAGES
const out = built ?? temporaryFolder('handed-out')
/** Ten minutes of a machine that others keep busy are usual: a bound for what hangs. */
const limit = 3_600_000
const node = join(root, 'node_modules/node/bin')
let version = ''

describeLab('what is handed out', () => {
  beforeAll(async () => {
    const env = { PATH: `${node}:${process.env.PATH}` }
    if (built === undefined) await execa('bash', [join(root, 'bin/package'), out], { env })
    version = (await execa('node', ['-p', 'require("./package.json").version'], { cwd: root, env })).stdout
  }, limit)

  it('has checksums and a bill of materials, and no installation brings a development dependency', async () => {
    const names = [
      `bascule-${version}-linux-x64.tar.gz`,
      `bascule-${version}.cdx.json`,
      `bascule-${version}.tgz`,
    ]
    expect(readdirSync(out).toSorted()).toEqual(
      ['SHA256SUMS', ...names, `bascule_${version}_amd64.deb`].toSorted(),
    )
    await execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out })
    const read = join(out, `bascule-${version}.cdx.json`)
    const bill = JSON.parse((await execa('cat', [read])).stdout)
    const parts = bill.components.map(({ name }: { name: string }) => name)
    expect(parts).toEqual(expect.arrayContaining(['commander', 'node', 'pg', 'yaml', 'zod']))
    for (const unwanted of ['vitest', 'typescript', 'esbuild', 'knip']) expect(parts).not.toContain(unwanted)
    const { stdout: listed } = await execa('tar', ['-tzf', join(out, `bascule-${version}.tgz`)])
    expect(
      listed
        .split('\n')
        .filter(path => /^package\/(node_modules\/)?(vitest|typescript|lab|test)\//.test(path)),
    ).toEqual([])
    expect(listed).not.toContain('node_modules/node/bin/node')
  })

  it('the .deb is as Debian asks, but for what is overridden with its reason', async () => {
    const deb = join(out, `bascule_${version}_amd64.deb`)
    const { stdout } = await execa('lintian', ['--fail-on', 'none', '--allow-root', deb])
    expect(stdout).toBe('')
  })

  describe.each(['bookworm', 'trixie'] as const)('in a fresh Debian, %s', { timeout: limit }, suite => {
    it('the .deb: installed, used, completed, read about, removed without a rest', async () => {
      const machine = await freshRoot(suite, temporaryFolder('root'))
      const before = await machine.files()
      await machine.bring(join(out, `bascule_${version}_amd64.deb`), '/root/bascule.deb')
      await machine.run('dpkg', '-i', '/root/bascule.deb')
      expect(await machine.run('bascule', '--version')).toMatch(ownVersion)
      await worksAt(machine, '/usr/share/doc/bascule/examples')
      expect(await machine.run('man', '-w', 'bascule')).toBe('/usr/share/man/man1/bascule.1.gz')
      expect(await machine.run('man', '-L', 'fr_FR.UTF-8', '-w', 'bascule')).toContain('/fr/man1/')
      expect(await machine.run('bash', '-c', completed)).toBe('rollback')
      for (const file of ['zsh/vendor-completions/_bascule', 'fish/vendor_completions.d/bascule.fish'])
        await machine.run('test', '-s', `/usr/share/${file}`)
      // again over itself, as an upgrade does
      await machine.run('dpkg', '-i', '/root/bascule.deb')
      await readsOldJournal(machine)
      await machine.run('dpkg', '--purge', 'bascule')
      expect(await machine.files()).toEqual(before)
    })

    it('the .tgz: installed by npm without a network, used, removed without a rest', async () => {
      const machine = await freshRoot(suite, temporaryFolder('root'))
      await machine.bring(join(node, 'node'), '/usr/local/bin/node')
      await machine.bring(npmFolder(), '/usr/local/lib/node_modules/npm')
      await machine.bring(join(out, `bascule-${version}.tgz`), '/root/bascule.tgz')
      // npm makes it for manual pages, and leaves it
      await machine.run('mkdir', '-p', '/usr/local/share/man/man1')
      const before = await machine.files()
      const npm = ['node', '/usr/local/lib/node_modules/npm/bin/npm-cli.js']
      await machine.run(...npm, 'install', '-g', '--no-audit', '--no-fund', '/root/bascule.tgz')
      expect(await machine.run('bascule', '--version')).toMatch(ownVersion)
      await worksAt(machine, '/usr/local/lib/node_modules/bascule/examples')
      // the link of npm, or what it leads to: `man` says either
      expect(await machine.run('man', '-w', 'bascule')).toMatch(/^\/usr\/local\/.*\/bascule\.1$/)
      await readsOldJournal(machine)
      await machine.run(...npm, 'uninstall', '-g', 'bascule')
      expect(await machine.files()).toEqual(before)
    })

    it('the .tar.gz: unpacked and run, without a Node on the machine', async () => {
      const machine = await freshRoot(suite, temporaryFolder('root'))
      await machine.bring(join(out, `bascule-${version}-linux-x64.tar.gz`), '/root/bascule.tar.gz')
      await machine.run('tar', '-C', '/opt', '-xzf', '/root/bascule.tar.gz')
      await machine.run('ln', '-s', `/opt/bascule-${version}-linux-x64/bin/bascule`, '/usr/local/bin/bascule')
      expect(await machine.run('bascule', '--version')).toMatch(ownVersion)
      await worksAt(machine, `/opt/bascule-${version}-linux-x64/examples`)
      await readsOldJournal(machine)
    })
  })
})

const ownVersion = /^bascule \d+\.\d+\.\d+ \(commit \S+, Node 24\.\d+\.\d+\)$/
type Machine = Awaited<ReturnType<typeof freshRoot>>

/** Both languages, every kind: the example has most of them. */
async function worksAt(machine: Machine, examples: string): Promise<void> {
  const plan = `${examples}/techcorp/plan.yaml`
  expect(await machine.run('bascule', 'check', '--plan', plan, '--lang', 'fr')).toContain('le plan')
  expect(await machine.run('bascule', 'completion', 'bash')).toContain('bascule')
}

/** A night that an older program began: what an upgrade in the middle of a migration must read. */
async function readsOldJournal(machine: Machine): Promise<void> {
  const before = '/root/before'
  await machine.bring(join(root, 'test/fixtures/journal-2/half-night'), before)
  const shown = await machine.run('bascule', 'status', '--state', before, '--lang', 'en', '--json')
  expect(JSON.parse(shown)).toMatchObject({ plan: expect.any(String) })
  await machine.run('rm', '-r', before)
}

/** As in test/unit/cli-launcher.test.ts, with the script where bash-completion looks for it. */
const completed = [
  'source /usr/share/bash-completion/completions/bascule',
  'COMP_WORDS=(bascule rol) COMP_CWORD=1 COMP_LINE="bascule rol" COMP_POINT=11',
  '$(complete -p bascule | sed "s/.*-F \\([^ ]*\\).*/\\1/")',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
  'echo "${COMPREPLY[*]}"',
].join('\n')

/** The npm of this machine, whole in its folder as npm publishes it; Debian's own is spread over the system. */
function npmFolder(): string {
  const found = (process.env.PATH ?? '').split(':').map(folder => join(folder, 'npm'))
  const program = found.find(existsSync)
  const folder = program === undefined ? '' : dirname(dirname(realpathSync(program)))
  if (!existsSync(join(folder, 'node_modules')))
    throw new Error('this test needs an npm that has its dependencies below it')
  return folder
}
