import type { Catalogue } from '../../../model/text.ts'

/** What the API of Proxmox VE may answer instead of data, and how tasks may end. */
export const english: Catalogue = {
  'proxmox-vm.api.parameters': '{{site}}: Proxmox VE refused {{method}} {{path}}. {{message}}',
  'proxmox-vm.api.parameters.remedy':
    'Correct what is named in the plan or in the machine; what the call takes is told by: ssh {{ssh}} pvesh usage {{path}} --verbose',
  'proxmox-vm.api.unauthorised':
    '{{site}}: Proxmox VE does not accept the token {{token}} ({{method}} {{path}}: {{message}}).',
  'proxmox-vm.api.unauthorised.remedy':
    'Look whether it exists and has not expired (ssh {{ssh}} pveum user token list {{user}}), then whether the plan’s secret is its secret.',
  'proxmox-vm.api.forbidden':
    '{{site}}: the token {{token}} has not the right for {{method}} {{path}}. {{message}}',
  'proxmox-vm.api.forbidden.remedy':
    'Give it the privilege that is named, at the path that is named: ssh {{ssh}} pveum acl modify PATH --tokens {{token}} --roles ROLE',
  'proxmox-vm.api.unknownCall':
    '{{site}}: this Proxmox VE does not know {{method}} {{path}} ({{message}}): it is too old for it.',
  'proxmox-vm.api.unknownCall.remedy': 'Look at its version: ssh {{ssh}} pveversion',
  'proxmox-vm.api.proxy':
    '{{site}}: the node that was asked could not ask the node that {{path}} names ({{status}}: {{message}}).',
  'proxmox-vm.api.proxy.remedy':
    'Look whether all nodes are there (ssh {{ssh}} pvecm status), or name the node’s own address in the plan’s api.url.',
  'proxmox-vm.api.refused': '{{site}}: Proxmox VE refused {{method}} {{path}} ({{status}}). {{message}}',
  'proxmox-vm.api.refused.remedy':
    'Read what the hypervisor says about it: ssh {{ssh}} journalctl -u pvedaemon -u pveproxy -n 50',
  'proxmox-vm.api.noPve': '{{site}}: what answers at {{url}} is not the API of Proxmox VE ({{path}}).',

  'proxmox-vm.task.failed':
    '{{site}}: task {{type}} of machine {{id}} ended with: {{exitStatus}}. Its last lines:\n{{log}}',
  'proxmox-vm.task.failed.remedy': 'Read all of its log: ssh {{ssh}} pvenode task log {{upid}}',
  'proxmox-vm.guest.tooLong':
    '{{site}}: {{program}} in the guest {{vmid}} has not ended after {{seconds}} s.',
}

export const french: Catalogue = {
  'proxmox-vm.api.parameters': '{{site}} : Proxmox VE a refusé {{method}} {{path}}. {{message}}',
  'proxmox-vm.api.parameters.remedy':
    'Corriger ce qui est nommé, dans le plan ou dans la machine ; pour voir ce que l’appel accepte : ssh {{ssh}} pvesh usage {{path}} --verbose',
  'proxmox-vm.api.unauthorised':
    '{{site}} : Proxmox VE n’accepte pas le jeton {{token}} ({{method}} {{path}} : {{message}}).',
  'proxmox-vm.api.unauthorised.remedy':
    'Vérifier qu’il existe et n’a pas expiré (ssh {{ssh}} pveum user token list {{user}}), puis que le secret du plan est bien le sien.',
  'proxmox-vm.api.forbidden':
    '{{site}} : le jeton {{token}} n’a pas le droit de faire {{method}} {{path}}. {{message}}',
  'proxmox-vm.api.forbidden.remedy':
    'Lui donner le privilège nommé, sur le chemin nommé : ssh {{ssh}} pveum acl modify CHEMIN --tokens {{token}} --roles RÔLE',
  'proxmox-vm.api.unknownCall':
    '{{site}} : ce Proxmox VE ne connaît pas {{method}} {{path}} ({{message}}) : il est trop ancien.',
  'proxmox-vm.api.unknownCall.remedy': 'Voir sa version : ssh {{ssh}} pveversion',
  'proxmox-vm.api.proxy':
    '{{site}} : le nœud interrogé n’a pas pu joindre celui que nomme {{path}} ({{status}} : {{message}}).',
  'proxmox-vm.api.proxy.remedy':
    'Vérifier que tous les nœuds sont là (ssh {{ssh}} pvecm status), ou donner dans api.url l’adresse du nœud lui-même.',
  'proxmox-vm.api.refused': '{{site}} : Proxmox VE a refusé {{method}} {{path}} ({{status}}). {{message}}',
  'proxmox-vm.api.refused.remedy':
    'Lire ce qu’en dit l’hyperviseur : ssh {{ssh}} journalctl -u pvedaemon -u pveproxy -n 50',
  'proxmox-vm.api.noPve': '{{site}} : ce qui répond à {{url}} n’est pas l’API de Proxmox VE ({{path}}).',

  'proxmox-vm.task.failed':
    '{{site}} : la tâche {{type}} de la machine {{id}} a échoué : {{exitStatus}}. Ses dernières lignes :\n{{log}}',
  'proxmox-vm.task.failed.remedy': 'Lire tout son journal : ssh {{ssh}} pvenode task log {{upid}}',
  'proxmox-vm.guest.tooLong':
    '{{site}} : {{program}} n’a pas fini dans la machine invitée {{vmid}} après {{seconds}} s.',
}
