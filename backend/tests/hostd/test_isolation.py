"""What one environment can do to another, to the machine, and to us: each attempt works without the sandbox, and fails in it.

The attempts are programs in Python, not PHP: they run inside the very sandbox hostd makes, without PHP's own restrictions, so
that what holds is the sandbox and not `disable_functions`.
"""

import argparse
import asyncio
import ctypes
import os
import resource
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress.hostd import kernel, seccomp
from aipress.hostd.cgroups import find_cgroups
from aipress.hostd.host import Host, survey
from aipress.hostd.sandbox import GROUP_FD, PASSWD_FD, SECCOMP_FD, group_of, passwd_of, sandbox
from aipress.hostd.spawn import Order, pipe_with, spawn
from aipress.hostd.verbs import Limits
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

OURS, THEIRS = environment_id(1), environment_id(2)
CANARY = "canary-91bc-their-secret"
PORT = 47_653
SHARED_MEMORY_KEY = 0x41495052
PYTHON = "/usr/bin/python3"

# Each prints "yes" when it got what it wanted. {data}, {pid} (their PHP), {hostd} (its pid) are filled in.
ATTEMPTS = {
    "read another environment's files": "print('yes' if '{canary}' in open('{data}/environments/{theirs}/content/secret.txt').read() else 'no')",
    "read them through the root of a process": "print('yes' if '{canary}' in open('/proc/{pid}/root/srv/content/secret.txt').read() else 'no')",
    "list who else is here": "import os; print('yes' if '{theirs}' in os.listdir('{data}/environments') else 'no')",
    "see the machine's processes": "import os; print('yes' if any(b'aipress.hostd' in open(f'/proc/{{p}}/cmdline','rb').read() for p in os.listdir('/proc') if p.isdigit() and p != str(os.getpid()) and p != str(os.getppid())) else 'no')",
    "read another's environment variables": "print('yes' if b'{canary}' in open('/proc/{leader}/environ','rb').read() else 'no')",
    "signal hostd": "import os; os.kill({hostd}, 0); print('yes')",
    "signal another's PHP": "import os; os.kill({pid}, 0); print('yes')",
    "ask hostd": "import socket; s = socket.socket(socket.AF_UNIX); s.connect('{data}/run/hostd.sock'); print('yes')",
    "find hostd's socket beside the database's": "import os; print('yes' if os.path.exists('/run/aipress/hostd.sock') or os.path.exists('{data}/run/hostd.sock') else 'no')",
    "talk to another's PHP": "import socket; s = socket.socket(socket.AF_UNIX); s.connect('{data}/environments/{theirs}/run/real.sock'); print('yes')",
    "talk to its own PHP": "import socket; s = socket.socket(socket.AF_UNIX); s.connect('{data}/environments/{ours}/run/real.sock'); print('yes')",
    "reach a port of the machine": "import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('yes')",
    "reach a port of the machine by another address": "import socket; socket.create_connection(('{address}', {port}), 2); print('yes')",
    "reach an abstract socket": "import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0aipress-test-{port}'); print('yes')",
    "see another's shared memory": "import ctypes; print('yes' if ctypes.CDLL(None).shmget({key}, 0, 0) >= 0 else 'no')",
    "open the vault": "open('{data}/vault/master.key','rb').read(); print('yes')",
    "read its own runtime's record": "open('{data}/environments/{ours}/runtime.json').read(); print('yes')",
    "read the machine's passwords": "open('/etc/shadow').read(); print('yes')",
    "see the machine's accounts": "print('yes' if 'www-data' in open('/etc/passwd').read() else 'no')",
    "learn the machine's name": "import socket; print('yes' if socket.gethostname() == '{name}' else 'no')",
    "change the core": "open('{core}/hello.php','a').close(); print('yes')",
    "say it is another's": "open('{label}/tenant','w').close(); print('yes')",
    "change the settings of PHP": "open('{settings}/php.ini','a').close(); print('yes')",
    "change what others execute": "import os; p = '{opcache}/wp-load.php.bin'; os.chmod(os.path.dirname(p), 0o755); open(p,'ab').close(); print('yes')",
    "make a device": "import os, stat; os.mknod('{tmp}/disk', stat.S_IFBLK | 0o600, os.makedev(254, 0)); print('yes')",
    "mount something": "import ctypes; print('yes' if ctypes.CDLL(None).mount(b'none', b'{tmp}', b'tmpfs', 0, None) == 0 else 'no')",
    "make a user namespace": "import ctypes; print('yes' if ctypes.CDLL(None).unshare(0x10000000) == 0 else 'no')",
    "clone into a user namespace": "import ctypes, os; pid = ctypes.CDLL(None).syscall(56, 0x10000000 | 17, 0, 0, 0, 0); pid or os._exit(0); print('yes' if pid > 0 else 'no')",
    "join the machine's namespaces": "import ctypes, os; fd = os.open('/proc/{hostd}/ns/net', 0); print('yes' if ctypes.CDLL(None).setns(fd, 0) == 0 else 'no')",
    "load a kernel program": "import ctypes; print('yes' if ctypes.CDLL(None).syscall(321, 0, b'\\x02\\0\\0\\0\\x04\\0\\0\\0\\x08\\0\\0\\0\\x01' + b'\\0'*60, 72) >= 0 else 'no')",
    "keep a key in the kernel": "import ctypes; print('yes' if ctypes.CDLL(None).syscall(248, b'user', b'aipress', b'x', 1, -1) >= 0 else 'no')",
    "gain rights by a setuid program": "import ctypes; print('yes' if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 0 else 'no')",
    "become root": "import os; os.setuid(0); print('yes')",
    "belong to another group": "import os; os.setgroups([33]); print('yes')",
    "hold any capability": "print('yes' if any(int(l.split()[1], 16) for l in open('/proc/self/status') if l.startswith('Cap')) else 'no')",
    "send a raw packet": "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print('yes')",
    "raise its own limits": "import resource; resource.setrlimit(resource.RLIMIT_NPROC, ({most}, {most})); print('yes')",
    "change the kernel's settings": "open('/proc/sys/kernel/hostname','w').write('x' * 0); f = open('/proc/sys/vm/drop_caches','w'); print('yes')",
}
# What it must be able to do, or the sandbox would prove nothing by refusing everything.
RIGHTS = {
    "write its own files": "open('/srv/content/uploads/x','w').write('x'); print('yes')",
    "read them again": "print('yes' if open('/srv/content/secret.txt').read() else 'no')",
    "read the core": "print('yes' if open('/srv/wordpress/hello.php').read() else 'no')",
    "use temporary files": "import tempfile; tempfile.TemporaryFile(dir='/tmp').write(b'x'); print('yes')",
    "use its opcode cache": "open('/srv/opcache/5e/srv/content/x','w').close(); open('/srv/opcache/y','w').close(); print('yes')",
    "read the shared opcode cache": "print('yes' if open('/srv/opcache/5e/srv/wordpress/wp-load.php.bin').read() else 'no')",
    "know who it is": "import os, pwd; print('yes' if pwd.getpwuid(os.getuid()).pw_name == 'site' else 'no')",
    "make threads and processes": "import subprocess, threading; threading.Thread(target=print).start(); print(subprocess.check_output(['/bin/echo', 'yes'], text=True).strip())",
    "verify certificates": "print('yes' if 'BEGIN CERTIFICATE' in open('/etc/ssl/certs/ca-certificates.crt').read() else 'no')",
    "use its own loopback": "import socket; s = socket.create_server(('127.0.0.1', 8000)); socket.create_connection(('127.0.0.1', 8000)); print('yes')",
}


