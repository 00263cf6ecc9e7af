import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { repository } from '../../lab/paths.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const setup = join(repository, 'bin/setup')
const stubs = temporaryFolder('setup')
const full = temporaryFolder('cache')
writeFileSync(join(full, 'linux-image-6.1.0-1-cloud-amd64_6.1.1-1_amd64.deb'), '')
const olderRsync = 'rsync-3.2.7-1+deb12u6'
function holdOlderRsync(cache: string): void {
  mkdirSync(join(cache, olderRsync, 'usr/bin'), { recursive: true })
  writeFileSync(join(cache, olderRsync, 'usr/bin/rsync'), '', { mode: 0o755 })
}
holdOlderRsync(full)
/** Lists of apt as they are within a day after an update. */
const fresh = temporaryFolder('lists')
mkdirSync(join(fresh, 'partial'))

/** Programs that stand in for the machine's own; all that setup would call to change it are among them. */
function standIn(
  programs: Record<string, string>,
  cache = full,
  lists = fresh,
): { env: Record<string, string>; reject: false } {
  const harmless = { 'apt-get': 'exit 99', npm: 'exit 99', sudo: 'exit 1', ...programs }
  for (const [name, script] of Object.entries(harmless)) {
    writeFileSync(join(stubs, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(stubs, name), 0o755)
  }
  const directories = { BASCULE_LAB_CACHE: cache, BASCULE_APT_LISTS: lists }
  return { env: { PATH: `${stubs}:${process.env.PATH}`, ...directories }, reject: false }
}
/** Root of nothing: files are still readable, yet setup sees a plain user. */
const asPlainUser = process.getuid?.() === 0 ? ['unshare', '--user', 'bash', setup] : ['bash', setup]
const [program = '', ...rest] = asPlainUser
/** Every package is there. */
const all = 'shift 3; for package in "$@"; do echo "ii  $package"; done'

describe('bin/setup', () => {
  it('says nothing and changes nothing when nothing is missing', async () => {
    const result = await execa(program, rest, standIn({ 'dpkg-query': all }))
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  it('without root names what the laboratory lacks and the one command to type, on stderr only', async () => {
    const result = await execa(program, rest, standIn({ 'dpkg-query': 'echo "ii  rsync"; exit 1' }))
    expect(result).toMatchObject({ exitCode: 0, stdout: '' })
    expect(result.stderr).toContain(`sudo bash ${setup} --system`)
    expect(result.stderr).toMatch(/lacks Debian packages \(.*\bunbound\b/)
    expect(result.stderr).not.toMatch(/lacks Debian packages \(.*\brsync\b/)
  })

  it('names the kernel of the virtual machines and the older rsync too while they are not there', async () => {
    const empty = mkdtempSync(join(stubs, 'cache-'))
    const result = await execa(program, rest, standIn({ 'dpkg-query': all }, empty))
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toContain('lacks Debian packages (linux-image-cloud-amd64 rsync=3.2.7-1+deb12u6)')
  })

  const depends = `echo linux-image-cloud-amd64; echo '  Depends: linux-image-6.1.0-9-cloud-amd64'`
  const asRoot = ['--user', '--map-root-user', 'bash', setup, '--system']
  const download = (script: string) => ({ 'dpkg-query': all, 'apt-cache': depends, 'apt-get': script })

  const cacheWithRsync = (): string => {
    const cache = mkdtempSync(join(stubs, 'cache-'))
    holdOlderRsync(cache)
    return cache
  }

  it('as root downloads the kernel, once, and installs nothing', async () => {
    const cache = cacheWithRsync()
    const apt = `for word in "$@"; do name=$word; done; echo "$@" >>${cache}/asked; : >"$name"_1_amd64.deb`
    const first = await execa('unshare', asRoot, standIn(download(apt), cache))
    expect(first).toMatchObject({ exitCode: 0, stdout: '' })
    const second = await execa('unshare', asRoot, standIn(download(apt), cache))
    expect(second).toMatchObject({ exitCode: 0, stderr: '' })
    const kernel = 'linux-image-6.1.0-9-cloud-amd64_1_amd64.deb'
    expect(readdirSync(cache).sort()).toEqual(['asked', kernel, olderRsync])
    expect(readFileSync(join(cache, 'asked'), 'utf8')).toMatch(/^.* download linux-image-6\S+\n$/)
  })

  it('leaves nothing of a download that failed', async () => {
    const cache = cacheWithRsync()
    const cut = 'case "$*" in *download*) : >half.deb; exit 100 ;; esac'
    const result = await execa('unshare', asRoot, standIn(download(cut), cache))
    expect(result.exitCode).not.toBe(0)
    expect(readdirSync(cache)).toEqual([olderRsync])
  })

  const cacheWithKernel = (): string => {
    const cache = mkdtempSync(join(stubs, 'cache-'))
    writeFileSync(join(cache, 'linux-image-6.1.0-1-cloud-amd64_6.1.1-1_amd64.deb'), '')
    return cache
  }

  it('as root downloads and unpacks the older rsync, once', async () => {
    const cache = cacheWithKernel()
    const programs = {
      'dpkg-query': all,
      'apt-cache': '[ "$*" != "show rsync=3.2.7-1+deb12u6" ] || echo Package: rsync',
      'apt-get': `echo "$@" >>${cache}/asked; : >rsync_3.2.7_amd64.deb`,
      'dpkg-deb':
        '[ "$1" = -x ] && mkdir -p "$3/usr/bin" && : >"$3/usr/bin/rsync" && chmod 755 "$3/usr/bin/rsync"',
    }
    const first = await execa('unshare', asRoot, standIn(programs, cache))
    expect(first).toMatchObject({ exitCode: 0, stdout: '' })
    const second = await execa('unshare', asRoot, standIn(programs, cache))
    expect(second).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(join(cache, olderRsync))).toEqual(['usr'])
    expect(readFileSync(join(cache, 'asked'), 'utf8')).toMatch(/^.* download rsync=3\.2\.7-1\+deb12u6\n$/)
  })

  it.each([
    ['is no longer in the archive', '', 'exit 99', 'the archive no longer has rsync=3.2.7'],
    ['cannot be downloaded', 'echo Package: rsync', ': >half.deb; exit 100', 'could not be downloaded'],
  ])('goes on, and says so, when the older rsync %s', async (_, aptCache, aptGet, said) => {
    const cache = cacheWithKernel()
    const programs = { 'dpkg-query': all, 'apt-cache': aptCache, 'apt-get': aptGet }
    const result = await execa('unshare', asRoot, standIn(programs, cache))
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toContain(said)
    expect(result.stderr).toContain('the files tests with it will be left out')
    expect(readdirSync(cache)).toHaveLength(1)
  })

  describe("apt's package lists", () => {
    const dayMs = 24 * 3600 * 1000
    const listsOfAge = (ms: number): string => {
      const lists = mkdtempSync(join(stubs, 'lists-'))
      mkdirSync(join(lists, 'partial'))
      const then = new Date(Date.now() - ms)
      utimesSync(join(lists, 'partial'), then, then)
      return lists
    }
    const absent = (): string => mkdtempSync(join(stubs, 'lists-'))
    /** What apt-get was asked for while the kernel was missing. */
    async function asked(lists: string, update = ':'): Promise<{ asked: string[]; stderr: string }> {
      const cache = cacheWithRsync()
      const apt = `for word in "$@"; do last=$word; done; echo "$last" >>${lists}/asked
        case $last in update) ${update} ;; *) : >"$last"_1_amd64.deb ;; esac`
      const { exitCode, stderr } = await execa('unshare', asRoot, standIn(download(apt), cache, lists))
      expect(exitCode).toBe(0)
      return { asked: readFileSync(join(lists, 'asked'), 'utf8').trim().split('\n'), stderr }
    }
    const kernel = 'linux-image-6.1.0-9-cloud-amd64'

    it.each([
      ['older than a day', () => listsOfAge(dayMs + 120_000), ['update', kernel]],
      ['absent', absent, ['update', kernel]],
      ['of this day', () => listsOfAge(dayMs - 120_000), [kernel]],
    ])('%s, before something is downloaded', async (_, lists, expected) => {
      expect((await asked(lists())).asked).toEqual(expected)
    })

    it('that cannot be updated are used as they are', async () => {
      const result = await asked(absent(), 'exit 100')
      expect(result.asked).toEqual(['update', kernel])
      expect(result.stderr).toContain('could not be updated')
    })

    it('are left alone when nothing is missing, however old they are', async () => {
      const programs = { 'dpkg-query': all, 'apt-get': 'exit 99' }
      const result = await execa('unshare', asRoot, standIn(programs, full, listsOfAge(30 * dayMs)))
      expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    })
  })

  it('on another system names the packages and goes on', async () => {
    const { env } = standIn({})
    rmSync(join(stubs, 'dpkg-query'), { force: true })
    for (const name of ['bash', 'dirname', 'cmp', 'cp'])
      writeFileSync(join(stubs, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`, { mode: 0o755 })
    const result = await execa('/usr/bin/bash', [setup], { env: { ...env, PATH: stubs }, reject: false })
    expect(result).toMatchObject({ exitCode: 0, stdout: '' })
    expect(result.stderr).toContain('not a Debian machine')
  })
})
