import type { BadPart, Changes, Traps } from './bad-input-parts.ts'

/** Services on hosts that ssh cannot reach, that nobody manages, whose secrets cannot be read. */
export const badHosts = (traps: Traps): BadPart[] => {
  const from = (target: string): Changes => ({ target: { host: target } })
  const secret = (reference: string): Changes => ({ secrets: { trainer: reference } })
  const sshRemedy = (host: string) =>
    new RegExp(`Reproduce the failure: ssh -F ${traps.sshConfig} ${host} true`)
  return [
    {
      what: 'a host that has no address',
      like: 'auth',
      changes: from('nowhere'),
      says: /Host nowhere is unreachable by SSH.*Could not resolve hostname/,
      remedy: sshRemedy('nowhere'),
    },
    {
      what: 'a host that is down',
      like: 'auth',
      changes: from('gone'),
      says: /Host gone is unreachable by SSH.*(No route to host|timed out)/,
      remedy: sshRemedy('gone'),
    },
    {
      what: 'a host without sshd',
      like: 'auth',
      changes: from('closed'),
      says: /Host closed is unreachable by SSH.*Connection refused/,
      remedy: sshRemedy('closed'),
    },
    {
      what: 'another machine under the name of a host',
      like: 'auth',
      changes: from('impostor'),
      says: /The SSH host key of impostor has changed/,
      remedy: /If the host was replaced, run: ssh-keygen -f .* -R/,
    },
    {
      what: 'a host whose key nobody knows',
      like: 'auth',
      changes: from('stranger'),
      says: /The SSH host key of stranger is not known/,
      remedy: /Compare the key .*ssh -o StrictHostKeyChecking=ask/,
    },
    {
      what: 'a login that is refused: wrong user',
      like: 'auth',
      changes: from('no-user'),
      says: /Host no-user refused the SSH login.*Permission denied/,
      remedy: sshRemedy('no-user'),
    },
    {
      what: 'a login that is refused: wrong key',
      like: 'auth',
      changes: from('no-key'),
      says: /Host no-key refused the SSH login.*Permission denied/,
      remedy: sshRemedy('no-key'),
    },
    {
      what: 'a service that its manager does not know',
      like: 'auth',
      changes: { manager: { runit: 'absent' } },
      says: /its service manager has no absent at Montpellier/,
      remedy: /Correct `manager` in the plan\. Check on montpellier-auth: `sv status/,
    },
    {
      what: 'a service that is not installed at the target',
      like: 'auth',
      changes: from('courses'),
      says: /\(auth\) is not installed at Toulouse/,
      remedy: /Install it on toulouse-courses\. Leave it stopped and disabled/,
    },
    {
      what: 'a maintenance page that cannot be put on',
      like: 'auth',
      changes: { maintenance: { file: '/etc/absent/page' } },
      says: /The directory of \/etc\/absent\/page is missing on montpellier-gateway/,
      remedy: /Create the directory on montpellier-gateway/,
    },
    {
      what: 'a service that is ill at the source',
      like: 'auth',
      changes: { health: { path: '/absent' } },
      says: /is not healthy at Montpellier: .*\/absent answered 404/,
      remedy: /Read its log on montpellier-auth/,
    },

    {
      what: 'a secret file that is missing',
      like: 'auth',
      changes: secret(traps.secret('missing')),
      says: /secret file .*missing cannot be read \(no such file or directory\)/,
      remedy: /install -m 0600 \/dev\/stdin .*missing/,
    },
    {
      what: 'a secret file that anyone may read',
      like: 'auth',
      changes: secret(traps.secret('open')),
      says: /Other users can read the secret file .*open \(mode 0644\)/,
      remedy: /Run: chmod 0600 .*open/,
    },
    {
      what: 'a secret file that is empty',
      like: 'auth',
      changes: secret(traps.secret('empty')),
      says: /Secret file:.*empty is empty/,
      remedy: /install -m 0600/,
    },
    {
      what: 'a secret that is not in the environment',
      like: 'auth',
      changes: secret('env:BASCULE_NOT_SET'),
      says: /environment variable BASCULE_NOT_SET is empty or not set/,
      remedy: /read -rs BASCULE_NOT_SET/,
    },
    {
      what: 'a program that gives no secret',
      like: 'auth',
      changes: secret('cmd:false --key of-the-vault'),
      says: /false printed no secret/,
      remedy: /Run the command given after cmd: in the plan/,
    },

    {
      what: 'a link that carries nothing',
      like: 'link',
      changes: from('gone'),
      says: /Host gone is unreachable/,
      remedy: sshRemedy('gone'),
    },
  ]
}
