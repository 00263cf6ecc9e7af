import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { assemblePlan } from './assemble.ts'
import type { Path, PlanError } from './error.ts'
import { inReadingOrder, pathText } from './error.ts'
import { errorsOfIssues } from './issues.ts'
import { mergeOverlay } from './merge.ts'
import type { MapNode, PlanNode } from './node.ts'
import { author } from './rules/author.ts'
import { clock } from './rules/clock.ts'
import { controlCharacters } from './rules/control-characters.ts'
import { cycles } from './rules/cycles.ts'
import { duplicates } from './rules/duplicates.ts'
import { keys } from './rules/keys.ts'
import { openQuestions } from './rules/open-questions.ts'
import { measures, references } from './rules/references.ts'
import type { Rule } from './rules/rule.ts'
import { scheduleReferences } from './rules/schedule-references.ts'
import { secrets } from './rules/secrets.ts'
import { thresholds } from './rules/thresholds.ts'
import { sameHosts } from './rules/warnings.ts'
import { planSchema } from './schema.ts'
import type { PlanFile } from './source.ts'
import { readSource } from './source.ts'
import { readWithUnknown } from './unknown.ts'

const rules: Rule[] = [
  references,
  scheduleReferences,
  measures,
  cycles,
  thresholds,
  clock,
  duplicates,
  keys,
  author,
  secrets,
  controlCharacters,
]

/** `root` is the merged tree with its places, for what can only be checked with the disk at hand. */
export type ParseResult = ParsedFiles | { errors: PlanError[] }
/** `unknown`: where the plan says `?`. The plan has a stand-in there, and can be judged but not carried out. */
export type ParsedFiles = { plan: Plan; root: PlanNode; warnings: PlanError[]; unknown: Path[] }

/**
 * Reads a plan: the first file is the plan, each further one an overlay laid over it. Gives the plan, or every
 * error at once in reading order. Throws nothing that depends on the text.
 */
export function parsePlan(files: readonly PlanFile[], kinds: Record<string, Kind>): ParseResult {
  const names = files.map(file => file.name)
  const { root, errors, warnings } = readAll(files)
  if (root === undefined) return { errors: inReadingOrder(errors, names) }
  const schema = planSchema(kinds)
  const open = openQuestions(root)
  const isOpen = new Set(open.map(({ path }) => path))
  const ruled = rules.flatMap(rule => rule(root, kinds))
  const { parsed, unknown } = readWithUnknown(schema, root, ruled)
  // What could not be read (an alias of nothing) is not also missing, and what is said to be unknown is not wrong.
  const unread = new Set(errors.map(({ place, path }) => JSON.stringify([place, path])))
  const unsaid = new Set(unknown.map(pathText))
  const judged = [
    ...ruled.filter(({ path }) => !unsaid.has(path)),
    ...errorsOfIssues(parsed.error?.issues ?? [], schema, root),
  ].filter(({ place, path }) => !unread.has(JSON.stringify([place, path])) && !isOpen.has(path))
  // a question is one thing that is missing, not also a wrong value
  const found = [...errors, ...open, ...judged]
  if (parsed.data === undefined || found.length > 0) return { errors: inReadingOrder(found, names) }
  const plan = assemblePlan(parsed.data, kinds)
  return { plan, root, warnings: inReadingOrder([...warnings, ...sameHosts(root)], names), unknown }
}

type Read = { root?: MapNode; errors: PlanError[]; warnings: PlanError[] }

/** Syntax errors end it before the rest is looked at: the tree would not be what people meant. */
function readAll(files: readonly PlanFile[]): Read {
  const sources = files.map(file => ({ name: file.name, ...readSource(file) }))
  const errors = sources.flatMap(source => source.errors)
  const warnings: PlanError[] = []
  const trees: MapNode[] = []
  let readable = true
  for (const [index, { name, root, errors: own }] of sources.entries()) {
    const place = { file: name, line: 1, column: 1 }
    if (root?.type === 'map') trees.push(root)
    else if (root !== undefined) errors.push({ place: root.place, path: '', ...notMap })
    else if (own.length === 0 && index > 0)
      warnings.push({ place, path: '', problem: { key: 'plan.overlayEmpty' } })
    else if (own.length === 0)
      errors.push({ place, path: '', problem: { key: 'plan.empty' }, expected: help })
    readable &&= root?.type === 'map' || (root === undefined && own.length === 0 && index > 0)
  }
  const [base, ...overlays] = trees
  if (base === undefined || !readable) return { errors, warnings }
  const root = overlays.reduce((tree, overlay) => {
    return mergeOverlay(tree, overlay, (path, place) => {
      warnings.push({ place, path: pathText(path), problem: { key: 'plan.removedNothing' } })
    })
  }, base)
  return { root, errors, warnings }
}

const help: Text = { key: 'plan.expected.plan' }
const notMap: Pick<PlanError, 'problem' | 'expected'> = {
  problem: { key: 'plan.notMap' },
  expected: { key: 'plan.expected.map' },
}
