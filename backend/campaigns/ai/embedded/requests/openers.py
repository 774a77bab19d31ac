"""Where a topic is opened: "about …", "announce …", "tell them that the app …", a colon."""

from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Occasion, Purpose, Tag
from campaigns.ai.embedded.requests.topicwords import CONTENT, GLUE, TopicWords
from campaigns.model.plan import CampaignType

_OURSELVES = ("we", "we're", "we've", "we'll", "our", "bma", "i", "i'm", "there", "it's", "from")
_WILL = ("will", "should", "must", "would")
_TELLING_OF = ("inform", "notify", "advise", "warn", "remind")
_TELLING = ("tell", "inform", "notify", "know", "advise", "warn", "remind", "let")


class Openers:
    """The words of a row behind which, or with which, a topic begins."""

    def __init__(self, row: Row, words: TopicWords) -> None:
        self._row = row
        self._words = words

    def opens(self, at: int) -> bool:
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Purpose):
            return sense.opens
        if row.tag(at) is Tag.COLON:
            return self._announces_before(at) and self._is_free_text(at + 1)
        if row.tag(at) is Tag.THAT:
            return self._tells(at)
        if row.tag(at) is Tag.FILLER or row.items[at].key == "of":
            return self._tells_outright(at)
        return row.tag(at) is Tag.ABOUT

    def _tells(self, at: int) -> bool:
        """Whether "that" begins what is told, as in "inform them that the app ...".

        Behind a word of the trade it is; "hotels that the team visited" describes customers.
        """
        row = self._row
        told = any(isinstance(row.sense(i), Purpose) for i in range(at))
        content = row.tag(row.after(at, (*GLUE, Tag.NEW))) in CONTENT
        return told and (content or self._is_all_that_is_told(at))

    def _is_all_that_is_told(self, at: int) -> bool:
        """Whether a clause with a subject of its own is what is told, as nothing else could be.

        "notify gyms that the old box goes off": the telling verb has no other object.
        """
        row = self._row
        verbs = any(row.items[i].key.split(" ")[0] in _TELLING for i in range(at))
        subject = row.tag(at + 1) is Tag.THE
        other = any(
            row.tag(i) in (*CONTENT, Tag.ABOUT, Tag.COLON) or isinstance(row.sense(i), Occasion)
            for i in range(at)
        )
        names = any(row.names(i) is not None for i in range(at + 1, len(row)))
        verb = any(
            row.tag(i) is Tag.BE or row.items[i].key in _WILL for i in range(at + 2, len(row))
        )
        return verbs and subject and verb and not other and not names

    def _tells_outright(self, at: int) -> bool:
        """Whether what is told follows those told: "tell all gyms we have …", "notify gyms of …".

        A word of the trade has to come first: "tell the gyms we visited" describes them.
        """
        row = self._row
        ours = row.items[at].key.split(" ")[0] in (*_OURSELVES, "of")
        others = any(row.tag(i) in (Tag.ABOUT, Tag.THAT) for i in range(len(row)))
        verbs = _TELLING_OF if row.items[at].key == "of" else _TELLING
        told = any(row.items[i].key.split(" ")[0] in verbs for i in range(at))
        something = row.tag(row.after(at, (*GLUE, Tag.NEW))) in CONTENT
        return ours and told and something and not others and self._words.is_people(at - 1)

    def _announces_before(self, at: int) -> bool:
        senses = (self._row.sense(i) for i in range(at))
        return any(
            isinstance(s, Purpose) and s.type is CampaignType.ANNOUNCEMENT and s.strong
            for s in senses
        )

    def is_background(self, at: int) -> bool:
        """Whether a sentence about ourselves begins at `at`, as "We are moving. Tell everyone".

        It must name no customers, and some other sentence must.
        """
        row = self._row
        if at and row.tag(at - 1) is not Tag.STOP:
            return False
        if row.items[at].key.split(" ")[0] not in _OURSELVES or not self._is_free_text(at):
            return False
        end = next((i for i in range(at, len(row)) if row.tag(i) is Tag.STOP), len(row))
        content = any(
            row.tag(i) in CONTENT or isinstance(row.sense(i), Occasion) for i in range(at, end)
        )
        return content and end + 1 < len(row)

    def _is_free_text(self, at: int) -> bool:
        """Whether what follows a colon, up to the end of the sentence, names no customers."""
        row = self._row
        while at < len(row) and row.tag(at) is not Tag.STOP:
            if not self._words.takes(at) and row.tag(at) is not Tag.COMMA:
                return False
            at += 1
        return True
