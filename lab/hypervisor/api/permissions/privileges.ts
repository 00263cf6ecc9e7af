/** PVE's privileges, by the share of its built-in roles: `root` is Administrator's alone. */
const groups: Record<string, { root?: string[]; admin?: string[]; user?: string[]; audit?: string[] }> = {
  VM: {
    admin: [
      ...['Config.Disk', 'Config.CPU', 'Config.Memory', 'Config.Network', 'Config.HWType', 'Config.Options'],
      ...['Allocate', 'Clone', 'GuestAgent.Unrestricted', 'Migrate', 'Replicate', 'Snapshot'],
      'Snapshot.Rollback',
    ],
    user: [
      ...['Config.CDROM', 'Config.Cloudinit', 'Console', 'Backup', 'GuestAgent.FileRead'],
      ...['GuestAgent.FileSystemMgmt', 'GuestAgent.FileWrite', 'PowerMgmt'],
    ],
    audit: ['Audit', 'GuestAgent.Audit'],
  },
  Sys: {
    root: ['PowerMgmt', 'Modify', 'Incoming', 'AccessNetwork'],
    admin: ['Console', 'Syslog'],
    audit: ['Audit'],
  },
  Datastore: { admin: ['Allocate', 'AllocateTemplate'], user: ['AllocateSpace'], audit: ['Audit'] },
  SDN: { admin: ['Allocate'], user: ['Use'], audit: ['Audit'] },
  Pool: { admin: ['Allocate'], user: ['Audit'], audit: ['Audit'] },
  Mapping: { admin: ['Modify'], user: ['Use'], audit: ['Audit'] },
}

const named = (share: 'root' | 'admin' | 'user' | 'audit', only?: string): string[] =>
  Object.entries(groups).flatMap(([group, shares]) =>
    only === undefined || only === group ? (shares[share] ?? []).map(name => `${group}.${name}`) : [],
  )

export const allPrivileges: readonly string[] = [
  ...new Set([
    ...named('root'),
    ...named('admin'),
    ...named('user'),
    ...named('audit'),
    'Permissions.Modify',
  ]),
]

/** Roles that every PVE has; what user.cfg adds comes beside them. */
export const builtInRoles: Record<string, readonly string[]> = {
  Administrator: allPrivileges,
  NoAccess: [],
  PVEAdmin: [...named('admin'), ...named('user'), ...named('audit')].filter(one => one !== 'Mapping.Modify'),
  PVEAuditor: named('audit'),
  PVEVMAdmin: [...named('admin', 'VM'), ...named('user', 'VM'), ...named('audit', 'VM')],
  PVEVMUser: [...named('user', 'VM'), ...named('audit', 'VM')],
  PVEDatastoreAdmin: [
    ...named('admin', 'Datastore'),
    ...named('user', 'Datastore'),
    ...named('audit', 'Datastore'),
  ],
  PVEDatastoreUser: [...named('user', 'Datastore'), ...named('audit', 'Datastore')],
  PVESDNUser: [...named('user', 'SDN'), ...named('audit', 'SDN')],
}
