/**
 * Who runs what is typed on the pages. Nothing is only parsed: a line of a page that stands in none of these lists, and in no
 * block of the night, fails `docs-commands.test.ts`.
 */

/** Where a line is typed: `copy` is one of the project, which may be changed; `at go` and `moved` are migrations that stand there. */
export type Place = 'empty' | 'small plan' | 'project' | 'copy' | 'at go' | 'moved'
/** `instead`: what stands in the place of something that is not on every machine. `afterwards`: typed in the same shell. */
export type QuickLine = {
  line: string
  place: Place
  endsWith?: number
  instead?: [string, string]
  afterwards?: string
}

/**
 * Run by `test/unit/docs-quick-lines.test.ts`: they need no host. 11: the order waits in the inbox. 1: no gate, part or dead site
 * waits for it in that night, and it is refused at once.
 */
export const quickLines: QuickLine[] = [
  // before there is a plan.yaml. No such host answers; test/contract/discover.test.ts types it for hosts of its own
  {
    line: 'bascule discover --source paris-db,paris-web --target lyon-db,lyon-web',
    place: 'empty',
    endsWith: 1,
  },
  { line: 'bascule discover --source db1 --target db2 --output lyon.yaml', place: 'empty', endsWith: 1 },
  { line: 'bascule init', place: 'empty', afterwards: 'bascule check' },
  {
    line: 'bascule init --plan toulouse.yaml --no-input',
    place: 'empty',
    afterwards: 'bascule check toulouse.yaml',
  },
  { line: 'bascule check --repair', place: 'small plan' },
  { line: 'bascule check --plan plan.yaml', place: 'small plan' },
  { line: 'bascule check --plan plan.yaml --overlay rehearsal.yaml', place: 'small plan' },
  {
    line: 'export BASCULE_PLAN=plan.yaml BASCULE_BY="Sophie Reynaud"',
    place: 'small plan',
    afterwards: 'bascule check && test "$BASCULE_BY" = "Sophie Reynaud"',
  },
  { line: 'bascule check --plan examples/techcorp/plan.yaml --json', place: 'project' },
  { line: 'bascule doctor', place: 'empty' },
  { line: 'bascule calendar', place: 'small plan' },
  { line: 'bascule calendar --on J-3', place: 'small plan' },
  {
    line: 'bascule calendar --html calendar.html --ics calendars/',
    place: 'small plan',
    afterwards: 'grep -l VEVENT calendars/*.ics && grep DOCTYPE -i calendar.html',
  },
  {
    line: 'export PATH=$PWD/node_modules/.bin:$PWD/bin:$PATH',
    place: 'project',
    afterwards: 'bascule --version && node --version | grep -E "^v(2[4-9]|[3-9])"',
  },
  { line: 'source <(bascule completion bash)', place: 'project', afterwards: 'complete -p bascule' },
  {
    line: 'bascule completion zsh > ~/.bascule-completion.zsh',
    place: 'project',
    afterwards: 'grep compdef ~/.bascule-completion.zsh',
  },
  { line: 'bascule status --all', place: 'at go' },
  // the facts of that state are empty, so that findings block
  { line: 'bascule plan', place: 'at go', endsWith: 10 },
  { line: 'bascule explain database.promote', place: 'at go' },
  { line: 'bascule explain database.promote --scripts', place: 'at go' },
  { line: 'bascule explain database.promote --json | jq .commands.calls', place: 'at go' },
  { line: 'bascule plan --html night.html', place: 'at go', endsWith: 10 },
  {
    line: 'bascule go --gate reopen --as lead --note "all five services tested"',
    place: 'at go',
    endsWith: 1,
  },
  { line: 'bascule hold --reason "provider on the phone"', place: 'at go', endsWith: 11 },
  {
    line: 'bascule done names.switch --reason "changed in the provider\'s console"',
    place: 'at go',
    endsWith: 11,
  },
  {
    line: 'bascule done names.switch --reason "changed in the provider’s console"',
    place: 'at go',
    endsWith: 11,
  },
  {
    line: 'bascule leave-out names 203.0.113.53:53 --reason "the provider has lost its site"',
    place: 'at go',
    endsWith: 1,
  },
  {
    line: 'bascule go-on --without source --isolated "power cut at the breaker" --and-by "Marc Petit" --reason "fire in Montpellier"',
    place: 'at go',
    endsWith: 1,
  },
  { line: 'bascule countersign --key ~/.ssh/id_ed25519', place: 'at go', endsWith: 1 },
  { line: 'bascule skip dashboard.start --reason "not needed before Monday"', place: 'at go', endsWith: 11 },
  { line: 'bascule analyse', place: 'moved' },
  { line: 'bascule journal show', place: 'moved' },
  { line: 'bascule journal show --json', place: 'moved' },
  {
    line: 'bascule journal verify /backup/journal.db',
    place: 'moved',
    instead: ['/backup', '"$BASCULE_STATE"'],
    // no host answers there
    endsWith: 10,
  },
  // the site is as silent as a dead one, and the other, which would have to be opened, is too: it ends there
  {
    line: `bascule rollback --without target --reason "fire in the target's data centre" --isolated "both power feeds are off" --and-by "Sophie Bernard"`,
    place: 'moved',
    endsWith: 1,
  },
  { line: 'bascule journal backup journal-backup.db', place: 'moved' },
  {
    line: 'bascule journal restore journal-backup.db --state restored',
    place: 'moved',
    instead: [
      'bascule journal restore journal-backup.db',
      'bascule journal backup again.db && bascule journal restore again.db',
    ],
  },
  { line: 'npm run setup', place: 'project' },
  { line: 'npm run format', place: 'copy', afterwards: 'diff -rq . "$ORIGINAL"' },
  { line: 'npm run schema', place: 'copy', afterwards: 'diff -rq . "$ORIGINAL"' },
  { line: 'npm run check:types', place: 'project' },
  { line: 'npm run check:unused', place: 'project' },
  { line: 'npm run simulate -- --seed 1 --runs 20', place: 'project' },
  { line: 'npx vitest run test/unit/docs-links.test.ts', place: 'project' },
  { line: 'npx vitest run test/unit/plan-parse.test.ts -t "byte order mark"', place: 'project' },
]

