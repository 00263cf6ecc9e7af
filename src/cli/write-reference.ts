import { writeFileSync } from 'node:fs'
import { commandsPage } from './reference.ts'

writeFileSync(new URL('../../docs/commands.md', import.meta.url), commandsPage())
