import { createTwoFilesPatch } from 'diff'
import type { Language } from '../i18n/language.ts'
import { createTranslator } from '../i18n/translator.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Kind } from '../model/kind.ts'
import type { Text } from '../model/text.ts'
import { type CheckFinding, findingJson, findingLine, placed, verdictOf } from './check.ts'
import { pathText } from './error.ts'
import type { PlanFinding } from './judge/judge.ts'
import type { RuleLevel } from './judge/judgement.ts'
import { PlanRefused, parseFiles, readPlanFiles } from './load.ts'
import { messages } from './messages.ts'
import { parsePlan } from './parse.ts'
import { type PlanChange, repairPlan } from './repair.ts'
import type { PlanFile } from './source.ts'

export type RepairResult = {
  /** Of the repaired plan, as of `check`. */
  exitCode: ExitCode
  /** The plan's own file as it was read, and what it becomes; the same when nothing is repaired. */
  file: PlanFile
  text: string
  /** The lines of a unified diff; none when nothing is repaired. */
  diff: string[]
  changes: RepairedFinding[]
  /** What the repaired plan still has, at its places. */
  findings: CheckFinding[]
  notes: CheckFinding[]
  /** For people: what was repaired, what is left, the verdict. */
  lines: string[]
}
/** `message`: what is done. `gone`: what it ends beside the finding itself. */
type RepairedFinding = { rule: string; path: string; message: string; gone: { rule: string; path: string }[] }

/** What `check --repair` proposes for a plan. Reads the files and changes none. Throws PlanRefused. */
export async function repairFiles(
  paths: readonly string[],
  kinds: Record<string, Kind>,
  language: Language,
  now?: string,
): Promise<RepairResult> {
  const translate = createTranslator([messages, ...Object.values(kinds).map(kind => kind.messages)])
  const say = (text: Text) => translate(text, language)
  const read = await readPlanFiles(paths)
  const parsed = 'errors' in read ? read : parseFiles(read.files, kinds)
  const [file, ...overlays] = 'errors' in read ? [] : read.files
  if ('errors' in parsed) throw new PlanRefused(paths, parsed.errors)
  if (file === undefined) throw new PlanRefused(paths, [])
  const { text, changes, before, after } = repairPlan([file, ...overlays], parsed, kinds, say, now)
  const result = parsePlan([{ ...file, text }, ...overlays], kinds)
  if ('errors' in result) throw new PlanRefused(paths, result.errors)
  const left = placed(after, result.root, paths)
  const { key, exitCode } = verdictOf(after)
  const counts = {
    blocking: countOf(before, 'block'),
    blockingLeft: countOf(after, 'block'),
    warnings: countOf(before, 'warn'),
    warningsLeft: countOf(after, 'warn'),
  }
  const forPeople = left.filter(({ level }) => level !== 'note')
  const verdict = { key, values: { file: file.name, name: result.plan.name, count: counts.blockingLeft } }
  return {
    exitCode,
    file,
    text,
    diff: changes.length === 0 ? [] : diffLines(file, text),
    changes: changes.map(change => changeJson(change, say)),
    findings: forPeople.map(finding => findingJson(finding, say)),
    notes: left.filter(({ level }) => level === 'note').map(finding => findingJson(finding, say)),
    lines: [
      ...(changes.length === 0 ? [say({ key: 'plan.repair.nothing' })] : []),
      ...changes.map((change, index) => `${index + 1}. ${changeLine(change, say)}`),
      ...(forPeople.length === 0 ? [] : ['', say({ key: 'plan.repair.left' })]),
      ...forPeople.map(finding => findingLine(finding, say)),
      '',
      say({ key: 'plan.repair.count', values: counts }),
      ...(changes.length === 0
        ? [say(verdict)]
        : [`${say({ key: 'plan.repair.repaired' })} ${say(verdict)}`]),
    ],
  }
}

const countOf = (findings: readonly PlanFinding[], level: RuleLevel): number =>
  findings.filter(one => one.level === level).length

const diffLines = ({ name, text: before }: PlanFile, after: string): string[] =>
  createTwoFilesPatch(name, name, before, after, undefined, undefined, { context: 2 })
    .split('\n')
    .filter((line, index, all) => !line.startsWith('====') && (line !== '' || index < all.length - 1))
    .map(line => line.replace(/\t$/, ''))

function changeLine({ text, finding, gone }: PlanChange, say: (text: Text) => string): string {
  const values = { what: say(text), rule: finding.rule, path: pathText(finding.path) }
  const also = [...new Set(gone.map(({ rule, path }) => `${rule} (${pathText(path)})`))].join(', ')
  return say(
    gone.length === 0
      ? { key: 'plan.repair.change', values }
      : { key: 'plan.repair.changeAlso', values: { ...values, also } },
  )
}

const changeJson = ({ text, finding, gone }: PlanChange, say: (text: Text) => string): RepairedFinding => ({
  rule: finding.rule,
  path: pathText(finding.path),
  message: say(text),
  gone: gone.map(({ rule, path }) => ({ rule, path: pathText(path) })),
})
