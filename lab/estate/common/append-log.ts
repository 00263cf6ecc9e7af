import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { replaceFile } from './durable.ts'

/**
 * Lines of JSON that are only ever added. `append` resolves once its line is on the disk; lines that come while the disk
 * is busy go together with one sync.
 */
export type AppendLog<Entry> = { append(entry: Entry): Promise<void> }

/** Reads whole lines; the last may be torn by a power cut, and was then never acknowledged. Throws on any other damage. */
export function readAppendLog<Entry>(file: string): Entry[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // After the last line end: nothing, or what was torn.
  lines.pop()
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as Entry
    } catch {
      throw new Error(`${file}:${index + 1} is damaged`)
    }
  })
}

/** Opens it with exactly these entries: what was torn, or is no longer of use, goes. */
export function openAppendLog<Entry>(file: string, entries: readonly Entry[]): AppendLog<Entry> {
  const begin = entries.map(lineOf).join('')
  replaceFile(file, begin)
  const opened = open(file, 'a', 0o600)
  let length = Buffer.byteLength(begin)
  let before: Promise<void> = Promise.resolve()
  let gathering: { lines: string[]; kept: Promise<void> } | undefined

  const add = async (text: string) => {
    const handle = await opened
    try {
      await handle.appendFile(text)
      await handle.datasync()
      length += Buffer.byteLength(text)
    } catch (error) {
      // A disk that is full leaves half a line: the next one must not be joined to it.
      await handle.truncate(length)
      throw error
    }
  }
  const gather = () => {
    const lines: string[] = []
    const kept = before.then(() => {
      gathering = undefined
      return add(lines.join(''))
    })
    before = kept.catch(() => undefined)
    return { lines, kept }
  }
  return {
    append: entry => {
      gathering ??= gather()
      gathering.lines.push(lineOf(entry))
      return gathering.kept
    },
  }
}

const lineOf = (entry: unknown): string => `${JSON.stringify(entry)}\n`
