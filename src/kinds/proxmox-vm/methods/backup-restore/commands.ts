/** `local:backup/vzdump-…` → the storage and the file's own name; undefined for what is no backup's volume id. */
export function backupVolume(volid: string): { storage: string; name: string } | undefined {
  const match = /^([A-Za-z][\w.-]*):backup\/(vzdump-qemu-[\w.-]+)$/.exec(volid)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { storage: match[1], name: match[2] }
}

/** What may stand beside an archive: PVE keeps its task's log and its notes there, readable by all. */
export const companions = (archivePath: string): string[] => [
  `${archivePath.replace(/\.vma(\.\w+)?$/, '')}.log`,
  `${archivePath}.notes`,
]
