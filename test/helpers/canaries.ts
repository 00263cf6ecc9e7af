import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

/** A secret that must not be seen, by the name of its file. */
export type Canary = { name: string; value: string }

/**
 * Every secret of a directory. Of a private key its lines, which are never shown in one piece; its frame and its first line
 * are the same in every key.
 */
export function canariesIn(directory: string): Canary[] {
  const files = readdirSync(directory).filter(file => !file.endsWith('.pub'))
  return files.flatMap(name => {
    const lines = readFileSync(join(directory, name), 'utf8')
      .replace(/^-----BEGIN.*\n.*\n/, '')
      .split('\n')
    return lines
      .filter(line => line.length >= 12 && !line.startsWith('-----'))
      .map(value => ({ name, value }))
  })
}

/** One of the ways in which a canary may be written. */
export type Form = { name: string; text: string }

export const formsOf = (canaries: readonly Canary[]): Form[] => canaries.flatMap(formsOfOne)

/** As it is, in a URL, in hexadecimal, and in base64 wherever it begins in a longer text. */
function formsOfOne({ name, value }: Canary): Form[] {
  const bytes = Buffer.from(value)
  const shifted = [0, 1, 2].map(shift => {
    const encoded = Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // the first and the last characters depend on what stands around it
    return encoded.slice(shift === 0 ? 0 : shift + 1, -1)
  })
  const url = encodeURIComponent(value)
  const texts = [value, url, url.replaceAll('%20', '+'), bytes.toString('hex'), ...shifted]
  const safe = shifted.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([...texts, ...safe])].map(text => ({ name, text }))
}

/** Which canaries a text shows. */
export function shownIn(text: string, forms: readonly Form[]): string[] {
  const seen = forms.filter(form => text.includes(form.text))
  return [...new Set(seen.map(({ name }) => name))]
}

/** Files below these directories that show one, in any form. `newerThan`: only those changed after that file was. */
export async function filesThatShow(
  forms: readonly Form[],
  directories: readonly string[],
  options: { except?: RegExp; newerThan?: string } = {},
): Promise<string[]> {
  const newer = options.newerThan === undefined ? [] : ['-newer', options.newerThan]
  const patterns = forms.map(({ text }) => text)
  const find = ['find', ...directories, '-xdev', '-type', 'f', ...newer, '-print0']
  const found = await execa(find[0] ?? '', find.slice(1), { reject: false, maxBuffer: 1e8 })
  const files = found.stdout.split('\0').filter(Boolean)
  // through xargs, for there are too many for one command; 123 says that some part of them showed nothing
  const { stdout } = await execa(
    'xargs',
    ['-0', 'grep', '-alF', ...patterns.flatMap(text => ['-e', text]), '--'],
    {
      input: files.join('\0'),
      reject: false,
    },
  )
  return stdout.split('\n').filter(file => file !== '' && !options.except?.test(file))
}
