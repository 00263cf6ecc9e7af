/** Level and sentences of each finding; how grave some of them are depends on the day. */
export const rules = {
  'server-silent': {
    level: 'block',
    text: 'dns.finding.server-silent',
    remedy: 'dns.finding.server-silent.remedy',
  },
  'server-left-out': {
    level: 'warn',
    text: 'dns.finding.server-left-out',
    remedy: 'dns.finding.server-silent.remedy',
  },
  'zone-missing': {
    level: 'block',
    text: 'dns.finding.zone-missing',
    remedy: 'dns.finding.zone-missing.remedy',
  },
  'secondary-behind': {
    level: 'block',
    text: 'dns.finding.secondary-behind',
    remedy: 'dns.finding.secondary-behind.remedy',
  },
  'secondary-ahead': {
    level: 'block',
    text: 'dns.finding.secondary-ahead',
    remedy: 'dns.finding.secondary-ahead.remedy',
  },
  'not-authoritative': {
    level: 'block',
    text: 'dns.finding.not-authoritative',
    remedy: 'dns.finding.not-authoritative.remedy',
  },
  'record-differs': {
    level: 'block',
    text: 'dns.finding.record-differs',
    remedy: 'dns.finding.record-differs.remedy',
  },
  'records-agree': { level: 'ok', text: 'dns.finding.records-agree' },
  'address-unplanned': {
    level: 'warn',
    text: 'dns.finding.address-unplanned',
    remedy: 'dns.finding.address-unplanned.remedy',
  },
  'ttl-high': { level: 'warn', text: 'dns.finding.ttl-high', remedy: 'dns.finding.ttl-high.remedy' },
  'resolver-silent': {
    level: 'warn',
    text: 'dns.finding.resolver-silent',
    remedy: 'dns.finding.resolver-silent.remedy',
  },
  'resolver-differs': {
    level: 'warn',
    text: 'dns.finding.resolver-differs',
    remedy: 'dns.finding.resolver-differs.remedy',
  },
  'resolver-keeps-longer': {
    level: 'warn',
    text: 'dns.finding.resolver-keeps-longer',
    remedy: 'dns.finding.resolver-keeps-longer.remedy',
  },
  'server-unlisted': {
    level: 'warn',
    text: 'dns.finding.server-unlisted',
    remedy: 'dns.finding.server-unlisted.remedy',
  },
  'ttl-too-low': {
    level: 'block',
    text: 'dns.finding.ttl-too-low',
    remedy: 'dns.finding.ttl-too-low.remedy',
  },
  'one-by-one': { level: 'warn', text: 'dns.finding.one-by-one', remedy: 'dns.finding.one-by-one.remedy' },
  staged: { level: 'warn', text: 'dns.finding.staged', remedy: 'dns.finding.staged.remedy' },
  'credential-exposed': {
    level: 'warn',
    text: 'dns.finding.credential-exposed',
    remedy: 'dns.finding.credential-exposed.remedy',
  },
  'compared-before': { level: 'ok', text: 'dns.finding.compared-before' },
} as const
