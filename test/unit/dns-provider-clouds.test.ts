import { openCloudflare } from '../doubles/dns-clouds/cloudflare.ts'
import { openGandi } from '../doubles/dns-clouds/gandi.ts'
import { openOvh } from '../doubles/dns-clouds/ovh.ts'
import { openCloudBench } from '../helpers/dns-cloud-bench.ts'
import { judgeProvider } from '../helpers/dns-provider-suite.ts'

const codes = { wrongSecret: 'BADTOKEN', withoutRight: 'FORBIDDEN' }
judgeProvider('names at OVH, by a double', () => openCloudBench(openOvh, codes))
judgeProvider('names at Gandi, by a double', () => openCloudBench(openGandi, codes))
judgeProvider('names at Cloudflare, by a double', () => openCloudBench(openCloudflare, codes))
