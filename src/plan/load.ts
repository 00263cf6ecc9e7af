import { createReadStream, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { systemReason } from '../model/system-error.ts'
import type { MessageKey } from '../model/text.ts'
import type { Path, PlanError } from './error.ts'
import { pathText } from './error.ts'
import type { PlanNode } from './node.ts'
import { nodeAt } from './node.ts'
import type { ParseResult } from './parse.ts'
import { parsePlan } from './parse.ts'
import { errorAt } from './rules/rule.ts'
import { mostCharacters, type PlanFile } from './source.ts'

/** The plan cannot be used. `errors` are for people: see formatPlanError. */
export class PlanRefused extends Failure {
  readonly errors: PlanError[]
  /** There is no such file at all, where others are wrong in something. */
  readonly isAbsent: boolean
  constructor(paths: readonly string[], errors: PlanError[]) {
    super(
      { key: 'plan.refused', values: { count: errors.length } },
      {
        remedy: { key: 'plan.refused.remedy', values: { command: checkCommand(paths) } },
        exitCode: exitCodes.usage,
      },
    )
    this.errors = errors
    this.isAbsent = paths[0] !== undefined && !existsSync(paths[0])
  }
}

function checkCommand([plan = 'plan.yaml', ...overlays]: readonly string[]): string {
  return ['bascule check --plan', plan, ...overlays.flatMap(overlay => ['--overlay', overlay])].join(' ')
}

/** Reads a plan and its overlays from disk. Throws PlanRefused. */
export async function openPlan(paths: readonly string[], kinds: Record<string, Kind>): Promise<Plan> {
  const result = await loadPlan(paths, kinds)
  if ('errors' in result) throw new PlanRefused(paths, result.errors)
  const { plan, root, unknown } = result
  if (unknown.length === 0) return plan
  throw new PlanRefused(
    paths,
    unknown.map(path => errorAt(root, path, { key: 'plan.valueUnknown' })),
  )
}

/**
 * The same without throwing, for `bascule check`. Files that the plan names are looked for, and their paths made
 * absolute: a relative one starts at the folder of the file in which it is written.
 */
export async function loadPlan(paths: readonly string[], kinds: Record<string, Kind>): Promise<ParseResult> {
  const read = await readPlanFiles(paths)
  return 'errors' in read ? read : parseFiles(read.files, kinds)
}

/** The files as text, to be parsed as often as they are changed. */
export async function readPlanFiles(
  paths: readonly string[],
): Promise<{ files: PlanFile[] } | { errors: PlanError[] }> {
  const files = await Promise.all(paths.map(readPlanFile))
  const unread = files.flatMap(file => ('problem' in file ? [file] : []))
  if (unread.length > 0) return { errors: unread }
  return { files: files.flatMap(file => ('text' in file ? [file] : [])) }
}

/** As `loadPlan`, of files that were read. */
export function parseFiles(files: readonly PlanFile[], kinds: Record<string, Kind>): ParseResult {
  const result = parsePlan(files, kinds)
  if ('errors' in result) return result
  const errors: PlanError[] = []
  const found = (path: Path): string => {
    const { file, error } = namedFile(result.root, path)
    if (error !== undefined) errors.push(error)
    return file
  }
  const { ssh, notices } = result.plan
  const plan: Plan = {
    ...result.plan,
    ssh: { ...ssh, ...(ssh.configFile !== undefined && { configFile: found(['ssh', 'configFile']) }) },
    notices: notices.map(notice => ({ ...notice, bodyFile: found(['notices', notice.id, 'bodyFile']) })),
  }
  return errors.length > 0 ? { errors } : { ...result, plan }
}

function namedFile(root: PlanNode, path: Path): { file: string; error?: PlanError } {
  const node = nodeAt(root, ...path)
  const place = node?.place ?? root.place
  const written = node?.type === 'scalar' ? String(node.value) : ''
  const file = written.startsWith('~/')
    ? join(homedir(), written.slice(2))
    : resolve(dirname(place.file), written)
  if (existsSync(file)) return { file }
  return { file, error: { place, path: pathText(path), problem: { key: 'plan.noFile', values: { file } } } }
}

/** A character takes up to four. */
const mostBytes = 4 * mostCharacters

/** No more than one byte past the limit: a device or a pipe has no end. */
async function readAtMost(name: string, limitBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of createReadStream(name, { end: limitBytes })) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** The file as text, or why not. */
async function readPlanFile(name: string): Promise<PlanFile | PlanError> {
  const refuse = (key: MessageKey, values = {}, line = 1, column = 1): PlanError => {
    return {
      place: { file: name, line, column },
      path: '',
      problem: { key, values },
    }
  }
  let bytes: Buffer
  try {
    bytes = await readAtMost(name, mostBytes)
  } catch (error) {
    return {
      ...refuse('plan.unreadable', { why: systemReason(error) }),
      expected: { key: 'plan.expected.file' },
    }
  }
  try {
    // What was cut off at the limit may end within a character.
    const isCut = bytes.length > mostBytes
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }) }
  } catch {
    // Decoded again with the bad bytes replaced, to say where the first one is.
    const lines = (bytes.toString('utf8').split('\ufffd')[0] ?? '').split('\n')
    return refuse('plan.notUtf8', {}, lines.length, (lines.at(-1)?.length ?? 0) + 1)
  }
}
