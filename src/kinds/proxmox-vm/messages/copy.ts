import type { Catalogue } from '../../../model/text.ts'

/** Sentences about archives and disks sent from one hypervisor to the other. */
export const english: Catalogue = {
  'proxmox-vm.copy.full': '{{component}}: no room left on {{into}} for {{path}}. {{detail}}',
  'proxmox-vm.copy.full.remedy':
    'Make room (ssh {{into}} df -h), then run the same command again: what has arrived is kept.',
  'proxmox-vm.copy.refused': '{{component}}: {{at}} may not connect to {{other}}. {{detail}}',
  'proxmox-vm.copy.refused.remedy':
    'Try until this command answers nothing: ssh {{at}} ssh -o BatchMode=yes {{address}} true',
  'proxmox-vm.copy.missing': '{{component}}: rsync is missing on {{at}} or on {{other}}. {{detail}}',
  'proxmox-vm.copy.missing.remedy': 'Install it on both: apt install rsync',
  'proxmox-vm.copy.link':
    '{{component}}: the connection between {{at}} and {{other}} was lost (rsync {{exitCode}}). {{detail}}',
  'proxmox-vm.copy.link.remedy': 'Try it (ssh {{at}} ssh {{address}} true), then run the same command again.',
  'proxmox-vm.copy.failed':
    '{{component}}: rsync on {{at}} ended with code {{exitCode}} while writing {{path}} on {{into}}. {{detail}}',
  'proxmox-vm.copy.failed.remedy':
    'Read what its manual says of that code (ssh {{at}} man rsync), then run the same command again.',
  'proxmox-vm.copy.noHash': '{{component}}: {{host}} gave no checksum of {{path}}, but "{{detail}}".',
  'proxmox-vm.copy.different':
    '{{component}}: {{leftPath}} on {{left}} and {{rightPath}} on {{right}} do not hold the same.',
  'proxmox-vm.copy.different.remedy':
    'Run the same command again: it sends what differs. If it fails again, check the disks (ssh {{right}} dmesg).',
}

export const french: Catalogue = {
  'proxmox-vm.copy.full': '{{component}} : plus de place sur {{into}} pour {{path}}. {{detail}}',
  'proxmox-vm.copy.full.remedy':
    'Faire de la place (ssh {{into}} df -h), puis relancer la même commande : ce qui est arrivé est gardé.',
  'proxmox-vm.copy.refused':
    '{{component}} : {{at}} n’a pas le droit de se connecter à {{other}}. {{detail}}',
  'proxmox-vm.copy.refused.remedy':
    'Essayer jusqu’à ce que cette commande ne réponde rien : ssh {{at}} ssh -o BatchMode=yes {{address}} true',
  'proxmox-vm.copy.missing': '{{component}} : rsync manque sur {{at}} ou sur {{other}}. {{detail}}',
  'proxmox-vm.copy.missing.remedy': 'L’installer sur les deux : apt install rsync',
  'proxmox-vm.copy.link':
    '{{component}} : la connexion entre {{at}} et {{other}} a été perdue (rsync {{exitCode}}). {{detail}}',
  'proxmox-vm.copy.link.remedy':
    'L’essayer (ssh {{at}} ssh {{address}} true), puis relancer la même commande.',
  'proxmox-vm.copy.failed':
    '{{component}} : sur {{at}}, rsync s’est terminé avec le code {{exitCode}} en écrivant {{path}} sur {{into}}. {{detail}}',
  'proxmox-vm.copy.failed.remedy':
    'Lire ce que son manuel dit de ce code (ssh {{at}} man rsync), puis relancer la même commande.',
  'proxmox-vm.copy.noHash':
    '{{component}} : {{host}} n’a pas donné l’empreinte de {{path}}, mais « {{detail}} ».',
  'proxmox-vm.copy.different':
    '{{component}} : {{leftPath}} sur {{left}} et {{rightPath}} sur {{right}} n’ont pas le même contenu.',
  'proxmox-vm.copy.different.remedy':
    'Relancer la même commande : elle envoie ce qui diffère. Si l’échec se répète, vérifier les disques (ssh {{right}} dmesg).',
}
