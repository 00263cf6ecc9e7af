import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskFreed, diskFull } from '../../lab/faults/faults.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { badData } from '../helpers/bad-input-data.ts'
import { badHosts } from '../helpers/bad-input-hosts.ts'
import { type BadPart, idOf, overlayOf, quickLink, setTraps, smallLog } from '../helpers/bad-input-parts.ts'
import { differences, type Fingerprint, fingerprint } from '../helpers/fingerprint.ts'
import { expectForPeople } from '../helpers/for-people.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type Ended, TypedBascule } from '../helpers/typed-bascule.ts'

/** Bad input that only real hosts and services can show. What a plan alone shows is in test/unit/plan-malformed-*. */
const name = ownName('bad-input')
const home = temporaryFolder('bad-input')
const quick = { components: { link: quickLink, database: smallLog } }
let lab: Lab
let bascule: TypedBascule
let before: Fingerprint

const databaseDisk = '/var/lib/postgresql'
/** The tree and the disk it is on: what fills the disk must not lie where the sync deletes. */
const filesDisk = '/srv'

describeLab('bad input', () => {
  beforeAll(async () => {
    lab = await raiseLab({
      ...{ name, size: 'tiny', linkMbps: 200, parts: withoutMachines, initialTtlSeconds: 10 },
      smallDisks: { 'toulouse-database': { [databaseDisk]: 300 }, 'toulouse-files': { [filesDisk]: 20 } },
    })
    await execIn(lab, 'montpellier-files', ['mkdir', '/srv/empty'])
    bascule = new TypedBascule(lab, home)
    before = await fingerprint(lab, { withNotes: true })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  const expectUnchanged = async () =>
    expect(differences(before, await fingerprint(lab, { withNotes: true }))).toEqual({})

  /** What is said of a part of the plan, and the remedy below it. */
  const saidOf = ({ output }: Ended, id: string) => {
    const lines = output.split('\n')
    return lines.flatMap((line, index) =>
      // French has a space before the colon, one at which no line breaks.
      line.replace('\u00a0:', ':').includes(` ${id}: `) ? [{ line, remedy: lines[index + 1] ?? '' }] : [],
    )
  }

  describe('a plan with many parts, each wrong in its own way', () => {
    let replicated: Ended
    let inFrench: Ended
    let parts: BadPart[]

    beforeAll(async () => {
      const traps = setTraps(lab, home)
      parts = [...badHosts(traps), ...badData(lab, traps)]
      const overlay = await overlayOf(lab, parts, traps)
      replicated = await bascule.type({ overlay }, 'replicate')
      inFrench = await bascule.type({ overlay }, 'audit', '--lang', 'fr')
    })

    it('is refused before anything is begun', () => {
      expect(replicated.exitCode).toBe(exitCodes.checksFailed)
      expect(replicated.stderr).toMatch(/Error: The audit has \d+ blocking findings/)
      for (const end of [replicated, inFrench]) expectForPeople(end)
    })

    it('changes nothing at either site', expectUnchanged)

    it('is told of each part what is wrong, where, and what to do', () => {
      const missed = parts.flatMap(({ what, says, remedy }, index) => {
        const said = saidOf(replicated, idOf(index))
        const isTold = said.some(
          one => says.test(one.line) && /^ {4}→ /.test(one.remedy) && remedy.test(one.remedy),
        )
        return isTold ? [] : [{ what, said }]
      })
      expect(missed).toEqual([])
    })

    it('is told the same in French, in other words', () => {
      expect(inFrench.exitCode).toBe(exitCodes.checksFailed)
      for (const [index, { what }] of parts.entries()) {
        const blocking = saidOf(inFrench, idOf(index)).filter(({ line }) => line.startsWith('✖ bloquant'))
        expect(blocking.length, what).toBeGreaterThan(0)
        const english = saidOf(replicated, idOf(index)).map(({ line }) =>
          line.replace('blocking', 'bloquant'),
        )
        for (const { line } of blocking) expect(english, what).not.toContain(line)
      }
    })

    it('has the parts that are right audited all the same', () => {
      for (const id of ['database', 'files', 'auth', 'names'])
        expect(saidOf(inFrench, id)[0]?.line).toMatch(/^✔/)
    })
  })

  describe('sites that are not as they should be', () => {
    it('a target with data of its own and full disks is refused, and keeps what it has', async () => {
      const sql = (text: string) =>
        execIn(lab, 'toulouse-database', ['runuser', '-u', 'postgres', '--', 'psql', '-XAtqc', text])
      await sql('create database theirs')
      await diskFull(lab, 'toulouse-database', databaseDisk)
      await diskFull(lab, 'toulouse-files', filesDisk)
      const filled = await fingerprint(lab, { withNotes: true })
      const end = await bascule.type({ overlay: quick }, 'replicate')
      expect(end.exitCode).toBe(exitCodes.checksFailed)
      const database = saidOf(end, 'database').map(({ line }) => line)
      expect(database).toContainEqual(expect.stringContaining('The target contains other data: theirs'))
      expect(database).toContainEqual(expect.stringMatching(/0 MB free at the target; \d+ MB required/))
      expect(saidOf(end, 'files').map(({ line }) => line)).toContainEqual(
        expect.stringMatching(/0 GB free at the target/),
      )
      expectForPeople(end)
      expect(differences(filled, await fingerprint(lab, { withNotes: true }))).toEqual({})
      await diskFreed(lab, 'toulouse-database', databaseDisk)
      await diskFreed(lab, 'toulouse-files', filesDisk)
      await sql('drop database theirs')
    })

    it('a source whose database is down is refused', async () => {
      const control = (verb: string) =>
        execIn(lab, 'montpellier-database', ['pg_ctlcluster', '15', 'main', verb])
      await control('stop')
      const end = await bascule.type({ overlay: quick }, 'replicate')
      await control('start')
      expect(end.exitCode).toBe(exitCodes.checksFailed)
      expect(saidOf(end, 'database')[0]).toMatchObject({
        line: expect.stringMatching(/is unreachable. connect ECONNREFUSED/),
        remedy: expect.stringContaining('psql'),
      })
      expectForPeople(end)
      await expectUnchanged()
    })
  })

  describe('disks that fill while the first copies are made', () => {
    const state = join(home, 'full')
    // slow enough for the disk to be filled while files are under way
    const slow = { components: { ...quick.components, files: { bandwidthLimitMbps: 0.2 } } }
    let failed: Ended
    let untouched: Fingerprint

    beforeAll(async () => {
      untouched = await fingerprint(lab, { withNotes: false })
      let filling: Promise<unknown> = Promise.resolve()
      failed = await bascule.type(
        {
          state,
          overlay: slow,
          onLine(line) {
            if (/running: database: copy the PostgreSQL cluster/.test(line))
              filling = Promise.all([
                diskFull(lab, 'toulouse-database', databaseDisk),
                diskFull(lab, 'toulouse-files', filesDisk),
              ])
          },
        },
        'replicate',
      )
      await filling
    })

    it('end the preparation, and each is told with what to do', () => {
      expect(failed.exitCode).toBe(exitCodes.failure)
      expect(failed.stdout).toMatch(/The disk of toulouse-database is full.*No space left on device/s)
      expect(failed.stdout).toMatch(
        /→ Free space on toulouse-database \(`ssh toulouse-database df -h \/var\/lib\/postgresql\/15`\)/,
      )
      expect(failed.stdout).toMatch(/No space left on toulouse-files during the copy from montpellier-files/)
      expect(failed.stdout).toMatch(
        /→ Free space on toulouse-files \(`ssh toulouse-files df -h \/srv\/files`\)/,
      )
      expect(failed.stdout).toContain('bascule rollback --reason "…"')
      expectForPeople(failed)
    })

    it('leave a preparation that keeps another from beginning', async () => {
      const end = await bascule.type({ state, overlay: quick }, 'replicate')
      expect(end.exitCode).toBe(exitCodes.failure)
      expect(end.stderr).toMatch(
        /The run preparation-\w+ \(preparation\) has not ended\.\n→ Resume it: `bascule resume`/,
      )
    })

    it('are still full when the preparation is rolled back: what cannot be undone is told', async () => {
      const end = await bascule.type({ state, overlay: slow }, 'rollback', '--reason', 'disks too small')
      expect(end.exitCode).toBe(exitCodes.rollbackFailed)
      expect(end.stdout).toMatch(
        /undo failed: .*PostgreSQL did not start at toulouse-database.*No space left/,
      )
      expect(end.stdout).toMatch(/By hand: As root on toulouse-database, stop PostgreSQL/)
      expectForPeople(end)
    })

    it('are emptied by their owner: the rollback goes on to its end, both sites are as before', async () => {
      await diskFreed(lab, 'toulouse-database', databaseDisk)
      await diskFreed(lab, 'toulouse-files', filesDisk)
      const end = await bascule.type({ state, overlay: slow }, 'resume')
      expect(end.stdout).toContain('Both sites are as before it')
      expect(end.exitCode).toBe(exitCodes.rolledBack)
      expectForPeople(end)
      expect(differences(untouched, await fingerprint(lab, { withNotes: false }))).toEqual({})
    })

    it('leave a migration that no second state directory takes over, however often it tries', async () => {
      const stranger = bascule.newState()
      // numbers of two state directories are not comparable: trying again must not help
      for (let count = 0; count < 5; count++)
        await bascule.type({ state: stranger, overlay: quick }, 'rehearse')
      const end = await bascule.type({ state: stranger, overlay: quick }, 'replicate')
      expect(end.exitCode).toBe(exitCodes.locked)
      expect(end.stderr).toMatch(
        /has fewer\. Another Bascule process went on with this migration\. Nothing was changed.*\n→ Continue from the state directory of that process/,
      )
      expectForPeople(end)
      expect(differences(untouched, await fingerprint(lab, { withNotes: false }))).toEqual({})
    })
  })
})
