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
    _add_running(serving)
    _add_strict(serving)
    judging = commands.add_parser("judge", help="compare with recorded exchanges")
    judging.add_argument("folder", type=Path)
    judging.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    return _serve(asked) if asked.command == "serve" else _judge(asked)


def _serve(asked: argparse.Namespace) -> int:
    from gcpsim.issuing import Issuing
    from gcpsim.machines.options import Images, Running
    from gcpsim.server import Options, Strict, serve

    if not 1 <= asked.net <= 253:
        sys.stderr.write("--net is a number from 1 to 253.\n")
        return 2
    if wrong := [one for one in asked.image if not all(one.rpartition("="))]:
        sys.stderr.write(f"--image {wrong[0]} is not REFERENCE=LOCAL.\n")
        return 2
    images = Images(dict(one.rpartition("=")[::2] for one in asked.image))
    running = Running(images, asked.idle, asked.visitors, asked.visitors_scheme)
    issuing = Issuing(asked.certificates == "lenient", asked.issue_seconds)
    strict = Strict(asked.caller, asked.iam_delay, asked.rates, dict(map(_limit, asked.limit)), issuing)
    return serve(
        Options(
            asked.port,
            tuple(asked.fault),
            asked.latency,
            asked.machines,
            asked.net,
            running,
            asked.clock,
            strict,
        )
    )


def _add_running(serving: argparse.ArgumentParser) -> None:
    serving.add_argument(
        "--clock",
        choices=("still", "real"),
        default="still",
        help="whose time it is: its own, or this machine's",
    )
    serving.add_argument(
        "--image",
        action="append",
        default=[],
        metavar="REFERENCE=LOCAL",
        help="the image of this machine that stands for one by its digest",
    )
    serving.add_argument(
        "--idle", type=float, default=60.0, help="seconds an instance stays without being asked"
    )
    serving.add_argument(
        "--visitors", type=int, metavar="PORT", help="where the load balancer listens on loopback"
    )
    serving.add_argument(
        "--visitors-scheme", choices=("http", "https"), default="http", help="how visitors come"
    )


def _add_strict(serving: argparse.ArgumentParser) -> None:
    serving.add_argument(
        "--as",
        dest="caller",
        default="",
        metavar="MEMBER",
        help="who asks, as policies name them (serviceAccount:…), for testIamPermissions; without it, whoever may do everything",
    )
    serving.add_argument("--iam-delay", type=float, default=0.0, help="seconds until a grant is heard of")
    serving.add_argument("--rates", action="store_true", help="hold Google's quotas of a minute")
    serving.add_argument(
        "--certificates",
        choices=("strict", "lenient"),
        default="strict",
        help="issued once their records are in the DNS, or whatever it says",
    )
    serving.add_argument(
        "--issue-seconds", type=float, default=0.0, help="of the clock, from the proof to the certificate"
    )
    serving.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="OF=NUMBER",
        help="a quota that was raised or lowered: PROJECT/METRIC, or a Compute scope's METRIC",
    )


def _limit(told: str) -> tuple[str, int]:
    of, _, number = told.rpartition("=")
    if not of or not number.isdigit():
        raise SystemExit(f"--limit is said as OF=NUMBER, not as {told}.")
    return of, int(number)


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
