import { parseArgs } from 'node:util'
import { lowerLab, openLab, raiseLab } from './lab.ts'

/** `node lab/main.ts up|down|show [--name lab] [--size small] [--link-mbps 200] [--parts database,files]` */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'lab' },
    size: { type: 'string', default: 'small' },
    'link-mbps': { type: 'string', default: '200' },
    parts: { type: 'string' },
  },
})
const name = values.name
const verbs: Record<string, () => Promise<unknown>> = {
  up: () =>
    raiseLab({
      name,
      size: values.size as 'small',
      linkMbps: Number(values['link-mbps']),
      ...(values.parts ? { parts: values.parts.split(',') as 'database'[] } : {}),
      onProgress: text => console.error(text.key, text.values ?? ''),
    }),
  down: () => lowerLab(name),
  show: async () => openLab(name),
}
const verb = verbs[positionals[0] ?? '']
if (!verb) {
  console.error(
    'usage: node lab/main.ts up|down|show [--name NAME] [--size SIZE] [--link-mbps N] [--parts A,B]',
  )
  process.exit(2)
}
console.log(JSON.stringify(await verb(), null, 2))
