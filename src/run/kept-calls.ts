import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CallEnd, CallObserver, HostCall } from '../model/host-call.ts'
import { now } from '../model/instant.ts'
import type { RunMode } from '../model/run-mode.ts'

/** Calls like one of the latest are counted with it: a wait asks the same again and again. */
const alikeWithin = 8
/** So many different ones of one part are kept; the rest is counted. */
const mostKept = 400

const keptCall = z.object({
  does: z.enum(['read', 'change']),
  by: z.enum(['ssh', 'local', 'file', 'sql', 'http', 'dns']),
  where: z.string(),
  user: z.string().exactOptional(),
  line: z.string(),
  /** How often it was made, and how long that took together. */
  times: z.number(),
  seconds: z.number(),
  /** Of the last time. Absent: no program, or it did not come to its end. */
  exitCode: z.number().exactOptional(),
  failed: z.literal(true).exactOptional(),
})
const keptPart = z.object({
  run: z.string(),
  mode: z.enum(['preparation', 'rehearsal', 'live', 'close']),
  begun: z.string(),
  /** False: the step, or its undo, failed, and no attempt before had gone well. */
  well: z.boolean(),
  calls: z.array(keptCall),
  /** Calls that were made and are not kept. */
  left: z.number(),
  /** Texts of the scripts that the calls name. */
  scripts: z.record(z.string(), z.string()),
})
const keptStep = z.object({ apply: keptPart.exactOptional(), undo: keptPart.exactOptional() })

export type KeptCall = z.infer<typeof keptCall>
export type KeptPart = z.infer<typeof keptPart>
/** What a step did on the world when it, and its undo, ran last. Not part of the journal, and nothing goes by it. */
export type KeptStep = z.infer<typeof keptStep>
export type StepPart = keyof KeptStep

/** What keeps the calls of one attempt: told of each call, then whether it went well. */
export type KeepingCalls = { onCall: CallObserver; ended(well: boolean): void }
export type KeepCalls = (about: { step: string; run: string; mode: RunMode; part: StepPart }) => KeepingCalls

/** Below the state directory, one file a step. A file that cannot be written is missed by nothing but `explain`. */
export function keepCallsIn(stateDirectory: string): KeepCalls {
  return ({ step, run, mode, part }) => {
    const gathered = gatherCalls()
    const begun = now()
    return {
      onCall: gathered.onCall,
      ended(well) {
        const before = readKept(stateDirectory, step)
        if (gathered.calls.length === 0 || (!well && before[part]?.well)) return
        const { calls, scripts } = gathered
        const kept: KeptStep = {
          ...before,
          [part]: { run, mode, begun, well, calls, left: gathered.left(), scripts },
        }
        write(stateDirectory, step, kept)
      },
    }
  }
}

/** Nothing is known of a step that has not run, or whose file cannot be read. */
export function readKept(stateDirectory: string, step: string): KeptStep {
  try {
    const text = readFileSync(fileOf(stateDirectory, step), 'utf8')
    return keptStep.parse(JSON.parse(text))
  } catch {
    return {}
  }
}

export function gatherCalls() {
  const calls: KeptCall[] = []
  const scripts: Record<string, string> = {}
  let left = 0
  const onCall: CallObserver = call => {
    if (call.script) scripts[call.script.name] = call.script.text
    const kept = keep(call)
    return end => kept && count(kept, end)
  }
  function keep(call: HostCall): KeptCall | undefined {
    const alike = calls.slice(-alikeWithin).find(one => isAlike(one, call))
    if (alike) {
      alike.times += 1
      return alike
    }
    if (calls.length >= mostKept) {
      left += 1
      return undefined
    }
    const { does, by, where, user, line } = call
    const kept: KeptCall = { does, by, where, line, ...(user && { user }), times: 1, seconds: 0 }
    calls.push(kept)
    return kept
  }
  return { calls, scripts, left: () => left, onCall }
}

const isAlike = (one: KeptCall, other: HostCall): boolean =>
  one.does === other.does &&
  one.by === other.by &&
  one.where === other.where &&
  one.user === other.user &&
  one.line === other.line

function count(kept: KeptCall, end: CallEnd): void {
  kept.seconds += end.seconds
  delete kept.exitCode
  delete kept.failed
  if (end.ended === 'exited') kept.exitCode = end.exitCode
  if (end.ended === 'failed') kept.failed = true
}

const folderOf = (stateDirectory: string): string => join(stateDirectory, 'commands')
const fileOf = (stateDirectory: string, step: string): string =>
  join(folderOf(stateDirectory), `${encodeURIComponent(step)}.json`)

function write(stateDirectory: string, step: string, kept: KeptStep): void {
  const file = fileOf(stateDirectory, step)
  try {
    mkdirSync(folderOf(stateDirectory), { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.new`, `${JSON.stringify(kept, null, 1)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {
    // the run goes on without: a full disk stops the journal, and the journal says so
  }
}
