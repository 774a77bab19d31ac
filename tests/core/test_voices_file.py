"""The voices file of the data folder."""

from pathlib import Path

import pytest

from campaigns.bootstrap.voices import FILE_NAME, voices_in
from campaigns.model.errors import SettingInvalid
from campaigns.model.plan import Tone


def test_without_a_file_the_house_speaks(tmp_path: Path) -> None:
    assert voices_in(None) == voices_in(tmp_path)


def test_the_files_tones_are_spoken(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('[tones]\n"beach club" = "formal"\n', encoding="utf-8")
    assert voices_in(tmp_path).tones["beach club"] is Tone.FORMAL


def test_a_broken_file_stops_the_start_with_its_name(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('[tones]\nhilton = "loud"\n', encoding="utf-8")
    with pytest.raises(SettingInvalid, match=r"voices\.toml.*loud"):
        voices_in(tmp_path)
