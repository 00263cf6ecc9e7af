import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An ssh key of each of them, made by OpenSSH, in a file of the folder that has the person's name. */
export function makeKeys(folder: string, ...people: string[]): void {
  for (const person of people)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', person, '-f', join(folder, person)])
}

export const publicKeyIn = (folder: string, person: string): string =>
  readFileSync(join(folder, `${person}.pub`), 'utf8').trim()

type Options = { name: string; title: string; ssh?: string }

/** A site is one host; Claire Martin and Paul Roux sign at the first gate, with the keys `claire` and `paul` of the folder. */
export const planOfTwoPeople = (folder: string, { name, title, ssh = '{}' }: Options): string => `bascule: 1
name: ${name}
title: ${title}
zone: Europe/Paris
window: {start: 2026-12-12T22:00, length: 2 h, rollbackReserve: 20 min}
ssh: ${ssh}
sites:
  source: {id: montpellier, title: Montpellier, hosts: {database: {ssh: alpha, address: 127.0.0.1, become: runuser}}}
  target: {id: toulouse, title: Toulouse, hosts: {database: {ssh: beta, address: 127.0.0.1, become: runuser}}}
people:
  - {role: lead, name: Claire Martin, contact: by phone, available: J-7 to J+7, key: ${publicKeyIn(folder, 'claire')}}
  - {role: dba, name: Paul Roux, contact: by phone, available: J-7 to J+7, key: ${publicKeyIn(folder, 'paul')}}
components:
  authority: {kind: authority, title: Authority, criticality: critical, owner: lead}
rollback: {databaseStart: 1 min, serviceStartAttempts: 3, margin: 1 min}
gates:
  go: {signoffs: [lead, dba]}
`
