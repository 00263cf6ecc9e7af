// `npm run schema`: writes schema/plan.schema.json and docs/plan-reference.md from the schema and the kinds there are.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadKinds } from '../kinds/registry.ts'
import { schemaFile } from './json-schema.ts'
import { referencePage } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const kinds = await loadKinds()
await writeFile(join(root, 'schema/plan.schema.json'), schemaFile(kinds))
await writeFile(join(root, 'docs/plan-reference.md'), referencePage(kinds))
