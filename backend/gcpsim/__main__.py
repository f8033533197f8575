"""`python -m gcpsim serve` answers anyone's client; `python -m gcpsim judge DIR` scores the simulator on recordings."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="gcpsim", description="A simulator of Google Cloud's control plane."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="answer HTTP on this machine's loopback")
    serving.add_argument("--port", type=int, default=8099)
    serving.add_argument(
        "--latency", type=float, default=0.0, help="seconds of the simulator's clock an operation takes"
    )
    serving.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[:METHODS[:TIMES[:SKIP]]]",
        help="429, 503, lost or operation",
    )
    serving.add_argument(
        "--machines", type=Path, metavar="DIR", help="let things really run, and keep them there"
    )
    serving.add_argument(
        "--net",
        type=int,
        default=77,
        help="what runs answers at 127.NET.… and 127.(NET+1).…, for two simulators to differ",
    )
    judging = commands.add_parser("judge", help="compare with recorded exchanges")
    judging.add_argument("folder", type=Path)
    judging.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    return _serve(asked) if asked.command == "serve" else _judge(asked)


def _serve(asked: argparse.Namespace) -> int:
    from gcpsim.server import Options, serve

    if not 1 <= asked.net <= 253:
        sys.stderr.write("--net is a number from 1 to 253.\n")
        return 2
    return serve(Options(asked.port, tuple(asked.fault), asked.latency, asked.machines, asked.net))


def _judge(asked: argparse.Namespace) -> int:
    from gcpsim.judge.report import judged, report, unread, written

    if not asked.folder.is_dir():
        sys.stderr.write(f"There is no folder {asked.folder}.\n")
        return 2
    summary = report(judged(asked.folder)) | {"unread": unread(asked.folder)}
    sys.stdout.write(written(summary, as_json=asked.json) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
