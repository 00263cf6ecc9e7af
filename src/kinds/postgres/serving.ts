import type { ChangeIo } from '../../model/io.ts'
import { readText } from './commands.ts'
import { settingIn, settingsFile, settingsOfBoth } from './settings.ts'
import { type Side, settingsPath } from './sides.ts'

/** Of Bascule's file the limits that the servers run with stay; whom to follow, and how, goes. */
export async function keepServing(side: Side, io: ChangeIo): Promise<void> {
  const options = { asUser: 'postgres', allowFailure: true }
  const { stdout, exitCode } = await io.read(side.host, readText(settingsPath(side)), options)
  if (exitCode !== 0) return
  const kept = [...settingsOfBoth, 'wal_level'].flatMap(name => {
    const value = settingIn(stdout, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const text = settingsFile(side.owner, Object.fromEntries(kept))
  await io.writeFile(side.host, settingsPath(side), text, { mode: '0640', owner: 'postgres:postgres' })
}
