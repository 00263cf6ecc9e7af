// The long trials on the real laboratory: the orchestrator killed after every journal write, the cut on small and on medium data.
import { parseArgs } from 'node:util'
import { faultNamed, faultNames } from '../demo/faults.ts'
import { flatCut } from './flat-cut.ts'
import { killEveryWrite } from './kill-every-write.ts'

const usage = `usage: npm run campaign -- --kill-every-write [--fault NAME] | --flat-cut [--sizes small,medium]
  faults: ${faultNames.join(', ')}`

const { values } = parseArgs({
  options: {
    'kill-every-write': { type: 'boolean', default: false },
    'flat-cut': { type: 'boolean', default: false },
    sizes: { type: 'string', default: 'small,medium' },
    fault: { type: 'string' },
  },
})
const tell = (line: string): void => void process.stderr.write(`${line}\n`)
const fault = faultNames.find(name => name === values.fault)

if (values['kill-every-write']) process.exitCode = await killEveryWrite(faultNamed(fault), tell)
else if (values['flat-cut']) process.exitCode = await flatCut(values.sizes.split(','), tell)
else {
  tell(usage)
  process.exitCode = 2
}
