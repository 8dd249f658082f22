"""The launcher as a process: start, stop, arguments, control endpoint."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from .lab import Lab
from .launcher import ROOT, Launcher


def run(*args: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "ec2_launcher", *args], cwd=ROOT, capture_output=True, timeout=30)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--config", '{"nope": 1}'], b"unknown key 'nope'"),
        (["--config", "{"], b"ec2_launcher: "),
        (["--host", "0.0.0.0"], b"--host must be a loopback address"),
    ],
)
def test_bad_arguments_end_with_code_2_and_a_sentence(args: list[str], message: bytes) -> None:
    ended = run(*args)

    assert ended.returncode == 2
    assert message in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_it_stops_at_once_when_stdin_closes() -> None:
    launcher = Launcher(config={"attach_s": 2})
    assert launcher.get("config")["attach_s"] == 2

    launcher.process.stdin.close()

    assert launcher.process.wait(timeout=2) == 0


def test_sigterm_ends_it_at_once_even_with_a_held_request() -> None:
    launcher = Launcher()
    launcher.post("faults", [{"hang": "before"}])
    caller = threading.Thread(target=lambda: _ignore(launcher.client().describe_subnets), daemon=True)
    caller.start()
    _until(lambda: launcher.get("faults")["held"])
    started = time.monotonic()

    launcher.process.send_signal(signal.SIGTERM)

    assert launcher.process.wait(timeout=2) == 0
    assert time.monotonic() - started < 1


def test_unknown_paths_and_bodies_are_explained(launcher: Launcher) -> None:
    assert launcher.get("nope")["status"] == 404
    assert "POST /_strict/reset" in launcher.get("nope")["known"]
    assert launcher.post("config", {"nope": 1})["status"] == 400
    assert "unknown fault key" in launcher.post("faults/add", {"kode": "X"})["error"]
    assert launcher.post("clock", {"advance": -5})["status"] == 400
    assert launcher.post("snapshot", {})["status"] == 400


def test_a_snapshot_is_continued_by_another_process(lab: Lab, tmp_path) -> None:
    lab.config(attach_s=100)
    eni, attachment, _ = lab.attached()
    file = str(tmp_path / "ec2.snapshot")
    lab.launcher.post("snapshot", {"path": file})

    with Launcher("--restore", file) as second:
        there = second.client()
        shown = there.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]
        assert shown["Attachment"]["Status"] == "attaching"
        second.post("clock", {"advance": 100})
        assert second.get("enis")["enis"][0]["attachment"]["status"] == "attached"
        there.detach_network_interface(AttachmentId=attachment)
        events = [event["event"] for event in second.get("journal")["events"] if event["eniId"] == eni]
        assert events == ["created", "attaching", "attached", "detached"]


def test_restore_in_the_same_process_brings_the_past_back(lab: Lab, tmp_path) -> None:
    eni = lab.eni()
    file = str(tmp_path / "ec2.snapshot")
    lab.launcher.post("snapshot", {"path": file})
    lab.delete(eni)

    lab.launcher.post("restore", {"path": file})

    assert lab.show(eni)["Status"] == "available"


def test_reset_forgets_the_world_and_the_settings(lab: Lab) -> None:
    lab.config(attach_s=5, throttle=True)
    lab.launcher.post("faults", [{"code": "X"}])
    lab.advance(100)

    lab.launcher.post("reset")

    assert lab.truth() == {}
    assert lab.launcher.get("config")["attach_s"] == 0
    assert lab.launcher.get("faults") == {"faults": [], "held": []}
    assert lab.launcher.get("log")["records"] == []
    assert abs(lab.launcher.get("clock")["now"] - time.time()) < 2


def _ignore(call) -> None:
    with suppress(Exception):
        call()


def _until(condition, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)
