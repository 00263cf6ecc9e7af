import { writeFileSync } from 'node:fs'
import { loadKinds } from '../kinds/registry.ts'
import { commandsPage } from './reference.ts'

writeFileSync(new URL('../../docs/commands.md', import.meta.url), commandsPage(await loadKinds()))
