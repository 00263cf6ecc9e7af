import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { logFileOf } from './upid.ts'

export type EndedTask = { upid: string; endtime: number; status: string }

/** PVE's own files for tasks: a log each, `index` of those that have ended, `active` of those that run. */
export type TaskStore = {
  begin(upid: string): void
  write(upid: string, line: string): void
  end(upid: string, endtime: number, status: string): void
  exists(upid: string): boolean
  lines(upid: string): string[]
  /** From its last line: `OK`, `WARNINGS: n`, the error, or `unexpected status` where it was cut off. */
  statusOf(upid: string): string
  /** Newest first. */
  ended(): EndedTask[]
}

export function openStore(directory: string): TaskStore {
  const index = join(directory, 'index')
  const activeFile = join(directory, 'active')
  mkdirSync(directory, { recursive: true })
  const fileOf = (upid: string) => logFileOf(directory, upid)
  const active = new Set<string>()
  const writeActive = () => {
    writeFileSync(`${activeFile}.new`, [...active].map(upid => `${upid}\n`).join(''))
    renameSync(`${activeFile}.new`, activeFile)
  }
  const lines = (upid: string) => readLines(fileOf(upid))
  const statusOf = (upid: string) => statusFrom(lines(upid).at(-1) ?? '')
  const archive = (upid: string, endtime: number, status: string) =>
    appendFileSync(index, `${upid} ${endtime.toString(16).toUpperCase().padStart(8, '0')} ${status}\n`)

  // What an earlier process left running ended with it.
  const now = Math.floor(Date.now() / 1000)
  for (const upid of readLines(activeFile)) archive(upid, now, statusOf(upid))
  writeActive()

  return {
    begin: upid => {
      mkdirSync(dirname(fileOf(upid)), { recursive: true })
      writeFileSync(fileOf(upid), '')
      active.add(upid)
      writeActive()
    },
    write: (upid, line) => appendFileSync(fileOf(upid), `${line}\n`),
    end: (upid, endtime, status) => {
      archive(upid, endtime, status)
      active.delete(upid)
      writeActive()
    },
    exists: upid => existsSync(fileOf(upid)),
    lines,
    statusOf,
    ended: () => readLines(index).flatMap(parseEnded).reverse(),
  }
}

function readLines(file: string): string[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function statusFrom(lastLine: string): string {
  if (lastLine === 'TASK OK') return 'OK'
  return (
    /^TASK (?:ERROR: (.+)|(WARNINGS: \d+))$/.exec(lastLine)?.slice(1).find(Boolean) ?? 'unexpected status'
  )
}

function parseEnded(line: string): EndedTask[] {
  const [, upid, endtime, status] = /^(\S+) ([0-9A-F]{8,}) (.*)$/.exec(line) ?? []
  if (!upid || !endtime || !status) return []
  return [{ upid, endtime: Number.parseInt(endtime, 16), status }]
}
