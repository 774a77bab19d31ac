"""The reader under test, loaded once."""

from datetime import date

import pytest

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.model.reply import Reading, ReplyContext

TODAY = date(2025, 9, 15)


class Read:
    """Reads a reply in a context that a test states in one line."""

    def __init__(self, reader: EmbeddedReplyReader) -> None:
        self.reader = reader

    def __call__(
        self, text: str, *, survey: bool = False, auto: bool = False, campaign: bool = True
    ) -> Reading:
        context = ReplyContext(
            today=TODAY, survey_open=survey, auto_reply=auto, has_campaign=campaign
        )
        return self.reader.read(text, context)


@pytest.fixture(scope="session")
def read() -> Read:
    return Read(EmbeddedReplyReader())
