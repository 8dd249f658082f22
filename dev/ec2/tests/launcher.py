"""Starts `python -m ec2_launcher` as a process and talks to it, as any other user would."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parent.parent
# Tests see the first answer of the fake, not the SDK's retries.
NO_RETRY = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20, max_pool_connections=50)


class Launcher:
    def __init__(self, *args: str, config: dict[str, Any] | None = None) -> None:
        command = [sys.executable, "-m", "ec2_launcher", "--config", json.dumps(config or {}), *args]
        self.process = subprocess.Popen(
            [*command, "--exit-on-stdin-eof"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{ready['port']}"

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, *_: Any) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=5) == 0

    @lru_cache(maxsize=8)  # noqa: B019 - a client costs 100 ms, and the launcher lives as long as the session
    def client(
        self, service: str = "ec2", region: str = "us-east-1", bypass: bool = False, key: str = "AKIATEST"
    ) -> Any:
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key="secret",
            config=NO_RETRY,
        )
        if bypass:
            client.meta.events.register("before-send", _bypass)
        return client

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, body)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; an error answer as {"status": ..., "error": ...}."""
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self.url}/_strict/{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            return {"status": problem.code, **json.load(problem)}


def _bypass(request: Any, **_: Any) -> None:
    request.headers["X-Strict-Bypass"] = "1"
