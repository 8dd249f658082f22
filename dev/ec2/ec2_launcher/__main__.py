"""`python -m ec2_launcher`: prints {"ready": true, "port": N} and serves until SIGTERM (or the end of stdin)."""

from __future__ import annotations

import argparse
import json
import sys

from . import selfcheck
from .config import ConfigError


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ec2_launcher", description="A fake EC2 with the rules of real ENIs.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to bind (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port (default)")
    parser.add_argument("--config", default="{}", help="JSON of the configuration, such as '{\"attach_s\": 2}'")
    parser.add_argument("--restore", metavar="PATH", help="start from a snapshot file")
    parser.add_argument("--exit-on-stdin-eof", action="store_true", help="stop when stdin closes")
    return parser.parse_args(argv)


def main() -> None:
    args = parse_args()
    try:
        selfcheck.run()
        serve(args)
    except (selfcheck.SelfCheckError, ConfigError, json.JSONDecodeError, ValueError, OSError) as problem:
        print(f"ec2_launcher: {problem}", file=sys.stderr)
        sys.exit(2)


def serve(args: argparse.Namespace) -> None:
    from . import server, snapshot  # only after the self-check: they load moto
    from .runtime import CONFIG

    CONFIG.update(json.loads(args.config))
    running = server.create(args.host, args.port)
    if args.restore:
        snapshot.load(args.restore)
    server.stop_on_signals()
    if args.exit_on_stdin_eof:
        server.stop_on_stdin_eof()
    print(json.dumps({"ready": True, "port": running.server_port}), flush=True)
    running.serve_forever()


if __name__ == "__main__":
    main()
