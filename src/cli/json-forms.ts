/**
 * What each verb's one JSON document holds, for the reference page: the field and what it is. Field names are stable: one is
 * added, never renamed. Instants are ISO strings in UTC, durations seconds, sentences in the language asked for. What `report` has of
 * the evidence that a kind takes stands with the kind.
 */
export const jsonForms: Record<string, Record<string, string>> = {
  init: { file: 'the plan file written' },
  check: {
    ok: 'true if there is no error and no blocking finding',
    files: 'the plan and its overlays',
    errors: 'list of `{file, line, column, path, message}`',
    warnings: 'the same, for what is allowed and doubtful',
    findings:
      'what the rules found: list of `{rule, level: warn|block, file, line, column, path, message, remedy, figures}`; figures in bytes, seconds, bytes per second and days',
    notes: 'the same with the level `note`: nothing is wrong, and worth a thought',
    changes:
      'with `--repair`: list of `{rule, path, message, gone}`, what was repaired and the findings that it ends too, each `{rule, path}`; `findings` and `notes` are then those of the repaired plan',
    diff: 'with `--repair`: unified diff of the plan’s own file',
    copy: 'with `--write`: the file that keeps the plan as it was',
  },
  calendar: {
    plan: 'its name',
    title: 'its title',
    zone: 'its time zone',
    window: '`{start, end}`',
    today: '`{day, date}`: the day it is about; days are relative to the window, -14 is J-14',
    days: 'list of `{day, date, weekday, phases, notices, away}`; `weekday` is 1 on Monday; ids of what is on that day, names of who is not',
    phases:
      'list of `{id, title, fromDay, untilDay, owner, run?, state, people, unattended}`; `unattended`: days on which nobody with the role of `owner` is available; `state` is `{is}`, with `is`: `done` (with `at` and `run`), `due`, `late` (with `days`), `past` (the date has passed, and the phase names no `run`) or `ahead` (with `inDays`)',
    notices:
      'list of `{id, day, to, subject, state}`; `state` is `due`, `past` or `ahead`: the journal does not know whether one was sent',
    people: 'list of `{name, duties, available}`; `available` is a list of `{role, fromDay, untilDay}`',
    due: '`{phases, notices}`: ids of what is due that day',
    late: 'ids of phases that are late',
    away: 'names of who is not available that day',
  },
  audit: {
    plan: 'its name',
    facts: 'by component, by fact: `{value, unit, at}`',
    findings: 'list of `{id, component, level: ok|warn|block, text, remedy?}`',
  },
  plan: {
    plan: 'its name',
    window: '`{start, end}`',
    facts:
      '`{unknown, auditedAt?}`: components of which nothing is known, and when the oldest facts were audited',
    steps:
      'list of `{id, what, title, owner?, component?, stage?, after?, undo?, beside?, plannedStart?, plannedEnd?, start?, end?, criticality?, slackSeconds?, rollbackSeconds?, basis?}`, in the expected order; `what` is `step`, or of a gate `checks`, `sign-off` or `gate` (it passes); `start`, `end` and `rollbackSeconds` are `{p50, p80, p95}`; `criticality` is the share of the nights in which it delays the end; `rollbackSeconds` is the way back once it has ended; with `--commands` a step has `commands` and `undoCommands`, as of `explain`; `basis` is `{from: estimate|centred|band, measured?, percentile?, of?: itself|alike}`',
    forecast:
      '`{simulations, finish: {p50, p80, p95}, percentile, chanceToFit, fits, peopleSeconds, machineSeconds, finishBy, reopenBy?, chances, helps}`; absent while facts are missing; `chances` is a list of `{windowEnd, chance}`: the chance to fit a window that ended then; `helps` is a list of `{what: window|link|work|people, …, earlierSeconds, chanceGain}`',
    findings: 'as of `audit`',
  },
  doctor: {
    plan: 'its name; null without a plan file',
    hosts: 'true if the hosts were asked',
    findings: 'as of `audit`; `component` is localhost for the control host',
  },
  explain: {
    plan: 'its name',
    step: 'its id',
    title: 'what it does',
    component: 'its component',
    mode: 'the mode that has the step: `preparation`, `rehearsal`, `live` or `close`',
    stage: 'its stage',
    owner: 'the role',
    after: 'steps and gates that must have ended before',
    touches:
      'list of `source`, `target`, `replication` (at the source, only what keeps the copy), `shared`, `outside`: where it changes something',
    expectedSeconds: 'the estimate',
    measured: 'list of `{run, mode, at, seconds}`: what it took in earlier runs',
    deadlineSeconds: 'an attempt is ended after that',
    attempts: 'how often it is tried',
    backoffSeconds: 'after a failed attempt',
    trigger: 'rollback trigger of its failure',
    beside: '`true` if nothing waits for it; otherwise absent',
    undo: '`{possible, touches?, expectedSeconds?, measured?, deadlineSeconds?, byHand?, why?}`',
    commands:
      '`{at, run, mode, ok, calls, left, scripts}` of its last run; absent if it has not run; `calls` is a list of `{does: read|change, by: ssh|local|file|sql|http|dns, where, user?, line, times, seconds, exitCode?, failed?}`; `left` counts those not kept; `scripts` holds the texts that lines name',
    undoCommands: 'the same of its last undo',
  },
  preflight: {
    plan: 'its name',
    ready: 'true if nothing blocks and the window is long enough',
    feasible: 'true if the window is long enough, with a worst-case rollback',
    findings: 'as of `audit`',
    checks: 'list of checks, as in `gates[].checks` of `status`',
    forecast:
      '`{steps: {<id>: {plannedStart, plannedEnd, projectedEnd}}, projectedFinish, rollbackSeconds, rollbackBasis, lastSafe, criticalPath}`',
  },
  verify: {
    plan: 'its name',
    verified: 'true if every check passes',
    checks: 'list of checks, as in `gates[].checks` of `status`',
  },
  run: {
    plan: 'its name',
    mode: '`preparation`, `rehearsal`, `live` or `close`',
    run: 'id of the run',
    outcome:
      '`prepared`, `rehearsed`, `moved`, `closed`, `rolled-back`, `rolled-back-by-hand`, `rollback-failed`, `held`, `failed`, `waiting` (with `--no-wait`) or `stopped` (Ctrl-C)',
    steps: 'list of steps, as of `report`',
    waiting: 'as of `status`',
    journal: '`{entries, head, verified, sealed?}`; `sealed`: `{entries, hosts}` of the last signed seal',
  },
  serve: {
    plan: 'its name',
    url: 'where a browser on this machine finds it',
    host: 'address it listens on',
    port: 'its port',
  },
  status: {
    plan: 'its name',
    run: 'id of the run that orders go to; only once there is one',
    mode: '`preparation`, `rehearsal`, `live` or `close`',
    state: '`not-started`, `running`, `waiting`, `held`, `line-lost`, `rolling-back`, or the outcome',
    now: 'time of the status',
    window: '`{start, end, leftSeconds}`',
    projectedFinish:
      'forecast end if every step takes what is expected and people take no time; the actual end once the run has ended',
    finish:
      '`{p50, p95}`: forecast end simulated from here, people included; absent once nothing more is started',
    delays:
      'what the end waits for now, list of `{what: step|checks|sign-off, id, role?, people, share, since?, waiting}`, what delays it most first: `id` of the step or gate, `people` the names with that role, `share` of the simulated nights whose end comes later if this does, `waiting` the ids of the steps and gates that wait for it directly',
    lastSafe:
      'rollback deadline, `{at, leftSeconds, rollbackSeconds, basis}`; only while a rollback is possible; `rollbackSeconds` is the P95 with the margin of the plan, `basis` is `{measured, lengthened, assumed}`: of the undos that it waits for, how many are measured often enough, were measured longer than assumed, and are assumed',
    criticalPath: 'ids of the steps whose delay delays the end',
    steps:
      'list of `{id, title, stage, component, owner, state, attempt, exhausted, plannedStart, plannedEnd, plannedSeconds, startedAt?, endedAt?, actualSeconds?, projectedEnd?, lateSeconds?, undo?: {startedAt?, endedAt?, plannedSeconds}}`; `state` is `waiting`, `not-executed` (it will not be: the run has ended or is rolled back), `running`, `interrupted`, `paused`, `done`, `found-done`, `by-hand`, `skipped`, `site-given-up`, `failed`, `undoing`, `undo-interrupted`, `undone`, `undone-by-hand`, `undo-skipped`, `kept`, `undo-passed-over` or `undo-failed`',
    gates:
      'list of `{id, title, state, reachedAt?, openedAt?, checks, signoffs, missing}`; `state` is `ahead`, `checking`, `blocked`, `waiting`, `refused`, `not-passed` or `open`; a check is `{id, gate, component, title, threshold, onFailure, state, attempt, ended, excused, at?, value?, unit?, figures?, detail?, unverified?, failure?}`, whose `state` is `waiting`, `not-measured`, `running`, `interrupted`, `passed` or `failed`; a sign-off `{role, state, decision?, by?, at?, note?}`, whose `state` is `go`, `no-go`, `awaited` or `not-given`',
    waiting:
      'list of `{what, id, roles, text, warning?, remedy?, orders, commands}`: the actions required, what happens without them (`warning`), the operator commands that answer them as data (`reason`, `isolated` and `and` empty: to be filled in; `carry-out`: start a process that resumes the run), and the same as command lines',
    linesLost: 'list of `{component, since, why}`: lost lines that the run waits for; deadlines keep running',
    leftOut:
      'list of `{component, part, since, by?, reason, means}`: parts that the run does without; `by` is absent if the plan says so',
    returnPaths:
      'from the reopening on, list of `{component, title, state, at?, since?, ageSeconds?, bytesBehind?, secondsBehind?, loss?, commits?, why?, repair?}`; `commits` is `both` while an acknowledged commit is at both sites, `waiting` while commits at the target wait for the source; `state` is `good`, `behind`, `broken`, `unseen` or `none` (the component has none: a rollback is refused); `loss` is as of `at`, what is lost now is unknown; `repair` `running`, `interrupted`, `done` or `failed`',
    copiesLost:
      'list of `{host, since, why}`: hosts whose copy of the journal lacks entries; the run goes on',
    signatures:
      '`required`, or `declared` if operator commands are not signed and names and roles are as typed',
    author:
      '`{name, mayNotApprove}`: who wrote the plan, and which approvals (gates, `countersign`) another person must give; only if the plan says so',
    rollback: '`{at, trigger, why}`; only if there is one',
    givenUp:
      '`{side, site, at, by, why, isolated?, silent, loses}`: the site that the run goes on without, who signed (nobody: by the journal itself), its silent hosts, and what is lost, list of `{component, text, figures}`; only if there is one',
    ordersStored:
      'list of `{id, at, by, order, signed?}`: operator commands that wait: for a process that resumes the run, for the one that executes it and has not judged them yet, or for a second signature (`countersign`)',
    executing: 'true if a Bascule process executes the run now',
    next: 'the next command',
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
    steps: 'as of `status`, with `outcome`, which is its `state`',
    gates: 'as of `status`',
    orders:
      'list of `{at, by, order, note?, signatures?, refused?}`; `signatures` is how many people signed it',
    signatures: 'as of `status`',
    author: 'as of `status`',
    deviations: 'list of `{what, id, text}`: deviations from the plan',
    findings: 'as of `audit`',
    leftOut: 'as of `status`',
    rollback: '`{at, trigger, why}`; only if there was one',
    givenUp: 'as of `status`',
    wouldLose:
      'data that a rollback loses: `nothing-source-kept`, `nothing-before-reopening`, `nothing-came-back`, `reverse-channel`, `no-return-path` (a component has none: a rollback is refused), `site-given-up` (see `givenUp.loses`), `unproven` or `no-way-back` (the run went on without the source: no rollback is possible)',
    results: 'by step: the figures that it measured',
    transfers: 'steps that sent part of an image: step, component, imageBytes, sentBytes, seconds',
    journal: '`{entries, head, verified, sealed?}`; `sealed`: `{entries, hosts}` of the last signed seal',
  },
  watch: {
    plan: 'its name',
    now: 'time of the check',
    returnPaths: 'as of `status`; with `--every` one document a check',
  },
  go: {
    order:
      '`{id, at, by, order, signed?}` as sent; `signed` is `{text, signatures}`, if the plan requires signatures',
    run: 'id of the run',
    accepted: 'true, or null if no process executes the run, or a second signature is missing (exit code 11)',
  },
  'journal verify': {
    verified:
      'true if the hash chain is intact and no copy and no signed seal at the sites is of more or other entries',
    file: 'the journal',
    entries: 'number of entries',
    head: 'hash of the last entry; if intact',
    copies:
      'list of `{host, state, entries?, why?}`, if intact: the copies at the sites; `state` is `agrees`, `ahead` (entries are missing here), `differs`, `empty` or `unasked`',
    stamps:
      '`{state, stamps?, entries?, at?, why?}` if the plan names a time-stamp authority: `state` is `sound`, `false`, `unverified` or `none`; `entries` is what the newest stamp covers',
    seals:
      'list of `{host, state, seals?, entries?, why?}`, if intact: the signed seals at the hosts; `state` is `agrees`, `ahead`, `differs`, `forged` (no key of the journal signed it), `lost`, `empty` or `unasked`; `entries` is the size of the seal that decides',
    next: 'what to do next, as a sentence; only if something is not as it should be',
    firstBad: '`{sequence, what}`; if not intact',
    problem: 'the same as a sentence; if not intact',
  },
  'journal show': { entries: 'list of `{sequence, at, run, event, previousHash, hash}`' },
  'journal backup': {
    file: 'the backup',
    entries: 'number of entries',
    verified: 'true if the hash chain is intact',
  },
  'lab up': {
    lab: '`{name, index, prefix, directory, sshConfigFile, secretsDirectory, overlayFile, hosts}`',
  },
  'lab status': { labs: 'list of `{name, state: absent|partial|up, missing, lab?}`' },
  'lab down': { name: 'of the lab', lowered: 'false if there was none' },
}

/** Verbs whose document is that of another. */
export const sameForm: Record<string, string> = {
  replicate: 'run',
  rehearse: 'run',
  resume: 'run',
  takeover: 'run',
  'journal restore': 'journal backup',
  rollback: 'run',
  'repair-return-path': 'run',
  'no-go': 'go',
  hold: 'go',
  done: 'go',
  retry: 'go',
  skip: 'go',
  'go-on': 'go',
  countersign: 'go',
  'leave-out': 'go',
}
