"""supervisord's settings file, rendered from the programs. Its own documentation is the contract: supervisord.org."""

from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine.code import Code
from aipress.cli.machine.commands import SYSTEM_PATH
from aipress.cli.machine.files import write_if_changed
from aipress.cli.machine.programs import Program, Stage
from aipress.cli.trouble import Trouble

LAUNCHER = "backend/aipress/cli/machine/launch.py"

DAEMON = """\
; Rendered by `./aipress up`. Closed to everyone else: services get their settings here.
[supervisord]
nodaemon=true
silent=true
identifier=aipress
logfile={data}/logs/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={data}/run/supervisord.pid
childlogdir={data}/logs
minfds={open_files}
umask=022
{user}
[unix_http_server]
file={data}/run/supervisor.sock
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

# A service that ends is started again for ever; each failed start waits a second longer than the one before.
PROGRAM = """
[{kind}:{name}]
command={command}
directory=/
priority={order}
autorestart=true
startsecs=1
startretries=1000000
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
killasgroup={killasgroup}
redirect_stderr=true
stdout_logfile={data}/logs/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
environment={environment}
"""


def settings_file(place: Installation) -> Path:
    return place.run / "supervisord.conf"


def write_settings(stage: Stage, programs: list[Program], open_files: int) -> bool:
    """True when the file changed."""
    place = stage.place
    user = "user=root\n" if place.is_root else ""
    parts = [DAEMON.format(data=_literal(place.data), open_files=open_files, user=user)]
    parts += [_program(stage, program) for program in programs]
    return write_if_changed(settings_file(place), "".join(parts), 0o600)


def _program(stage: Stage, program: Program) -> str:
    environment = program.environment | {"AIPRESS_FINGERPRINT": program.fingerprint, **_person(program)}
    text = PROGRAM.format(
        kind="fcgi-program" if program.socket else "program",
        name=program.name,
        command=" ".join(
            _word(word) for word in launch_command(stage.code, program, "start", *program.command)
        ),
        order=program.order,
        stop_signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
        killasgroup=str(program.takes_children_along).lower(),
        data=_literal(stage.place.data),
        environment=",".join(f"{name}={_word(value)}" for name, value in sorted(environment.items())),
    )
    return text + _rights(stage.place, program)


def launch_command(code: Code, program: Program, what: str, *command: str) -> tuple[str, ...]:
    """The program behind its launcher, which ends what a killed predecessor left."""
    scope = "group" if program.takes_children_along else "alone"
    launcher = (str(code.python), "-I", "-S", str(code.home / LAUNCHER))
    return (*launcher, str(program.record), str(program.stop_seconds), scope, what, *command)


def _person(program: Program) -> dict[str, str]:
    return {
        "PATH": SYSTEM_PATH,
        "LANG": "C.UTF-8",
        "USER": program.account.name,
        "LOGNAME": program.account.name,
        "HOME": "/",
    }


def _rights(place: Installation, program: Program) -> str:
    rows = [f"user={program.account.name}"] if place.is_root else []
    if program.socket:
        rows += [f"socket=unix://{_literal(program.socket)}", "socket_mode=0660"]
        rows += [f"socket_owner={program.account.name}:{program.socket_group}"] if place.is_root else []
    return "".join(f"{row}\n" for row in rows)


def _word(text: str) -> str:
    """One word of a command or one value, quoted: supervisord splits with shlex and expands %(names)s."""
    if '"' in text or "\n" in text or "\\" in text:
        raise Trouble(
            "A setting holds a quotation mark, a backslash or a line break, which supervisord can't pass on."
        )
    return f'"{_literal(text)}"'


def _literal(text: str | Path) -> str:
    return str(text).replace("%", "%%")
