import { writeFileSync } from 'node:fs'
import type { CommandContext } from './command-context.ts'
import { unwritable } from './file-failures.ts'
import { type Call, textOption } from './verb.ts'

/** To the file of `--output`; else to stdout, where only the JSON goes when that is asked for. Throws Failure. */
export function writeDocument(context: CommandContext, call: Call, text: string): void {
  const file = textOption(call, 'output')
  if (file === undefined) {
    if (!context.options.json) context.stdout.write(text)
    return
  }
  writeTo(file, text)
  context.printProgress([[{ text: context.say({ key: 'cli.report.written', values: { file } }) }]])
}

/** Throws Failure. */
export function writeTo(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}
