import { script } from '../kit/script.ts'

const keys = script(import.meta.dirname, 'scripts/keys.awk')
const strip = script(import.meta.dirname, 'scripts/strip.awk')
const scripts = {
  look: script(import.meta.dirname, 'scripts/look.sh'),
  keep: script(import.meta.dirname, 'scripts/keep.sh'),
  write: script(import.meta.dirname, 'scripts/write.sh'),
  restore: script(import.meta.dirname, 'scripts/restore.sh'),
  forget: script(import.meta.dirname, 'scripts/forget.sh'),
  sync: script(import.meta.dirname, 'scripts/sync.sh'),
}

/** One column of what the interface knows. `wg show <interface> dump` and `private-key` are never asked: they show secrets. */
export const show = (
  name: string,
  column: 'public-key' | 'listen-port' | 'peers' | 'endpoints' | 'allowed-ips' | 'latest-handshakes',
): string[] => ['wg', 'show', name, column]
/** Prints a line when the interface is there and up. */
export const linkUp = (name: string): string[] => ['ip', '-o', 'link', 'show', 'dev', name, 'up']

export const look = (path: string): string[] => scripts.look.argv(keys.text(), path)
export const keep = (directory: string, path: string, words: string): string[] =>
  scripts.keep.argv(directory, path, words)
export const write = (path: string, sha256: string, directory: string): string[] =>
  scripts.write.argv(keys.text(), path, sha256, directory)
export const restore = (directory: string, path: string, overOthers: boolean): string[] =>
  scripts.restore.argv(directory, path, overOthers ? 'any' : '')
export const readKept = (directory: string): string[] => ['cat', '--', `${directory}/kept`]
export const forget = (directory: string): string[] => scripts.forget.argv(directory)

/** The running interface takes the file's peers; with `only`, that one alone. */
export const sync = (name: string, path: string, only = ''): string[] =>
  scripts.sync.argv(strip.text(), name, path, only)
/** One peer of the running interface, nothing else touched. */
export const addPeer = (name: string, publicKey: string, allowed: string): string[] => [
  ...['wg', 'set', name, 'peer', publicKey, 'allowed-ips', allowed],
]
export const removePeer = (name: string, publicKey: string): string[] => [
  ...['wg', 'set', name, 'peer', publicKey, 'remove'],
]