class Neighbours:
    """Two environments, theirs awake, and a machine with something on every door."""

    def __init__(self, cloud: SmallCloud, host: Host, words: dict[str, object]) -> None:
        self.cloud, self.host, self.words = cloud, host, words

    def outside(self, attempt: str) -> str:
        """As root, without a sandbox: what the attempt says when nothing holds it."""
        inside = {
            "core": "wordpress/7.0",
            "settings": "php",
            "label": f"environments/{OURS}/label",
            "opcache": "opcache/7.0/5e/srv/wordpress",
        }
        real = {name: f"{self.cloud.data}/{path}" for name, path in inside.items()}
        code = attempt.format(**self.words, **real, tmp=self.cloud.place(OURS) / "tmp")
        command = [
            "/usr/bin/unshare",
            "--mount",
            "--net" if "'mount'" in attempt else "--mount",
            PYTHON,
            "-c",
            code,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        return done.stdout.strip() or done.stderr

    def inside(self, attempt: str) -> str:
        """As the tenant, where its PHP runs."""
        seen = {
            "core": "/srv/wordpress",
            "settings": "/srv/php",
            "label": "/srv/label",
            "opcache": "/srv/opcache/5e/srv/wordpress",
            "tmp": "/tmp",
        }
        return run_inside(self.host, attempt.format(**self.words, **seen))


def run_inside(host: Host, code: str, limits: Limits | None = None) -> str:
    """Run Python in our environment's sandbox, started as PHP is; returns what it printed, errors too."""
    kernel.close_on_exec()  # as hostd does at its start: what started these tests may have left descriptors open
    uid = FIRST_UID + 1
    reading, writing = os.pipe2(os.O_CLOEXEC)
    quiet = os.open(os.devnull, os.O_RDONLY)
    contents = {PASSWD_FD: passwd_of(uid), GROUP_FD: group_of(uid), SECCOMP_FD: seccomp.program()}
    given = {number: pipe_with(content) for number, content in contents.items()}
    join = find_cgroups(f"aipress-{host.mark}").ensure(OURS, limits) if limits else []
    command = [*sandbox(host, host.environment(OURS), uid), PYTHON, "-c", code]
    pid = spawn(
        Order(command, {"PATH": "/usr/bin:/bin"}, {0: quiet, 1: writing, 2: writing, **given}, join, 64)
    )
    for descriptor in (writing, quiet, *given.values()):
        os.close(descriptor)
    with open(reading) as output:
        said = output.read()
    os.waitpid(pid, 0)
    return said.strip()


@pytest.fixture
async def neighbours(cloud: SmallCloud) -> Neighbours:
    compiled = cloud.data / "opcache/7.0/5e/srv/wordpress/wp-load.php.bin"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("compiled")
    for number, id in ((1, OURS), (2, THEIRS)):
        await cloud.environment(number)
        cloud.write(id, "secret.txt", CANARY if id == THEIRS else "ours")
    cloud.vault.put(THEIRS, "DB_PASSWORD", CANARY)
    await cloud.hostd.warm(THEIRS)
    (cloud.data / "hostd-is-not-told").touch()
    assert cloud.daemon is not None
    leader = next(
        pid
        for pid in (await cloud.hostd.inventory()).environments[THEIRS].processes
        if b"bwrap" in _command(pid)
    )
    words: dict[str, object] = {
        "data": cloud.data, "ours": OURS, "theirs": THEIRS, "canary": CANARY, "port": PORT, "key": SHARED_MEMORY_KEY,
        "pid": (await cloud.status(THEIRS)).pid, "leader": leader, "hostd": cloud.daemon.pid, "name": socket.gethostname(),
        "address": "127.0.0.2", "most": resource.getrlimit(resource.RLIMIT_NPROC)[1],
    }  # fmt: skip
    told = argparse.Namespace(
        data=cloud.data,
        uid_base=FIRST_UID,
        uid_count=1000,
        php="",
        idle_seconds=60,
        control_user="nobody",
        web_user="www-data",
        logs_user="games",
    )
    return Neighbours(cloud, survey(told), words)


@pytest.fixture
def open_doors() -> Iterator[None]:
    """A port on every address, an abstract socket and shared memory of the machine's own."""
    libc = ctypes.CDLL(None)
    memory = libc.shmget(SHARED_MEMORY_KEY, 4096, 0o1666)
    with socket.create_server(("0.0.0.0", PORT)), socket.socket(socket.AF_UNIX) as abstract:  # noqa: S104 - the point
        abstract.bind(f"\0aipress-test-{PORT}")
        abstract.listen()
        yield
    libc.shmctl(memory, 0, None)


async def test_every_attempt_works_without_the_sandbox_and_none_works_in_it(
    neighbours: Neighbours, open_doors: None
) -> None:
    outside = {
        name: await asyncio.to_thread(neighbours.outside, attempt) for name, attempt in ATTEMPTS.items()
    }
    inside = {name: neighbours.inside(attempt) for name, attempt in ATTEMPTS.items()}
    assert {name: said for name, said in outside.items() if said != "yes"} == {}
    assert [name for name, said in inside.items() if "yes" in said] == []


async def test_the_sandbox_lets_an_environment_do_its_work(neighbours: Neighbours) -> None:
    said = {name: neighbours.inside(attempt) for name, attempt in RIGHTS.items()}
    assert {name: answer for name, answer in said.items() if not answer.endswith("yes")} == {}


async def test_only_a_handful_of_processes_and_descriptors_can_be_seen(neighbours: Neighbours) -> None:
    look = "import os; print(sorted(p for p in os.listdir('/proc') if p.isdigit()), sorted(os.listdir('/proc/self/fd')))"
    assert neighbours.inside(look) == "['1'] ['0', '1', '2', '3']"


async def test_the_root_of_the_sandbox_holds_nothing_of_the_machine(neighbours: Neighbours) -> None:
    look = "import os; print(sorted(os.listdir('/')), sorted(os.listdir('/srv')), sorted(os.listdir('/run/aipress')))"
    everything = ["bin", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "srv", "tmp", "usr"]
    found = neighbours.inside(look)
    assert (
        found
        == f"{everything} ['content', 'fpm.conf', 'label', 'mail', 'opcache', 'php', 'purge', 'wordpress'] []"
    )


async def test_php_runs_in_that_sandbox_too(neighbours: Neighbours) -> None:
    probe = (
        "echo json_encode([@file_get_contents('/proc/1/cmdline') !== false, count(glob('/proc/[0-9]*')), "
        "@scandir('/var'), @file_get_contents('/etc/shadow'), posix_getuid(), gethostname(), count(posix_getgroups() ?: [])]);"
    )
    said = await neighbours.cloud.run(OURS, probe)
    assert said == f'[true,2,false,false,{FIRST_UID + 1},"site",0]'


async def test_a_fork_bomb_ends_at_its_own_limit(neighbours: Neighbours) -> None:
    bomb = (
        "import os, time\nmade = 0\n"
        "try:\n  while True:\n    pid = os.fork()\n    made += 1\n    if pid == 0: time.sleep(5); os._exit(0)\n"
        "except OSError: print(made < 64, flush=True)\nos._exit(0)"
    )
    assert (await asyncio.to_thread(run_inside, neighbours.host, bomb, Limits(children=2))) == "True"
    assert (await neighbours.cloud.visit(THEIRS)).body.startswith("hello")


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
