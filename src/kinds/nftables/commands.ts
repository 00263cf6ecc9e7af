import type { SshSettings } from '../../model/plan.ts'
import { sshRun } from '../../transport/ssh-commands.ts'
import { ownTable } from './render.ts'
import {
  armScript,
  askedScript,
  bootScript,
  bootStateScript,
  confirmScript,
  forgetScript,
  isLoadedScript,
  keepFileScript,
  loadScript,
  putFileBackScript,
  recordScript,
  takeBackScript,
} from './scripts.ts'

const script = (text: string, ...values: string[]): string[] => ['sh', '-c', text, 'bascule', ...values]

/** The whole ruleset, or nothing but the counters and the contents of dynamic sets. */
export const listRuleset = (): string[] => ['nft', '-s', 'list', 'ruleset']
export const checkFile = (path: string): string[] => ['nft', '-c', '-f', path]
export const loadFile = (path: string): string[] => ['nft', '-f', path]

/** Keeps the ruleset as it is now, unless an earlier call has; prints what is kept. Exit 9: it could not be loaded again. */
export const record = (directory: string): string[] => script(recordScript, directory)

/** Starts the timer that takes the load back by itself. Comes back once it runs. */
export const arm = (attempt: string, directory: string, seconds: number): string[] =>
  script(armScript, attempt, directory, String(seconds), ownTable.family, ownTable.name)
/** Exit 11: the timer does not run (any more); nothing is loaded. */
export const loadUnderTimer = (attempt: string): string[] => script(loadScript, attempt)
/** Exit 10: too late, the timer has taken the load back. */
export const confirm = (attempt: string, directory: string): string[] =>
  script(confirmScript, attempt, directory, ownTable.family, ownTable.name)
/** Takes back what an earlier attempt loaded and nobody confirmed, and ends its timer; one at work is waited for. */
export const takeBack = (running: string): string[] => script(takeBackScript, running)
/** Exit 0: what standard input declares is loaded, as it was loaded, and no timer runs. */
export const isLoaded = (directory: string, running: string): string[] =>
  script(isLoadedScript, directory, running, ownTable.family, ownTable.name)
/** `<client address> <its port> <own address> <own port>` of the ssh connection that asks; empty when there is none. */
export const askedOver = (): string[] => script(askedScript)

/** A new ssh connection, beside the one that is kept, proves that we still get in. */
export const comeIn = (settings: SshSettings, name: string): string[] =>
  sshRun({ name, settings, socket: 'none' }, ['true'])

export const keepFile = (file: string, directory: string): string[] => script(keepFileScript, file, directory)
export const putFileBack = (file: string, directory: string): string[] =>
  script(putFileBackScript, file, directory)
/** Prints our table as the file would load it, in a network namespace that ends with the command. */
export const tryBoot = (file: string): string[] => [
  ...['unshare', '--net', '--'],
  ...script(bootScript, file, ownTable.family, ownTable.name),
]
/** `enabled`, `disabled`… where systemd is at work; nothing elsewhere. */
export const bootState = (): string[] => script(bootStateScript)
/** What was kept for an undo, once it is done. */
export const forget = (directory: string): string[] => script(forgetScript, directory)
/** Exit 0: some file of the gateway's own network configuration names the interface, so that a restart makes it again. */
export const isConfigured = (name: string): string[] => [
  ...['grep', '-rqsw', '--', name, '/etc/network', '/etc/systemd/network', '/etc/netplan'],
]
