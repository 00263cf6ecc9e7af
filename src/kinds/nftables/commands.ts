import type { SshSettings } from '../../model/plan.ts'
import { sshRun } from '../../transport/ssh-commands.ts'
import { script } from '../kit/script.ts'
import { ownTable } from './render.ts'

const scripts = {
  record: script(import.meta.dirname, 'scripts/record.sh'),
  timer: script(import.meta.dirname, 'scripts/timer.sh'),
  arm: script(import.meta.dirname, 'scripts/arm.sh'),
  load: script(import.meta.dirname, 'scripts/load.sh'),
  endTimer: script(import.meta.dirname, 'scripts/end-timer.sh'),
  confirm: script(import.meta.dirname, 'scripts/confirm.sh'),
  takeBack: script(import.meta.dirname, 'scripts/take-back.sh'),
  isLoaded: script(import.meta.dirname, 'scripts/is-loaded.sh'),
  connection: script(import.meta.dirname, 'scripts/connection.sh'),
  keepFile: script(import.meta.dirname, 'scripts/keep-file.sh'),
  putFileBack: script(import.meta.dirname, 'scripts/put-file-back.sh'),
  boot: script(import.meta.dirname, 'scripts/boot.sh'),
  bootState: script(import.meta.dirname, 'scripts/boot-state.sh'),
  forget: script(import.meta.dirname, 'scripts/forget.sh'),
}

/** The whole ruleset, or nothing but the counters and the contents of dynamic sets. */
export const listRuleset = (): string[] => ['nft', '-s', 'list', 'ruleset']
export const checkFile = (path: string): string[] => ['nft', '-c', '-f', path]
export const loadFile = (path: string): string[] => ['nft', '-f', path]

/** Keeps the ruleset as it is now, unless an earlier call has; prints what is kept. Exit 9: it could not be loaded again. */
export const record = (directory: string): string[] => scripts.record.argv(directory)

/** Starts the timer that takes the load back by itself. Comes back once it runs. */
export const arm = (attempt: string, directory: string, seconds: number): string[] =>
  scripts.arm.argv(scripts.timer.text(), attempt, directory, String(seconds), ownTable.family, ownTable.name)
/** Exit 11: the timer does not run (any more); nothing is loaded. */
export const loadUnderTimer = (attempt: string): string[] => scripts.load.argv(attempt)
/** Exit 10: too late, the timer has taken the load back. */
export const confirm = (attempt: string, directory: string): string[] =>
  scripts.confirm.argv(scripts.endTimer.text(), attempt, directory, ownTable.family, ownTable.name)
/** Takes back what an earlier attempt loaded and nobody confirmed, and ends its timer; one at work is waited for. */
export const takeBack = (running: string): string[] => scripts.takeBack.argv(scripts.endTimer.text(), running)
/** Exit 0: what standard input declares is loaded, as it was loaded, and no timer runs. */
export const isLoaded = (directory: string, running: string): string[] =>
  scripts.isLoaded.argv(directory, running, ownTable.family, ownTable.name)
/** `<client address> <its port> <own address> <own port>` of the ssh connection that asks; empty when there is none. */
export const askedOver = (): string[] => scripts.connection.argv()

/** A new ssh connection, beside the one that is kept, proves that we still get in. */
export const comeIn = (settings: SshSettings, name: string): string[] =>
  sshRun({ name, settings, socket: 'none' }, ['true'])

export const keepFile = (file: string, directory: string): string[] => scripts.keepFile.argv(file, directory)
export const putFileBack = (file: string, directory: string): string[] =>
  scripts.putFileBack.argv(file, directory)
/** Prints our table as the file would load it, in a network namespace that ends with the command. */
export const tryBoot = (file: string): string[] => [
  ...['unshare', '--net', '--'],
  ...scripts.boot.argv(file, ownTable.family, ownTable.name),
]
/** `enabled`, `disabled`… where systemd is at work; nothing elsewhere. */
export const bootState = (): string[] => scripts.bootState.argv()
/** What was kept for an undo, once it is done. */
export const forget = (directory: string): string[] => scripts.forget.argv(directory)
/** Exit 0: some file of the gateway's own network configuration names the interface, so that a restart makes it again. */
export const isConfigured = (name: string): string[] => [
  ...['grep', '-rqsw', '--', name, '/etc/network', '/etc/systemd/network', '/etc/netplan'],
]
