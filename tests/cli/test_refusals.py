"""What is refused at the terminal is said in one sentence, with the command that goes on."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaigns.cli import app
from campaigns.cli.console import LISTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["preview", "c_0"], "There is no campaign c_0. List them: campaigns campaigns"),
        (["answer", "show", "r_0"], "There is no reply r_0. List them: campaigns replies"),
        (["keys", "revoke", "k_0"], "There is no live key k_0. List them: campaigns keys list"),
        (["book", "undo", "b_0"], "There is no change b_0. List them: campaigns book changes"),
        # Square brackets are a customer's, and no colours.
        (["book", "show", "[red]House[/red]"], "There is no customer '[red]House[/red]'"),
    ],
)
def test_what_is_not_there_is_named_with_the_command_that_lists_the_rest(
    words: list[str], said: str, folder: Path
) -> None:
    done = CliRunner().invoke(app, [*words, "--data", str(folder)])
    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", LISTS.values())
def test_the_commands_that_list_are_there(command: str) -> None:
    words = [w for w in shlex.split(command)[1:] if not w.isupper()]
    names = [w for w in words if not w.startswith("-") and not w.isdigit()]
    assert CliRunner().invoke(app, [*names, "--help"]).exit_code == 0
