import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { node, openTestApi, type PaperApi, rights } from '../helpers/hypervisor-api.ts'

let api: PaperApi
beforeEach(async () => {
  api = await openTestApi()
})
afterEach(() => api.close())
const machine = (vmid: number, rest = '') => `/nodes/${node}/qemu/${vmid}${rest}`

describe('who may come in', () => {
  it.each([
    ['nobody', null, 'No ticket'],
    ['a wrong secret', 'PVEAPIToken=bascule@pve!full=wrong', 'Authentication failed!'],
    ['an unknown token', 'PVEAPIToken=bascule@pve!other=secret-full', 'Authentication failed!'],
    ['a token past its time', 'PVEAPIToken=bascule@pve!late=secret-late', 'Authentication failed!'],
    ['a user that is switched off', 'PVEAPIToken=gone@pve!full=', 'Authentication failed!'],
    ['a password', 'Basic cm9vdDpyb290', 'No ticket'],
  ])('not %s', async (_, as, reason) => {
    expect(await api.ask('GET', '/version', {}, { as })).toMatchObject({ status: 401, reason, text: '' })
  })

  it('a token, and then PVE’s envelope', async () => {
    const answer = await api.ask('GET', '/version')
    expect(answer).toMatchObject({
      status: 200,
      reason: 'OK',
      data: { release: expect.stringMatching(/^9\./) },
    })
  })

  it('without a ticket of its own: there are no passwords', async () => {
    const given = { username: 'root@pam', password: 'x' }
    expect(await api.ask('POST', '/access/ticket', given, { as: null })).toMatchObject({ status: 401 })
  })
})

describe('what is not there', () => {
  it('is 501 in PVE’s words', async () => {
    const answer = await api.ask('GET', '/cluster/ceph/status')
    expect(answer).toMatchObject({
      status: 501,
      reason: "Method 'GET /cluster/ceph/status' not implemented",
      data: null,
    })
    expect(await api.ask('PUT', '/version')).toMatchObject({ status: 501 })
  })

  it('is another node', async () => {
    const answer = await api.ask('GET', '/nodes/paris/version')
    expect(answer.reason).toBe(
      "hostname lookup 'paris' failed - failed to get address info for: paris: Name or service not known",
    )
  })

  it('is answered for pages too, always 200', async () => {
    const { status, text } = await api.ask('GET', '/nope', {}, { format: 'extjs' })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ success: 0, status: 501 })
  })

  it('is a path outside the API', async () => {
    expect(await api.ask('GET', '/version', {}, { format: 'xml' })).toMatchObject({
      status: 501,
      text: 'no such uri',
    })
  })

  it('is a machine', async () => {
    expect(await api.ask('GET', machine(999, '/config'))).toMatchObject({
      status: 500,
      reason: `Configuration file 'nodes/${node}/qemu-server/999.conf' does not exist`,
      message: `Configuration file 'nodes/${node}/qemu-server/999.conf' does not exist\n`,
    })
  })
})

describe('parameters', () => {
  const unknown = 'property is not defined in schema and the schema does not allow additional properties'
  it.each([
    ['GET', '/version', { colour: 'red' }, { colour: unknown }],
    ['GET', machine(7, '/config'), {}, { vmid: /does not look like a valid VM ID/ }],
    ['GET', `/nodes/${node}/qemu/abc/config`, {}, { vmid: "type check ('integer') failed - got 'abc'" }],
    [
      'POST',
      machine(101, '/status/shutdown'),
      { timeout: '-1' },
      { timeout: 'value must have a minimum value of 0' },
    ],
    [
      'POST',
      machine(101, '/status/shutdown'),
      { forceStop: 'yes' },
      { forceStop: /type check \('boolean'\)/ },
    ],
    ['POST', machine(101, '/agent/exec'), {}, { command: 'property is missing and it is not optional' }],
    [
      'PUT',
      machine(102, '/config'),
      { ostype: 'beos' },
      { ostype: /does not have a value in the enumeration/ },
    ],
    [
      'PUT',
      machine(102, '/config'),
      { force: 1, name: 'a' },
      { delete: "missing property required by 'force'" },
    ],
    ['GET', machine(101, '/config'), { vmid: 102 }, { vmid: /duplicate parameter/ }],
    ['POST', machine(101, '/status/start'), { skiplock: 1 }, { skiplock: 'Only root may use this option.' }],
  ])('%s %s %j is 400', async (method, path, given, errors) => {
    const answer = await api.ask(method, path, given as Record<string, string | number>)
    expect(answer).toMatchObject({ status: 400, reason: 'Parameter verification failed.', data: null })
    expect(answer.message).toBe('Parameter verification failed.\n')
    for (const [name, said] of Object.entries(errors)) expect(answer.errors[name]).toMatch(said)
  })

  it('are judged after the rights', async () => {
    const answer = await api.ask('POST', machine(101, '/status/start'), { x: 1 }, { as: rights.audit })
    expect(answer.status).toBe(403)
  })

  it('may come several times as one list', async () => {
    await api.ask('POST', machine(101, '/agent/exec'), { command: ['cat', '/etc/hosts'] })
    expect(api.site.done.at(-1)).toBe('agent exec 101')
  })
})

describe('machines', () => {
  it('are listed, and told one by one', async () => {
    const { data } = await api.ask('GET', `/nodes/${node}/qemu`)
    expect(data).toMatchObject([
      { vmid: 101, name: 'auth', status: 'running' },
      { vmid: 102, name: 'courses', status: 'stopped' },
    ])
    expect(await api.ask('GET', machine(101, '/config'))).toMatchObject({
      data: { cores: 1, memory: '512', onboot: 1, digest: expect.stringMatching(/^[0-9a-f]{40}$/) },
    })
    expect(await api.ask('GET', machine(101, '/status/current'))).toMatchObject({
      data: { status: 'running', ha: { managed: 0 } },
    })
  })

  it('have free numbers beside them', async () => {
    expect(await api.ask('GET', '/cluster/nextid')).toMatchObject({ data: '100' })
    expect(await api.ask('GET', '/cluster/nextid', { vmid: 101 })).toMatchObject({
      status: 400,
      errors: { vmid: 'VM 101 already exists' },
    })
  })

  it('answer at the node’s name and at localhost', async () => {
    expect(await api.ask('GET', '/nodes/localhost/qemu/101/config')).toMatchObject({ status: 200 })
  })

  it('are changed, and the digest sees who came in between', async () => {
    const { data } = await api.ask('GET', machine(102, '/config'))
    const { digest } = data as { digest: string }
    expect(await api.ask('PUT', machine(102, '/config'), { onboot: 0, delete: 'cpu', digest })).toMatchObject(
      {
        status: 200,
        data: null,
      },
    )
    expect(api.site.machines.get(102)?.config).toMatchObject({ onboot: '0' })
    expect(await api.ask('PUT', machine(102, '/config'), { onboot: 1, digest })).toMatchObject({
      status: 500,
      reason: 'checksum mismatch (file change by other user?)',
    })
  })

  it('open a tunnel for one that comes', async () => {
    const answer = await api.ask('POST', machine(105, '/mtunnel'), { storages: 'local', bridges: 'vmbr0' })
    expect(answer.data).toMatchObject({
      ticket: 'PVETUNNEL:1',
      upid: expect.stringMatching(/^UPID:.*:qmtunnel:105:/),
    })
  })
})
