import type { Catalogue } from '../../../model/text.ts'

/** Sentences about the plan's own fields. */
export const english: Catalogue = {
  'proxmox-vm.host.unknown': '{{component}}: the {{side}} site has no host "{{host}}" (known: {{known}}).',
  'proxmox-vm.host.unknown.remedy':
    'Add "{{host}}" to sites.{{side}}.hosts in the plan, or correct the name.',

  'proxmox-vm.spec.path': 'an absolute path without . or .. and without a slash at its end',
  'proxmox-vm.spec.bridge': 'the name of a bridge, such as vmbr0',
  'proxmox-vm.spec.url': 'an https:// URL: the API has no other',
  'proxmox-vm.spec.urlSlash': 'a URL without a slash at its end',
  'proxmox-vm.spec.token': 'a token as user@realm!name; its secret belongs in secret',
  'proxmox-vm.spec.fingerprint': 'a SHA-256 fingerprint: 32 pairs of hexadecimal figures with colons',
  'proxmox-vm.spec.address': 'an IPv4 address with its prefix length, such as 192.0.2.30/24',
  'proxmox-vm.spec.gateway': 'an IPv4 address',
  'proxmox-vm.spec.others': 'the same names in source.others and target.others',
}

export const french: Catalogue = {
  'proxmox-vm.host.unknown':
    '{{component}} : le site {{side}} n’a pas de machine « {{host}} » (connues : {{known}}).',
  'proxmox-vm.host.unknown.remedy':
    'Ajouter « {{host}} » à sites.{{side}}.hosts dans le plan, ou corriger le nom.',

  'proxmox-vm.spec.path': 'un chemin absolu, sans . ni .. et sans barre oblique finale',
  'proxmox-vm.spec.bridge': 'le nom d’un pont, par exemple vmbr0',
  'proxmox-vm.spec.url': 'une URL https:// : l’API n’en a pas d’autre',
  'proxmox-vm.spec.urlSlash': 'une URL sans / à la fin',
  'proxmox-vm.spec.token': 'un jeton de la forme utilisateur@domaine!nom ; son secret va dans secret',
  'proxmox-vm.spec.fingerprint':
    'une empreinte SHA-256 : 32 paires de chiffres hexadécimaux séparées par des deux-points',
  'proxmox-vm.spec.address': 'une adresse IPv4 avec la longueur de son préfixe, par exemple 192.0.2.30/24',
  'proxmox-vm.spec.gateway': 'une adresse IPv4',
  'proxmox-vm.spec.others': 'les mêmes noms dans source.others et target.others',
}
