const intel = [
  ...['486', 'Broadwell', 'Broadwell-noTSX', 'Cascadelake-Server', 'Conroe', 'Cooperlake', 'Haswell'],
  ...['Haswell-noTSX', 'Icelake-Client', 'Icelake-Server', 'IvyBridge', 'KnightsMill', 'Nehalem', 'Penryn'],
  ...['SandyBridge', 'SapphireRapids', 'Skylake-Client', 'Skylake-Server', 'Westmere', 'core2duo', 'coreduo'],
  ...['pentium', 'pentium2', 'pentium3'],
]
const amd = [
  ...[
    'EPYC',
    'EPYC-Genoa',
    'EPYC-Milan',
    'EPYC-Rome',
    'Opteron_G1',
    'Opteron_G2',
    'Opteron_G3',
    'Opteron_G4',
  ],
  ...['Opteron_G5', 'athlon', 'phenom'],
]
const generic = [
  'x86-64-v2',
  'x86-64-v2-AES',
  'x86-64-v3',
  'x86-64-v4',
  'kvm32',
  'kvm64',
  'max',
  'qemu32',
  'qemu64',
]

/** The models PVE offers. `host` means whatever the node has. */
export const cpuModels: readonly { name: string; vendor: string }[] = [
  ...intel.map(name => ({ name, vendor: 'GenuineIntel' })),
  ...amd.map(name => ({ name, vendor: 'AuthenticAMD' })),
  ...[...generic, 'host'].map(name => ({ name, vendor: 'default' })),
]
