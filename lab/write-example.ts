/** `node lab/write-example.ts`: writes examples/techcorp/lab.yaml, the overlay of the first lab, called `lab`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleLab, renderOverlay } from './overlay.ts'
import { repository } from './paths.ts'

writeFileSync(join(repository, 'examples/techcorp/lab.yaml'), renderOverlay(exampleLab))
