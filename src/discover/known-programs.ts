import type { MessageKey } from '../model/text.ts'

/** What a program is to an estate that moves, where its name tells. Another program is another line. */
export type ProgramGroup = 'base' | 'mail' | 'monitoring' | 'backup' | 'unmovable'
type KnownProgram = { names: RegExp; group: Exclude<ProgramGroup, 'unmovable'> } | Unmovable
/** `advice`: what to do about what Bascule cannot move. */
type Unmovable = { names: RegExp; group: 'unmovable'; advice: MessageKey }

const programs: readonly KnownProgram[] = [
  {
    group: 'base',
    names:
      /^(systemd.*|sshd|ssh|chronyd?|chrony|ntpd?|ntpsec|timesyncd|rpcbind|rpc\..*|dhclient|dhcpcd|avahi-daemon|dbus.*|cron|crond|rsyslogd?|rsyslog|syslog.*|default-syslog|getty.*|serial-getty.*|polkitd?|polkit|unattended-upgr.*|udev.*|networking|networkd.*|resolved|logind|cupsd?|iperf3|qemu-guest-agent|qemu-ga|user@.*|atd|smartd|smartmontools|irqbalance|acpid|multipathd?|ModemManager|accounts-daemon|dnsmasq|unbound)$/,
  },
  { group: 'mail', names: /^(postfix(@.*)?|master|smtpd|exim4?|dovecot|opendkim|rspamd|sendmail)$/ },
  {
    group: 'monitoring',
    names:
      /^(zabbix[-_]agent.*|(prometheus-)?.*node[-_]exporter|prometheus-.*|munin-node|nrpe|nagios-nrpe-server|icinga2?|collectd|telegraf|netdata|check[-_]mk.*|snmpd|filebeat|metricbeat|promtail|fluent-bit|grafana-agent|alloy|monit)$/,
  },
  {
    group: 'backup',
    names:
      /^(bacula-fd|bareos-fd|borg(backup|matic)?|restic|amanda.*|backuppc|burp|urbackup.*|duplicity|rsnapshot|pgbackrest|barman.*|proxmox-backup-client|veeam.*|wal-g)$/,
  },
  { group: 'unmovable', names: /^(mysqld?|mariadbd?|mysql|mariadb)$/, advice: 'discover.unmovable.mysql' },
  { group: 'unmovable', names: /^(mongod|mongodb)$/, advice: 'discover.unmovable.mongodb' },
  {
    group: 'unmovable',
    names: /^(redis-server|redis|valkey-server|memcached|keydb-server)$/,
    advice: 'discover.unmovable.cache',
  },
  {
    group: 'unmovable',
    names: /^(slapd|ns-slapd|samba-ad-dc|samba|krb5kdc|krb5-kdc|ipa)$/,
    advice: 'discover.unmovable.directory',
  },
  { group: 'unmovable', names: /^(lxc.*|lxd|incusd?)$/, advice: 'discover.unmovable.containers' },
  {
    group: 'unmovable',
    names: /^(dockerd|docker|docker-proxy|containerd|podman|conmon|k3s.*|kubelet)$/,
    advice: 'discover.unmovable.docker',
  },
  {
    group: 'unmovable',
    names: /^(beam\.smp|epmd|rabbitmq-server|kafka|elasticsearch|opensearch)$/,
    advice: 'discover.unmovable.cluster',
  },
]

/** By the name of a process, a unit without its ending, or a package. */
export const knownProgram = (name: string): KnownProgram | undefined =>
  programs.find(({ names }) => names.test(name))

/** Jobs and timers that Debian's packages bring to every host: they run at both sites anyway. */
export const isEverywhere = (name: string): boolean =>
  /^(e2scrub.*|apt.*|dpkg.*|man-db|logrotate|fstrim|systemd-tmpfiles.*|popularity-contest|bsdmainutils|exim4-base|mlocate|plocate.*|update-notifier.*|sysstat.*|motd-news|debsums|mdadm|mdcheck.*|phpsessionclean|php|postgresql-common|anacron|ntpsec.*|sysstat-collect|ua-timer|snapd.*|fwupd.*|passwd|dailyaidecheck|cracklib-runtime|google-.*|locate|placeholder|\.placeholder|lynis)(\.timer)?$/.test(
    name,
  )
