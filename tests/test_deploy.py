"""What is shipped to run it: units that systemd takes and that are shut in, a container file without faults."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coi import COMMANDS

DEPLOY = Path(__file__).parents[1] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
LINTER = Path(sys.executable).with_name("hadolint")
MOST_EXPOSED = 1.5  # of 10, as `systemd-analyze security` counts; 9.6 is a unit without any of this
SYSTEMD = shutil.which("systemd-analyze")
TRUE = shutil.which("true") or "/bin/true"
needs_systemd = pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not on this machine")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with a program that is there."""
    folder = tmp_path_factory.mktemp("units")
    for unit in (*SERVICES, *TIMERS):
        text = (
            unit.read_text("utf-8")
            .replace("/opt/coi/.venv/bin/coi", TRUE)
            .replace("/opt/coi/.venv/bin/litestream", TRUE)
        )
        (folder / unit.name).write_text(text, "utf-8")
    return folder


@needs_systemd
def test_systemd_takes_every_unit(installed: Path) -> None:
    units = [str(path) for path in sorted(installed.iterdir())]
    done = subprocess.run([str(SYSTEMD), "verify", "--man=no", *units], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "coi-" in line]
    assert (done.returncode, ours) == (0, [])


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_service_is_shut_in(unit: Path) -> None:
    done = subprocess.run(
        [str(SYSTEMD), "security", "--offline=true", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    score = re.search(r"exposure level for .*?: ([\d.]+)", done.stdout)
    if score is None:
        pytest.skip(f"this systemd cannot judge a file: {done.stderr[:100]}")
    print(f"{unit.name}: {score[1]}")
    assert float(score[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_a_command_that_is_there(unit: Path) -> None:
    text = unit.read_text("utf-8")
    command = re.search(r"^ExecStart=/opt/coi/.venv/bin/(coi|litestream) (\w+)", text, re.MULTILINE)
    assert command and command[2] in (COMMANDS if command[1] == "coi" else ("replicate", "restore"))
    assert "EnvironmentFile=/etc/coi/coi.env" in text and "MemoryMax=" in text and "User=coi" in text
    calls = {name for line in re.findall(r"^SystemCallFilter=~(.*)$", text, re.MULTILINE) for name in line.split()}
    assert "@resources" not in calls  # readers of PDF and the site limit their memory by setrlimit


@pytest.mark.parametrize("timer", TIMERS, ids=lambda path: path.name)
def test_a_timer_has_its_service(timer: Path) -> None:
    assert timer.with_suffix(".service") in SERVICES


def test_the_container_file_has_no_faults() -> None:
    if not LINTER.exists():
        pytest.skip("hadolint is not installed (extra dev)")
    done = subprocess.run([LINTER, DEPLOY / "Containerfile"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_runs_as_nobody_in_particular_and_is_watched() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER [1-9]\d+$", text, re.MULTILINE) and "/-/health" in text
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE))
    for name in " ".join(copied).split():
        assert (DEPLOY.parent / name).exists(), name


def test_the_proxy_sets_and_never_passes_on_who_asks() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    rules = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in rules and "proxy_add_x_forwarded_for" not in rules
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in rules and "proxy_set_header Host $host;" in rules
    (default,) = [block for block in rules.split("server {") if "443 ssl default_server" in block]
    assert "return 444;" in default and "proxy_pass" not in default  # no name but the site's leads to it
