import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChangeIo } from '../../src/model/io.ts'
import { equalTrees, failureOf, sites, withSites } from '../helpers/files-sites.ts'
import { source, startAnew, target } from '../helpers/files-trees.ts'
import { isKilled, killing } from '../helpers/judged-io.ts'
import { said } from '../helpers/said.ts'

describe.runIf(process.getuid?.() === 0)('the fence of a tree of files', () => {
  withSites('files-fence')
  let mountsBefore = ''
  const mounts = async () => (await sites.at(source, 'sort /proc/self/mounts')).trim()
  beforeEach(async () => {
    await startAnew(sites)
    // by sftp as a user: root may write where a mode forbids it
    await sites.at(source, 'chmod 777 /srv/files/docs')
    mountsBefore = await mounts()
  })
  afterEach(async () => {
    await sites.at(
      source,
      'for one in $(cat /tmp/started 2>/dev/null); do kill "$one" || true; done; rm -f /tmp/started',
    )
    await sites.undo('live', 'fence')
    expect(await mounts()).toBe(mountsBefore)
  })

  /** As a user of the estate does, over the network. */
  const sftp = (line: string) =>
    execa('sftp', ['-F', sites.lab.sshConfigFile, '-b', '-', source], { input: `${line}\n`, reject: false })
  /** As a program of the host does that is not root. */
  const write = (words: string) =>
    sites.at(source, `runuser -u daemon -- sh -c 'echo ${words} >/srv/files/docs/late' 2>&1 || true`)
  /** Starts a program that outlives the command, and gives its id. */
  const start = async (script: string): Promise<string> =>
    (await sites.at(source, `${script} >/dev/null 2>&1 & echo $! | tee -a /tmp/started`)).trim()
  /** The step's patience is over at once. */
  const impatient = (): ChangeIo => {
    const io = sites.io()
    let seconds = 0
    return {
      ...io,
      sleep: async () => {},
      now: () => {
        seconds += 60
        return new Date(Date.parse(io.now()) + 1000 * seconds).toISOString()
      },
    }
  }
  const stateOf = async () =>
    (await sites.at(source, 'ls -A /var/lib/bascule/contract 2>/dev/null || true')).trim()

  test('a late writer is refused and told, over sftp and on the host; what Bascule brings back is not', async () => {
    await sites.apply('preparation', 'first-sync')
    await sites.apply('preparation', 'prove')
    expect((await sftp('put /etc/hostname /srv/files/docs/before')).exitCode).toBe(0)
    await sites.apply('live', 'fence')

    const refused = await sftp('put /etc/hostname /srv/files/docs/late')
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('Failure')])
    expect(await write('late')).toContain('Read-only file system')
    await sites.apply('live', 'final-delta')
    await sites.apply('live', 'compare')
    expect(await sites.measure('filesDifferent')).toMatchObject({ value: 0 })
    expect(await sites.at(target, 'ls /srv/files/docs')).toContain('before')

    await sites.apply('live', 'reverse-channel')
    expect(await sites.at(source, 'find /srv/files -name ".bascule*"')).toBe('')
    await sites.at(target, 'echo new >/srv/files/docs/new; rm /srv/files/docs/-rf')
    await sites.undo('live', 'reverse-channel')
    expect(await sites.at(source, 'cat /srv/files/docs/new; ls /srv/files/docs/-rf 2>&1 || true')).toMatch(
      /^new\n.*No such file/,
    )
    expect(await write('late')).toContain('Read-only file system')
    await equalTrees()

    await sites.undo('live', 'fence')
    expect((await sftp('put /etc/hostname /srv/files/docs/after')).exitCode).toBe(0)
    expect(await write('after')).toBe('')
    expect(await stateOf()).not.toContain('fence')
  })

  test.each([
    [
      'a file open for writing',
      'exec 9>>/srv/files/docs/held; exec sleep 600',
      'sleep (/srv/files/docs/held)',
    ],
    ['the tree as its directory', 'cd /srv/files/docs; exec sleep 600', 'sleep (/srv/files/docs)'],
    ['an open directory', 'exec 9</srv/files; exec sleep 600', 'sleep (/srv/files)'],
    [
      'mounts of its own that are not told',
      'cd /; exec unshare --mount --propagation private sleep 600',
      'sleep (/srv/files)',
    ],
  ])('a process with %s is named, and left alone', async (_, script, name) => {
    const pid = await start(`setsid bash -c '${script}'`)
    await expect.poll(() => sites.at(source, `cat /proc/${pid}/comm`)).toBe('sleep\n')
    const failure = await failureOf(sites.apply('live', 'fence', impatient()))
    expect(failure.text).toMatchObject({
      key: 'files.fence.held',
      values: { host: source, processes: `${pid} ${name}` },
    })
    expect(failure.remedy).toMatchObject({ key: 'files.fence.held.remedy', values: { pids: pid } })
    expect(await sites.at(source, `kill -0 ${pid} && echo alive`)).toBe('alive\n')
    await sites.at(
      source,
      `kill ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.05; done; rm -f /tmp/started`,
    )
    await sites.apply('live', 'fence')
  })

  test('a reader, a file without a name and a program that comes meanwhile are no writers', async () => {
    await start(`setsid bash -c 'exec 9</srv/files/docs/owned; exec sleep 600'`)
    await start(`setsid bash -c 'exec 9>/srv/files/docs/gone; rm /srv/files/docs/gone; exec sleep 600'`)
    await sites.apply('live', 'fence')
    const guest = await start(`setsid bash -c 'cd /srv/files/docs; exec sleep 600'`)
    await sites.apply('live', 'fence')
    await sites.undo('live', 'fence')
    // it stays in the mount that is gone, and writes again
    await sites.at(source, `cd /proc/${guest}/cwd/. && echo again >late`)
    expect(await sites.at(source, 'cat /srv/files/docs/late')).toBe('again\n')
  })

  test('a second mount of the tree is found by the audit, and keeps the fence from counting', async () => {
    await sites.at(source, 'mkdir -p /tmp/second; mount --bind /srv/files/docs /tmp/second')
    await sites.audit()
    expect(sites.facts.files?.fencePassedBy?.value).toEqual(['mount (/tmp/second)'])
    const failure = await failureOf(sites.apply('live', 'fence', impatient())).finally(() =>
      sites.at(source, 'umount /tmp/second; rmdir /tmp/second'),
    )
    expect(failure.text).toMatchObject({
      key: 'files.fence.open',
      values: { processes: 'mount (/tmp/second)' },
    })
  })

  test('services whose mounts follow the host’s see the tree read-only, too; what is mounted in it is fenced with it', async () => {
    await sites.at(
      source,
      'mount --make-shared /srv; mkdir /srv/files/disk; mount -t tmpfs none /srv/files/disk',
    )
    try {
      mountsBefore = await mounts()
      const pid = await start('setsid unshare --mount --propagation slave sleep 600')
      await expect.poll(() => sites.at(source, `cat /proc/${pid}/comm`)).toBe('sleep\n')
      await sites.apply('live', 'fence')
      const late = `for place in docs disk; do echo late >/srv/files/$place/late; done 2>&1 || true`
      const told = await sites.at(source, `nsenter --mount --target ${pid} sh -c '${late}'; ${late}`)
      expect(told.match(/Read-only file system/g)).toHaveLength(4)
      await sites.undo('live', 'fence')
      await sites.at(source, `nsenter --mount --target ${pid} sh -ec 'echo again >/srv/files/disk/late'`)
      expect(await sites.at(source, 'cat /srv/files/disk/late')).toBe('again\n')
    } finally {
      await sites.undo('live', 'fence')
      await sites.at(source, 'umount /srv/files/disk; rmdir /srv/files/disk; mount --make-private /srv')
      mountsBefore = await mounts()
    }
  })

  test('a fence that a restart took away counts as unverified, and is put back before the last delta', async () => {
    await sites.apply('preparation', 'first-sync')
    await sites.apply('live', 'fence')
    await sites.at(source, 'umount /srv/files; echo late >/srv/files/docs/late')
    const measured = await sites.measure('filesDifferent')
    expect(measured).toMatchObject({ unverified: true })
    expect(said(measured)).toContain('no longer read-only')
    await sites.apply('live', 'final-delta')
    expect(await write('later')).toContain('Read-only file system')
    expect(await sites.at(target, 'cat /srv/files/docs/late')).toBe('late\n')
    expect(await sites.measure('filesDifferent')).not.toHaveProperty('unverified')
  })

  test('a rehearsal has no fence, and an audit leaves the source writable', async () => {
    expect(() => sites.step('rehearsal', 'fence')).toThrow('no step fence')
    expect(await write('before')).toBe('')
    expect(await mounts()).toBe(mountsBefore)
    expect(sites.facts.files).toMatchObject({
      fenceLacks: { value: [] },
      fenceMayMount: { value: true },
      fencePassedBy: { value: [] },
    })
  })

  test('killed at each call of Bascule it is done again, and undone', async () => {
    for (let call = 1; ; call++) {
      const { io, calls } = killing(sites.io(), call)
      const cut = await sites.apply('live', 'fence', io).catch(error => error)
      await sites.apply('live', 'fence')
      expect(await write('late')).toContain('Read-only file system')
      await sites.undo('live', 'fence')
      expect(await mounts()).toBe(mountsBefore)
      if (!isKilled(cut)) expect(calls()).toBeLessThan(call)
      if (!isKilled(cut)) break
    }
  })

  test('its script, killed with -9 before each command that changes something, ends well both ways', async () => {
    const script = readFileSync(join(import.meta.dirname, '../../src/kinds/files/scripts/fence.sh'), 'utf8')
    const folder = 'mkdir -p /tmp/cut /var/lib/bascule/contract'
    await sites.at(source, `${folder}; cat >/tmp/cut/fence.sh`, script)
    await sites.at(source, 'cat >/tmp/cut/mount; chmod 755 /tmp/cut/mount', cutting)
    await sites.at(source, 'cd /tmp/cut; for one in umount mkdir rmdir mv rm; do ln -s mount "$one"; done')
    const cuts = await sites.at(
      source,
      `tree=/srv/files note=/var/lib/bascule/contract/files-files.fence
       fence() { sh /tmp/cut/fence.sh "$1" "$tree" "$note"; }
       cut() { echo "$2" >/tmp/cut/left; PATH=/tmp/cut:$PATH setsid -w sh /tmp/cut/fence.sh "$1" "$tree" "$note"; }
       same() { sort /proc/self/mounts | cmp - /tmp/cut/mounts || { echo "killed at $at in $1"; exit 1; }; }
       sort /proc/self/mounts >/tmp/cut/mounts
       for at in $(seq 0 60); do
         ended=0; cut put "$at" || ended=$?
         fence put; [ "$(fence state)" = put ]
         fence lift; same put
         [ "$ended" -ne 0 ] || break
       done
       echo "$at"
       for at in $(seq 0 60); do
         cut put "$at" || true
         fence lift; same 'put, and then lifted'
         fence put
         ended=0; cut lift "$at" || ended=$?
         fence lift; same lift; [ "$(fence state)" = none ]
         [ "$ended" -ne 0 ] || break
       done
       echo "$at"; ls -A /var/lib/bascule/contract | grep fence || true; rm -r /tmp/cut`,
    )
    const [put = 0, lift = 0, ...left] = cuts.trim().split('\n').map(Number)
    expect(put).toBeGreaterThan(5)
    expect(lift).toBeGreaterThan(2)
    expect(left).toEqual([])
  })
})

/** Stands before a program of the same name, and kills its caller's whole group when it is its turn. */
const cutting = `#!/bin/sh
left=$(cat /tmp/cut/left)
echo $((left - 1)) >/tmp/cut/left
[ "$left" -gt 0 ] || kill -9 "-$(cut -d' ' -f5 /proc/$$/stat)"
PATH=/usr/sbin:/usr/bin:/sbin:/bin exec "\${0##*/}" "$@"
`
