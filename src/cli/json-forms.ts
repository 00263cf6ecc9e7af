/**
 * What each verb's one JSON document holds, for the reference page: the field and what it is. Field names are stable: one is
 * added, never renamed. Instants are ISO strings in UTC, durations seconds, sentences in the language asked for.
 */
export const jsonForms: Record<string, Record<string, string>> = {
  init: { file: 'the plan that was written' },
  check: {
    ok: 'true when there is no error',
    files: 'the plan and its overlays',
    errors: 'list of `{file, line, column, path, message}`',
    warnings: 'the same, of what is allowed and doubtful',
  },
  audit: {
    plan: 'its name',
    facts: 'by component, by fact: `{value, unit, at}`',
    findings: 'list of `{id, component, level: ok|warn|block, text, remedy?}`',
  },
  preflight: {
    plan: 'its name',
    ready: 'true when nothing blocks and the window holds',
    feasible: 'true when the window holds, a rollback at the worst moment included',
    findings: 'as of `audit`',
    checks: 'list of checks, as in `gates[].checks` of `status`',
    forecast:
      '`{steps: {<id>: {plannedStart, plannedEnd, projectedEnd}}, projectedFinish, rollbackSeconds, lastSafe, criticalPath}`',
  },
  verify: {
    plan: 'its name',
    verified: 'true when every check passes',
    checks: 'list of checks, as in `gates[].checks` of `status`',
  },
  run: {
    plan: 'its name',
    mode: '`preparation`, `rehearsal`, `live` or `close`',
    run: 'id of the run',
    outcome:
      '`prepared`, `rehearsed`, `moved`, `closed`, `rolled-back`, `rollback-failed`, `held`, `failed`, `waiting` (with `--no-wait`) or `stopped` (Ctrl-C)',
    steps: 'list of steps, as of `report`',
    waiting: 'as of `status`',
    journal: '`{entries, head, verified}`',
  },
  status: {
    plan: 'its name',
    run: 'id of the run that orders go to; only once there is one',
    mode: '`preparation`, `rehearsal`, `live` or `close`',
    state: '`not-started`, `running`, `waiting`, `held`, `line-lost`, `rolling-back`, or the outcome',
    now: 'when it was looked at',
    window: '`{start, end, leftSeconds}`',
    projectedFinish: 'forecast end; the real one when the run has ended',
    lastSafe: '`{at, leftSeconds, rollbackSeconds}`; only while a rollback may come',
    criticalPath: 'ids of the steps whose delay delays the end',
    steps:
      'list of `{id, title, stage, component, owner, state, attempt, exhausted, plannedStart, plannedEnd, plannedSeconds, startedAt?, endedAt?, actualSeconds?, projectedEnd?, lateSeconds?, undo?: {startedAt?, endedAt?, plannedSeconds}}`; `state` is `waiting`, `running`, `interrupted`, `paused`, `done`, `found-done`, `by-hand`, `skipped`, `failed`, `undoing`, `undo-interrupted`, `undone`, `kept` or `undo-failed`',
    gates:
      'list of `{id, title, state, reachedAt?, openedAt?, checks, signoffs, missing}`; `state` is `ahead`, `checking`, `blocked`, `waiting`, `refused` or `open`; a check is `{id, gate, component, title, threshold, onFailure, state, attempt, ended, at?, value?, unit?, figures?, detail?, unverified?, failure?}`, a sign-off `{role, decision?, by?, at?, note?}`',
    waiting:
      'list of `{what, id, roles, text, remedy?, orders, commands}`: what waits for a person, what they may order (an empty `reason` is theirs to give; `carry-out`: begin a program that goes on), and the same as lines to type',
    linesLost: 'list of `{component, since, why}`: lines the run waits for, while deadlines go on',
    rollback: '`{at, trigger, why}`; only when there is one',
    executing: 'true when a program carries the run out now',
    next: 'the command that brings the migration on',
  },
  report: {
    plan: 'its name',
    title: 'of the plan',
    mode: '`preparation`, `rehearsal`, `live` or `close`',
    outcome: 'as `state` of `status`',
    run: '`{id, startedBy, startedAt, finishedAt?, fencingNumber}`',
    window: '`{start, end}`',
    durationSeconds: 'of the run',
    cut: 'by service `{seconds, lastAtSource?, firstAtTarget?}`; from `--evidence`',
    ledger: '`{acknowledged, lost, duplicated}`; from `--evidence`',
    records: '`{compared, different}`; from `--evidence`',
    files: '`{compared, different}`; from `--evidence`',
    dns: 'where the public records stand, `{records, atSource, atTarget}`; from `--evidence`',
    steps: 'as of `status`, with `outcome`, which is its `state`',
    gates: 'as of `status`',
    orders: 'list of `{at, by, order, note?, refused?}`',
    deviations: 'list of `{what, id, text}`: what did not go as planned',
    findings: 'as of `audit`',
    rollback: '`{at, trigger, why}`; only when there was one',
    wouldLose:
      'what going back loses: `nothing-source-kept`, `nothing-before-reopening`, `nothing-came-back`, `reverse-channel` or `unproven`',
    results: 'by step: the figures it measured of its own work',
    transfers: 'steps that sent part of a larger whole: step, component, imageBytes, sentBytes, seconds',
    journal: '`{entries, head, verified}`',
  },
  go: {
    order: '`{id, at, by, order}` as it was sent',
    run: 'id of the run',
    accepted: 'true, or null when no program is there to answer (exit code 11)',
  },
  'journal verify': {
    verified: 'true when the chain is whole',
    file: 'the journal',
    entries: 'how many',
    head: 'hash of the last; when whole',
    firstBad: '`{sequence, what}`; when not',
    problem: 'the same as a sentence; when not',
  },
  'journal show': { entries: 'list of `{sequence, at, run, event, previousHash, hash}`' },
  'lab up': {
    lab: '`{name, index, prefix, directory, sshConfigFile, secretsDirectory, overlayFile, hosts}`',
  },
  'lab status': { labs: 'list of `{name, state: absent|partial|up, missing, lab?}`' },
  'lab down': { name: 'of the laboratory', lowered: 'false when there was none' },
}

/** Verbs whose document is that of another. */
export const sameForm: Record<string, string> = {
  replicate: 'run',
  rehearse: 'run',
  resume: 'run',
  rollback: 'run',
  'no-go': 'go',
  hold: 'go',
  done: 'go',
  retry: 'go',
  skip: 'go',
}