/**
 * Run by `test/lab/docs-commands.test.ts` on the laboratory of docs/the-night.md, right after a line of the night. `waits`:
 * for a day that is to come, whenever the test runs, or goes on until it is told; it is ended by Ctrl-C.
 */
export const betweenLines: { after: string; line: string; waits?: true }[] = [
  { after: 'bascule audit', line: 'bascule audit --json | jq .findings' },
  { after: 'bascule preflight', line: 'bascule preflight --json' },
  { after: 'bascule preflight', line: 'bascule doctor --hosts' },
  { after: 'bascule preflight', line: 'bascule plan --audit' },
  { after: 'bascule preflight', line: 'bascule plan --json | jq .forecast' },
  { after: 'bascule preflight', line: 'bascule run --at 2026-12-12T22:00', waits: true },
  { after: 'bascule watch', line: 'bascule repair-return-path --reason "the slot lost its WAL"' },
  { after: 'bascule watch', line: 'bascule watch --every 60', waits: true },
  { after: 'bascule watch', line: 'bascule serve', waits: true },
  { after: 'bascule watch', line: 'bascule serve --listen 127.0.0.1:9000', waits: true },
  { after: 'bascule verify', line: 'bascule verify --json' },
  { after: 'bascule verify', line: 'bascule takeover --from montpellier-gateway --state taken-over' },
  { after: 'bascule verify', line: 'bascule status --mode rehearsal --json' },
  { after: 'bascule verify', line: 'bascule analyse --mode rehearsal --html --output analysis.html' },
]

/** Run there too, on a second night in which things go wrong, an undo among them. */
export const goingWrongLines = [
  'bascule replicate --by marie',
  'bascule run',
  'bascule retry T1 --reason "the backup that filled the link is stopped"',
  'bascule retry T7 --reason "disk replaced"',
  'bascule no-go --as tester --note "course 12 does not open"',
  'bascule retry database.reverse --reason "montpellier-database answers again"',
  'bascule done database.reverse --reason "source promoted by hand, positions compared"',
  'bascule report > report.md',
  'bascule run --no-wait',
  'bascule rollback --reason "exam answers are refused"',
] as const

/** Run by `test/lab/docs-labs.test.ts`. `more` cuts short; a person who is root already needs no sudo. */
export const labLines: { line: string; more?: string; endsWith?: number }[] = [
  { line: 'bascule lab up --name trial --size small', more: '--size tiny --without-machines' },
  { line: 'bascule lab up --name slow --link-mbps 50', more: '--size tiny --without-machines' },
  { line: 'bascule lab status' },
  { line: 'ssh -F /var/lib/bascule-lab/trial/ssh_config montpellier-database', more: 'hostname' },
  { line: 'bascule lab down --name trial' },
  { line: 'bascule lab down --name slow' },
  { line: 'sudo bin/bascule lab up --name mine --size tiny' },
  { line: 'sudo bin/bascule lab down --name mine' },
]

/**
 * The long ones, run as they are typed with one more option that cuts them short. Where several lines stand before one, they
 * differ in what is told, or in the fault: faults-night.test.ts has each of them happen.
 */
export const programs = {
  moved: {
    lines: ['npm run demo', 'npm run demo -- --json', 'npm run demo -- --keep'],
    typed: 'npm run demo -- --json --keep --size tiny --rate 4',
  },
  undone: {
    lines: ['npm run demo -- --fault promote-fails', 'npm run demo -- --fault rows-differ'],
    typed: 'npm run demo -- --size tiny --without-machines --fault rows-differ',
  },
  killed: {
    lines: ['npm run campaign -- --kill-every-write'],
    typed: 'npm run campaign -- --kill-every-write --most 6',
  },
  flatCut: {
    lines: ['npm run campaign -- --flat-cut'],
    typed: 'npm run campaign -- --flat-cut --sizes tiny',
  },
  mixedFaults: {
    lines: ['npm run campaign -- --seed 1 --runs 1'],
    typed: 'npm run campaign -- --seed 1 --runs 1',
  },
  bench: { lines: ['npm run bench'], typed: 'npm run bench -- files-final-delta --files 300 --rounds 1' },
}

/** What test/lab/install.test.ts does in fresh Debian roots. */
export const installLines = [
  'npm run package',
  'sha256sum --check SHA256SUMS',
  'sudo apt install ./bascule_0.2.0_amd64.deb',
  'sudo apt purge bascule',
  'npm install -g ./bascule-0.2.0.tgz',
  'npm uninstall -g bascule',
  'tar -xzf bascule-0.2.0-linux-x64.tar.gz',
  'bascule-0.2.0-linux-x64/bin/bascule --version',
]

/** Not run by a test of its own, and why. */
export const notRun: Record<string, string> = {
  'npm run bench -- machines --rounds 1':
    'it boots a guest nine times; the contract tests of machines move one by the same calls',
  'npm test': 'it is what runs this very test',
  'npx vitest run test/lab/lab-faults.test.ts':
    'npm test runs that file itself, and it takes the machine for a minute',
}
