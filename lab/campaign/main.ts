// The long trials on the real laboratory: the orchestrator killed after every journal write, the cut on small and on medium
// data, nights in the midst of mixed faults.
import { exitCodes } from '../../src/model/failure.ts'
import { nightFaultNamed } from '../demo/faults.ts'
import { flatCut } from './flat-cut.ts'
import { killEveryWrite } from './kill-every-write.ts'
import { mixedFaults } from './mixed-faults.ts'
import { type CampaignOptions, parseOptions, usage } from './options.ts'

const tell = (line: string): void => void process.stderr.write(`${line}\n`)

function readOptions(): CampaignOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    tell(`campaign: ${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return undefined
  }
}

const options = readOptions()
if (options === undefined) process.exitCode = exitCodes.usage
else if (options.campaign === 'flat-cut') process.exitCode = await flatCut(options.sizes, tell)
else if (options.campaign === 'mixed-faults')
  process.exitCode = await mixedFaults(options.seed, options.runs, tell)
else process.exitCode = await killEveryWrite(nightFaultNamed(options.fault), options.most, tell)
