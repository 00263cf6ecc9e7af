import { kind } from '../../src/kinds/link/index.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { planWith } from '../helpers/files-world.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const component = {
  id: 'link',
  kind: 'link',
  title: 'Link',
  criticality: 'critical' as const,
  owner: 'network',
  needs: [],
  spec: { declaredMbps: 200, source: { host: 'gateway' }, target: { host: 'gateway' } },
}
const received = JSON.stringify({ end: { sum_received: { bits_per_second: 19e7 } } })
const sound = [
  onCommand('--vcount', { stderr: '10.81.2.1 : 0.36 0.05 12.5\n' }),
  onCommand('--dontfrag', ''),
  onCommand('/dev/tcp', ''),
  onCommand('--server', ''),
  onCommand('--client', received),
]
const opened = (answers = sound) => {
  const io = recordingIo({ answers })
  return { io, state: () => io.changes() }
}

judgeKind(kind, {
  plan: planWith(component),
  component,
  open: () => opened(),
  amiss: {
    'nothing can be measured': () => opened([onCommand(/./, { exitCode: 127, stderr: 'not found' })]),
    'a slow, far and lossy link whose ports are closed': () =>
      opened([
        onCommand('--vcount', { stderr: '10.81.2.1 : 80.1 - 95\n' }),
        onCommand('--dontfrag', ({ argv }) => ({ exitCode: argv.includes('1252') ? 0 : 1 })),
        onCommand('/dev/tcp', { exitCode: 124 }),
        onCommand('--server', ''),
        onCommand('--client', JSON.stringify({ end: { sum_received: { bits_per_second: 4e7 } } })),
      ]),
  },
})
