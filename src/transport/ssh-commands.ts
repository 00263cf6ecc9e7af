import type { Argv } from '../model/io.ts'
import type { SshSettings } from '../model/plan.ts'
import { quoteArgv } from './quote.ts'

/** How long an idle control connection outlives its last command, should the orchestrator die without closing it. */
const controlPersistSeconds = 300

export type SshTarget = { name: string; settings: SshSettings; socket: string }

const options = (values: readonly string[]): string[] => values.flatMap(value => ['-o', value])

/**
 * What a user's own configuration may ask for and no connection of Bascule needs: a host must not get the agent or a port of this
 * machine, nor write its keys, and nothing runs here or there besides the command.
 */
const nothingMore = options([
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'UpdateHostKeys=no',
])

function common({ settings, socket }: SshTarget): string[] {
  return [
    'ssh',
    ...(settings.configFile === undefined ? [] : ['-F', settings.configFile]),
    '-T',
    ...options([
      `ControlPath=${socket}`,
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `ConnectTimeout=${settings.connectTimeoutSeconds}`,
      'ServerAliveInterval=5',
      'ServerAliveCountMax=3',
    ]),
    ...nothingMore,
  ]
}

/** Runs an argv at the host through the control connection (a connection of its own when there is none). */
export const sshRun = (target: SshTarget, argv: Argv): string[] => [
  ...common(target),
  '-o',
  'ControlMaster=no',
  '--',
  target.name,
  quoteArgv(argv),
]

/** Opens the control connection and goes to the background once it stands. */
export const sshOpen = (target: SshTarget): string[] => [
  ...common(target),
  '-o',
  'ControlMaster=yes',
  '-o',
  `ControlPersist=${controlPersistSeconds}`,
  '-f',
  '-N',
  '--',
  target.name,
]

const control = (order: 'exit' | 'check', { socket }: Pick<SshTarget, 'socket'>): string[] => [
  'ssh',
  '-F',
  'none',
  '-o',
  `ControlPath=${socket}`,
  '-O',
  order,
  '--',
  'any',
]
/** Both find their connection by its socket alone; the name they want is not used. */
export const sshClose = (target: Pick<SshTarget, 'socket'>): string[] => control('exit', target)
export const sshCheck = (target: Pick<SshTarget, 'socket'>): string[] => control('check', target)

/** What a person types to see the same failure. */
export const sshByHand = (name: string, settings: SshSettings): string =>
  quoteArgv(['ssh', ...(settings.configFile === undefined ? [] : ['-F', settings.configFile]), name, 'true'])
