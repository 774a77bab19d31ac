"""The house's voices, with what its people wrote in the data folder put over them."""

from pathlib import Path
from tomllib import TOMLDecodeError

from campaigns.ai.embedded import Voices, house_voices
from campaigns.model.errors import SettingInvalid

FILE_NAME = "voices.toml"


def voices_in(data: Path | None) -> Voices:
    """Return the voices; raises SettingInvalid naming the file and what is wrong in it."""
    path = data / FILE_NAME if data else None
    if path is None or not path.exists():
        return house_voices()
    try:
        return house_voices(path.read_text(encoding="utf-8"))
    except (TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise SettingInvalid(f"{path}: {error}") from error
