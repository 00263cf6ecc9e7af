import { execIn } from '../enter.ts'
import { forwardChain, rulesIn } from '../firewall/rules.ts'
import type { Lab } from '../types.ts'

type Site = 'montpellier' | 'toulouse'
const gateway = (site: Site) => `${site}-gateway`
/** Of the first fault only: what firewallRestored puts back. */
const before = '/run/firewall-before-faults.nft'

/**
 * Takes the first rule out of a gateway's loaded ruleset whose text, as nft shows it, fits: without more, the one that lets
 * the world in to the web site. Gives back the text of the rule.
 */
export async function firewallRuleLeftOut(
  lab: Lab,
  site: Site,
  fitting = /tcp dport (80|\{ 80\b.*\}) .*accept/,
): Promise<string> {
  const listing = await list(lab, site)
  const rule = rulesIn(listing).find(({ text }) => fitting.test(text))
  if (!rule) throw new Error(`no rule at ${gateway(site)} fits ${fitting}:\n${listing}`)
  await keep(lab, site)
  await nft(lab, site, ['delete', 'rule', ...rule.chain.split(' '), 'handle', String(rule.handle)])
  return rule.text
}

/** Puts a rule before all others of what a gateway passes on: without more, one that opens every database to the world. */
export async function firewallOneTooMany(
  lab: Lab,
  site: Site,
  rule = 'tcp dport 5432 accept',
): Promise<void> {
  const chain = forwardChain(await list(lab, site))
  if (!chain) throw new Error(`${gateway(site)} passes everything on: no rule is too many there`)
  await keep(lab, site)
  await nft(lab, site, ['insert', 'rule', ...chain.split(' '), ...rule.split(' ')])
}

/** The inverse of both; harmless where neither was. */
export async function firewallRestored(lab: Lab, site: Site): Promise<void> {
  const there = await execIn(lab, gateway(site), ['test', '-e', before], { allowFailure: true })
  if (there.exitCode !== 0) return
  // One file, so that at no moment nothing is loaded.
  await nft(lab, site, ['-f', before])
  await execIn(lab, gateway(site), ['rm', before])
}

async function keep(lab: Lab, site: Site): Promise<void> {
  const { stdout } = await nft(lab, site, ['--stateless', 'list', 'ruleset'])
  await execIn(lab, gateway(site), ['sh', '-c', `test -e ${before} || cat >${before}`], {
    input: `flush ruleset\n${stdout}\n`,
  })
}

const list = async (lab: Lab, site: Site): Promise<string> =>
  (await nft(lab, site, ['--handle', 'list', 'ruleset'])).stdout

const nft = (lab: Lab, site: Site, words: string[]) => execIn(lab, gateway(site), ['nft', ...words])
