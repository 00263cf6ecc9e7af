/** `filesUrl` is asked by the platform; `publicFilesUrl` is what users are given. */
export type MediaUrls = { filesUrl: string; publicFilesUrl: string }

/** A path of the file server as a URL: names hold spaces and accents. */
export function mediaUrl(base: string, path: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/')}`
}

/** True when the file server has the file. Never throws: a file server that is down is a missing file. */
export async function mediaExists(base: string, path: string): Promise<boolean> {
  try {
    const response = await fetch(mediaUrl(base, path), { method: 'HEAD', signal: AbortSignal.timeout(2000) })
    return response.ok
  } catch {
    return false
  }
}
