/** Only root on the hypervisor may lift a lock: no API token can. */
export const unlock = (vmid: number): string[] => ['qm', 'unlock', String(vmid)]

/** Prints where a volume lies at this hypervisor: a file, or a block device. */
export const volumePath = (volume: string): string[] => ['pvesm', 'path', volume]

/** Removes a volume that no machine's settings name. */
export const freeVolume = (volume: string): string[] => ['pvesm', 'free', volume]

/** A folder that only its owner may enter. */
export const privateFolder = (path: string): string[] => ['mkdir', '-p', '-m', '0700', '--', path]
export const onlyForOwner = (path: string): string[] => ['chmod', '0600', '--', path]
export const removeFile = (path: string): string[] => ['rm', '-f', '--', path]
export const removeFolder = (path: string): string[] => ['rm', '-rf', '--', path]
/** Within one filesystem in one instant; what stood there is replaced. */
export const moveInto = (from: string, to: string): string[] => ['mv', '-fT', '--', from, to]
/** Size in bytes. */
export const sizeOf = (path: string): string[] => ['stat', '-L', '--format=%s', '--', path]
