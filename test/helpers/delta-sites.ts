import { type MachineSites, raiseMachineSites } from './machine-sites.ts'
import { askSteadily } from './steady-requests.ts'

export const [source, target] = ['montpellier-hypervisor', 'toulouse-hypervisor']

/** Two sites with a machine that goes by seed and delta, and who asks it. */
export type DeltaSites = Awaited<ReturnType<typeof raiseDeltaSites>>

export async function raiseDeltaSites(name: string) {
  const two: MachineSites = await raiseMachineSites(name)
  await two.audit()
  two.takeWay('seed-and-delta')
  /** Its users' site; the address of a copy too, as long as nobody gives it another. */
  const address = `${two.lab.prefix}.1.30`
  return {
    two,
    address,
    spec: two.component.spec as { vmid: number; shutdown: { timeoutSeconds: number } },
    users: () => askSteadily(`http://${address}:8080/alive`),
    /** Whether the guest answers where users of its site would ask it. */
    serves: (site: 'source' | 'target') =>
      two
        .inGuest(site, 'wget -q -O - http://localhost:8080/alive')
        .then(() => true)
        .catch(() => false),
  }
}
