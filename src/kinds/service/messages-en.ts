import type { Catalogue } from '../../model/text.ts'

export const english: Catalogue = {
  'service.maintenanceOn.title': '{{service}}: maintenance page on',
  'service.stop.title': '{{service}}: clean stop at {{site}}',
  'service.start.title': '{{service}}: start at {{site}}',
  'service.await.title': '{{service}}: healthy at {{site}}, brought up by its machine',
  'service.maintenanceOff.title': '{{service}}: reopened at {{site}}',

  'service.measure.failedProbes': '{{component}}: functional requests that fail at the target',
  'service.measure.failedProbesAtSource': '{{component}}: functional requests that fail at the source',
  'service.measure.unhealthy': '{{component}}: not healthy at the target',
  'service.measure.unhealthyAtSource': '{{component}}: not healthy at the source',
  'service.measure.loadP95Milliseconds': '{{component}}: response time under load, 95th percentile',
  'service.measure.loadP99Milliseconds': '{{component}}: response time under load, 99th percentile',
  'service.measure.loadErrors': '{{component}}: errors under load',

  'service.byHand.openEdge':
    'On {{host}}, type: {{commands}}; then ask the public URL until the service answers.',
  'service.byHand.closeEdge':
    'On {{host}}, type: {{commands}}; the public URL must show the maintenance page.',
  'service.byHand.start': 'On {{host}}, type: {{commands}}; then ask its health page.',
  'service.byHand.withItsMachine':
    'Nothing to do for {{service}}: it goes down with the machine that carries it.',
  'service.byHand.stop': 'On {{host}}, type: {{commands}}; nothing may answer there any more.',

  'service.host.unknown': '{{component}}: the {{side}} site has no host "{{host}}" (known: {{known}}).',
  'service.host.unknown.remedy': 'Add "{{host}}" to sites.{{side}}.hosts in the plan, or correct the name.',
  'service.start.failed':
    '{{service}} did not become healthy at {{site}} within {{seconds}} s (last answer: {{answer}}). Last lines of its log:\n{{log}}',
  'service.start.failed.remedy': 'Read the whole log: ssh {{host}} {{command}}',
  'service.await.failed':
    '{{service}} is not healthy at {{site}} after {{seconds}} s: {{url}} gave {{answer}}. Its machine brings it up.',
  'service.await.failed.remedy':
    'Look at the machine that carries {{service}} at {{site}}, and at its console.',
  'service.stop.stillRunning':
    '{{service}} is still running at {{site}} {{seconds}} s after it was asked to stop; it was not killed.',
  'service.stop.stillAnswers':
    '{{service}} is stopped at {{site}}, but {{url}} still answers ({{status}}): something else runs there.',
  'service.stop.remedy': 'Look at it: ssh {{host}} {{command}}. Then order a retry.',
  'service.maintenance.notShown':
    '{{service}}: the maintenance page does not show at {{site}}: {{url}} at {{edge}} gave {{answer}}, expected {{expected}}.',
  'service.maintenance.notLifted':
    '{{service}}: the maintenance page is off at {{site}}, but {{url}} at {{edge}} gave {{answer}}, expected {{expected}}.',
  'service.maintenance.remedy': 'Check how the edge on {{host}} reads {{file}}, and what stands behind it.',

  'service.finding.source-healthy':
    '{{service}} is healthy at {{site}}: {{url}} answered in {{milliseconds}} ms.',
  'service.finding.source-unhealthy':
    '{{service}} is not healthy at {{site}}: {{url}} gave {{status}} (0: no answer), expected {{expected}}. A rollback could not be proven.',
  'service.finding.source-unhealthy.remedy': 'Look at its log on {{host}}: {{log}}',
  'service.finding.source-unhealthy.remedy.machine': 'Look at the machine that carries it at {{site}}.',
  'service.finding.source-late':
    '{{service}} or the edge in front of it let a request wait for 5 s at {{site}}, and answered when asked again ({{again}} times).',
  'service.finding.source-late.remedy':
    'Look at what its machine is busy with, or what the way to it loses; then: bascule audit',
  'service.finding.source-missing':
    '{{service}}: its manager knows no {{unit}} at {{site}}: it could be neither stopped nor started again.',
  'service.finding.source-missing.remedy': 'Correct `manager` in the plan; on {{host}}: {{look}}',
  'service.finding.source-disabled': '{{service}} would not come back after a reboot at {{site}}.',
  'service.finding.source-disabled.remedy': 'On {{host}}: {{enable}}',
  'service.finding.source-closed': 'The maintenance page of {{service}} is already on at {{site}}.',
  'service.finding.source-closed.remedy': 'If nobody needs it, on {{edgeHost}}: rm {{file}}',
  'service.finding.edge-silent': 'The edge of {{site}} does not answer for {{service}} at {{edge}}.',
  'service.finding.edge-silent.remedy':
    'Start the edge on {{edgeHost}}, or correct maintenance.edge in the plan.',
  'service.finding.target-missing': '{{service}} ({{unit}}) is not installed at {{site}}.',
  'service.finding.target-missing.remedy': 'Install it on {{host}}, stopped and disabled.',
  'service.finding.target-running': '{{service}} is already running at {{site}}.',
  'service.finding.target-running.remedy': 'On {{host}}: {{disable}} && {{stop}}',
  'service.finding.target-running.remedy.machine': 'Stop the machine that carries it at {{site}}.',
  'service.finding.target-enabled': '{{service}} would start by itself at a reboot at {{site}}.',
  'service.finding.target-enabled.remedy': 'On {{host}}: {{disable}}',
  'service.finding.maintenance-directory':
    'The directory of {{file}} is missing on {{edgeHost}} ({{site}}): the maintenance page could not be put on.',
  'service.finding.maintenance-directory.remedy':
    'Create the directory on {{edgeHost}}, and let the edge answer {{service}} with its page while {{file}} exists.',
  'service.finding.probe-component':
    'A probe of {{service}} ("{{probe}}") asks "{{asked}}", which has no url.',
  'service.finding.probe-component.remedy':
    'Name a component with a url in the probe, or leave the field out.',

  'service.spec.host': 'the key of a host of the site, or manager: none',
  'service.spec.name': 'a letter, then letters, digits, - or _',
  'service.spec.pointer': 'a JSON pointer: empty for the whole body, else it begins with /',
  'service.spec.secretInPath': 'a path without secrets: they may stand in headers and json',
  'service.spec.list': 'the name of a captured list, and if need be a JSON pointer into it',
  'service.spec.each': 'one name and one list, e.g. {course: courses}',
  'service.spec.url': 'an http:// or https:// URL',
  'service.spec.urlSlash': 'a URL without a / at its end',
  'service.spec.absolute': 'a path that begins with /',
}
