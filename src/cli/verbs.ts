import { loadVerbs } from './verb-files.ts'

/** Every verb, in the order in which help shows them, for who needs them all. */
export const verbs = await loadVerbs()

import { analyse } from './analyse.ts'
import { audit } from './audit.ts'
import { calendar } from './calendar.ts'
import { check } from './check.ts'
import { close } from './close.ts'
import { completion } from './completion.ts'
import { countersign } from './countersign.ts'
import { doctor } from './doctor.ts'
import { goOn } from './go-on.ts'
import { hold } from './hold.ts'
import { init } from './init.ts'
import { journal } from './journal.ts'
import { lab } from './lab.ts'
import { plan } from './plan.ts'
import { preflight } from './preflight.ts'
import { repairReturnPath } from './repair-return-path.ts'
import { report } from './report.ts'
import { resume } from './resume.ts'
import { rollback } from './rollback.ts'
import { rehearse, replicate, run } from './run.ts'
import { go, noGo } from './sign-off.ts'
import { status } from './status.ts'
import { done, leaveOut, retry, skip } from './step-orders.ts'
import { takeover } from './takeover.ts'
import type { Verb } from './verb.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

/** Every verb, in the order in which help shows them. */
export const verbs: readonly Verb[] = [
  init,
  check,
  calendar,
  audit,
  plan,
  preflight,
  replicate,
  rehearse,
  run,
  resume,
  takeover,
  verify,
  rollback,
  repairReturnPath,
  close,
  go,
  noGo,
  hold,
  goOn,
  countersign,
  done,
  retry,
  skip,
  leaveOut,
  status,
  watch,
  report,
  analyse,
  journal,
  doctor,
  lab,
  completion,
]
