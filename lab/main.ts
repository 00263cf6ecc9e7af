import { parseArgs } from 'node:util'
import { parseSize } from './estate/seed/sizes.ts'
import { labStatus, lowerLab, raiseLab, withoutMachines } from './lab.ts'
import type { LabPart } from './types.ts'

const usage =
  'usage: node lab/main.ts up|status|down [--name lab] [--size small] [--link-mbps 200] [--parts a,b | --without-machines]'
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'lab' },
    size: { type: 'string', default: 'small' },
    'link-mbps': { type: 'string', default: '200' },
    parts: { type: 'string' },
    'without-machines': { type: 'boolean' },
  },
})
const { name } = values
const parts = values['without-machines']
  ? withoutMachines
  : (values.parts?.split(',') as LabPart[] | undefined)
const verbs: Record<string, () => unknown> = {
  up: () =>
    raiseLab({
      name,
      size: parseSize(values.size),
      linkMbps: Number(values['link-mbps']),
      ...(parts ? { parts } : {}),
      onProgress: text => console.error(text.key, text.values ?? ''),
    }),
  status: () => labStatus(name),
  down: async () => ({ name, wasThere: await lowerLab(name) }),
}
const verb = verbs[positionals[0] ?? '']
if (!verb) {
  console.error(usage)
  process.exit(2)
}
console.log(JSON.stringify(await verb(), null, 2))
