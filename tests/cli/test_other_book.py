"""A command with another book cannot take a running server's customers away."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from campaigns import settings
from campaigns.bootstrap import opened, sample_book
from campaigns.cli import app


def test_another_book_in_a_running_servers_folder_is_refused_with_the_way_out(
    tmp_path: Path,
) -> None:
    book, other = tmp_path / "venue_data.md", tmp_path / "other.md"
    shutil.copy(sample_book(), book)
    other.write_text("# Other\n\n## Venue Information\n\n### Heron House\n", "utf-8")
    data = tmp_path / "data"
    command = ["reach", "--json", "--data", str(data), "--book"]
    chosen = settings.read(campaigns_book=book, campaigns_data=data, campaigns_simulate="all")
    with opened(chosen, working=True) as house:
        customers = house.book.count
        refused = CliRunner().invoke(app, [*command, str(other)])
        assert refused.exit_code == 1
        said = " ".join(refused.output.split())
        assert "The data folder is in use" in said
        assert "--data" in said
        assert CliRunner().invoke(app, [*command, str(book)]).exit_code == 0
        with house.store.read() as tx:
            assert tx.customers.count() == customers
    assert CliRunner().invoke(app, [*command, str(other)]).exit_code == 0
