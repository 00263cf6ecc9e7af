"""Drives one hypervisor with proxmoxer as anybody would. Told by its arguments: port, certificate, secrets.

Prints one JSON object: what it saw.
"""

import json
import sys
import time

from proxmoxer import ProxmoxAPI, ResourceException

port, certificate, full, bare = sys.argv[1:]
NODE = "montpellier"


def connect(name, secret):
    return ProxmoxAPI(
        "127.0.0.1", port=int(port), user="bascule@pve", token_name=name, token_value=secret,
        verify_ssl=certificate, timeout=60,
    )


def finished(upid, seconds=120):
    """The exit status of a task, its last line with it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = node.tasks(upid).status.get()
        if status["status"] == "stopped":
            return [status["exitstatus"], node.tasks(upid).log.get(limit=500)[-1]["t"]]
        time.sleep(0.3)
    raise TimeoutError(upid)


def answering(machine, seconds=120):
    until = time.monotonic() + seconds
    while True:
        try:
            return machine.agent.ping.post()
        except ResourceException as refusal:
            if time.monotonic() > until or "not running" not in str(refusal):
                raise
        time.sleep(0.5)


def refusal(call):
    try:
        return call()
    except ResourceException as refused:
        return [refused.status_code, refused.content, refused.errors]


proxmox = connect("full", full)
node = proxmox.nodes(NODE)
machine = node.qemu(101)
saw = {}

saw["version"] = proxmox.version.get()["release"]
saw["nodes"] = [one["node"] for one in proxmox.nodes.get()]
saw["list"] = [[one["vmid"], one["name"], one["status"]] for one in node.qemu.get()]
saw["config"] = machine.config.get()
saw["started"] = finished(machine.status.start.post())
saw["ping"] = answering(machine)
pid = machine.agent.exec.post(command=["cat", "/etc/hostname"])["pid"]
time.sleep(1)
saw["exec"] = machine.agent("exec-status").get(pid=pid)

saw["backup"] = finished(node.vzdump.post(vmid=101, storage="local", mode="snapshot", compress="zstd"))
(archive,) = node.storage("local").content.get(content="backup")
saw["archive"] = archive
saw["restored"] = finished(node.qemu.post(vmid=150, archive=archive["volid"], storage="local", unique=1))
saw["copy"] = node.qemu(150).config.get()
saw["taken"] = refusal(lambda: node.qemu.post(vmid=150, archive=archive["volid"]))

saw["shutdown"] = finished(machine.status.shutdown.post(timeout=60))
saw["status"] = machine.status.current.get()["status"]
saw["deleted"] = [finished(node.qemu(vmid).delete()) for vmid in (101, 150)]
saw["forgotten"] = finished(node.storage("local").content(archive["volid"]).delete())
saw["left"] = [node.qemu.get(), node.storage("local").content.get()]

saw["gone"] = refusal(lambda: machine.config.get())
saw["wrong"] = refusal(lambda: node.qemu.post(vmid=7))
saw["unable"] = refusal(lambda: connect("bare", bare).nodes(NODE).qemu(101).config.get())
saw["stranger"] = refusal(lambda: connect("full", "wrong").version.get())
saw["absent"] = refusal(lambda: proxmox.cluster.ceph.status.get())
saw["tasks"] = [one["type"] for one in node.tasks.get()]
# An answer without JSON (PVE's 401) comes as bytes.
print(json.dumps(saw, default=bytes.decode))
