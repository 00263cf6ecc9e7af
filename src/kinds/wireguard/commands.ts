import {
  awkPrograms,
  forgetScript,
  keepScript,
  lookScript,
  restoreScript,
  syncScript,
  writeScript,
} from './scripts.ts'

const sh = (script: string, ...values: string[]): string[] => ['sh', '-c', script, 'bascule', ...values]

/** One column of what the interface knows. `wg show <interface> dump` and `private-key` are never asked: they show secrets. */
export const show = (
  name: string,
  column: 'public-key' | 'listen-port' | 'peers' | 'endpoints' | 'allowed-ips' | 'latest-handshakes',
): string[] => ['wg', 'show', name, column]
/** Prints a line when the interface is there and up. */
export const linkUp = (name: string): string[] => ['ip', '-o', 'link', 'show', 'dev', name, 'up']

export const look = (path: string): string[] => sh(lookScript, awkPrograms.hide, path)
export const keep = (directory: string, path: string, words: string): string[] =>
  sh(keepScript, directory, path, words)
export const write = (path: string, sha256: string, directory: string): string[] =>
  sh(writeScript, awkPrograms.fill, path, sha256, directory)
export const restore = (directory: string, path: string, overOthers: boolean): string[] =>
  sh(restoreScript, directory, path, overOthers ? 'any' : '')
export const readKept = (directory: string): string[] => ['cat', '--', `${directory}/kept`]
export const forget = (directory: string): string[] => sh(forgetScript, directory)

/** The running interface takes the file's peers; with `only`, that one alone. */
export const sync = (name: string, path: string, only = ''): string[] =>
  sh(syncScript, awkPrograms.strip, name, path, only)
/** One peer of the running interface, nothing else touched. */
export const addPeer = (name: string, publicKey: string, allowed: string): string[] => [
  ...['wg', 'set', name, 'peer', publicKey, 'allowed-ips', allowed],
]
export const removePeer = (name: string, publicKey: string): string[] => [
  ...['wg', 'set', name, 'peer', publicKey, 'remove'],
]
