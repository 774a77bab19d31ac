"""What `deploy/` names exists: settings, commands, files; and the units are in order."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from campaigns import settings
from campaigns.cli import app
from campaigns.model.errors import SettingInvalid

DEPLOY = Path(__file__).parent.parent / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KNOWN = {one.name for one in settings.names()}
OURS = re.compile(r"^#?((?:CAMPAIGNS?|SMTP|WHATSAPP|LINE|OPENAI)_[A-Z_]+)=", re.MULTILINE)
PROGRAM = "/opt/campaigns/bin/campaigns"


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: s for name, s in compose()["services"].items() if s["image"] == "campaigns"}


def unit(path: Path) -> dict[str, list[str]]:
    """Return what [Service] says; a key may stand several times."""
    said: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            said.setdefault(key, []).append(value)
    return said


def image() -> str:
    return (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def command_lines() -> Iterator[list[str]]:
    for service in ours().values():
        yield service["command"]
    for path in UNITS:
        program, *words = shlex.split(unit(path)["ExecStart"][0])
        assert program == PROGRAM
        yield words
    yield [
        word.strip('"')
        for word in re.findall(r"^CMD \[(.*)\]$", image(), re.MULTILINE)[0].split(", ")
    ]


@pytest.mark.parametrize("words", list(command_lines()), ids=" ".join)
def test_every_command_line_is_one_of_ours(words: list[str]) -> None:
    group: Any = typer.main.get_command(app)
    name, command, rest = group.resolve_command(group.make_context("campaigns", [*words]), words)
    assert command.make_context(name, list(rest))


def test_every_setting_named_is_a_setting() -> None:
    named = set(OURS.findall((DEPLOY / "campaigns.env.example").read_text(encoding="utf-8")))
    for service in ours().values():
        named |= set(service["environment"]) | {one.upper() for one in service["secrets"]}
    for path in UNITS:
        said = unit(path)
        named |= {one.partition("=")[0] for one in said["Environment"]}
        named |= {one.partition(":")[0].upper() for one in said["LoadCredential"]}
    named |= set(re.findall(r"\b(CAMPAIGNS_[A-Z_]+)=", image()))
    assert named - KNOWN == set()
    assert {"CAMPAIGNS_DATABASE_URL", "CAMPAIGNS_SECRET_KEY", "CAMPAIGNS_SECRETS"} <= named


def test_the_example_of_the_environment_is_read_without_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = (DEPLOY / "campaigns.env.example").read_text(encoding="utf-8").splitlines()
    for line in lines:
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            monkeypatch.setenv(name, value)
    assert settings.read().campaigns_four_eyes


def test_what_a_service_mounts_or_is_given_is_declared() -> None:
    whole = compose()
    for service in whole["services"].values():
        assert set(service["secrets"]) <= set(whole["secrets"])
        named = {one.partition(":")[0] for one in service["volumes"]}
        assert {one for one in named if not one.startswith(".")} <= set(whole["volumes"])
    assert whole["services"]["worker"]["deploy"]["replicas"] >= 2


def test_images_come_from_the_usual_place_and_run_as_nobody_special() -> None:
    used = [
        *re.findall(r"^FROM (\S+)", image(), re.MULTILINE),
        compose()["services"]["database"]["image"],
    ]
    assert all(one.startswith("docker.io/library/") for one in used)
    assert re.search(r"^USER \d+$", image(), re.MULTILINE)
    assert "HEALTHCHECK" in image()


def test_what_the_image_is_built_from_is_not_ignored() -> None:
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", image(), re.MULTILINE)
    for word in " ".join(copied).split():
        assert f"!{word}" in ignored
        assert (DEPLOY.parent / word).exists()


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_systemd_finds_nothing_wrong_with_a_unit(path: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        assert "CAMPAIGNS_CI" not in os.environ, "CI has no systemd-analyze"
        pytest.skip("there is no systemd-analyze here")
    # As it will be installed: an instance of the template, and a program that exists.
    installed = tmp_path / path.name.replace("@.", "@1.")
    text = path.read_text(encoding="utf-8")
    installed.write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - systemd's own program
        [program, "verify", str(installed)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_is_an_ini_file_with_its_three_sections(path: Path) -> None:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.read(path)
    assert parser.sections() == ["Unit", "Service", "Install"]


def test_a_setting_may_be_a_file_and_its_variable_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "campaigns_secret_key").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("CAMPAIGNS_SECRETS", str(tmp_path))
    found = settings.read().campaigns_secret_key
    assert found is not None
    assert found.get_secret_value() == "from a file"
    monkeypatch.setenv("CAMPAIGNS_SECRET_KEY", "from the environment")
    found = settings.read().campaigns_secret_key
    assert found is not None
    assert found.get_secret_value() == "from the environment"


def test_a_folder_of_secrets_that_is_not_there_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGNS_SECRETS", str(tmp_path / "nowhere"))
    with pytest.raises(SettingInvalid, match="CAMPAIGNS_SECRETS"):
        settings.read()
