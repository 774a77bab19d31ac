"""Where a topic is opened: "about …", "announce …", "tell them that the app …", a colon."""

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.jobs import doubtful
from campaigns.ai.embedded.requests.plain import is_verb
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Occasion, Purpose, Tag, Unknown, When
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
            return sense.opens or self._lets_know(at)
        if row.tag(at) is Tag.COLON:
            told = isinstance(row.sense(at - 1), Purpose) and self.opens(at - 1)
            return told or (self._announces_before(at) and self._is_free_text(at + 1))
        if row.tag(at) is Tag.THAT:
            return self._tells(at) or self._is_of_message(at)
        if self._is_told_of_things(at) or self._is_after_meeting(at) or self._apologises_for(at):
            return True
        if row.tag(at) in (Tag.FILLER, Tag.THE) or row.items[at].key == "of":
            return self._tells_outright(at)
        return row.tag(at) is Tag.ABOUT or self._follows_up_on(at)

    def _follows_up_on(self, at: int) -> bool:
        """Whether "on" leads to what is followed up: "circle back to all gyms on the proposal".

        Only what nobody can stand on: "customers on the trial" are some of them.
        """
        row = self._row
        asked = (CampaignType.FOLLOW_UP, CampaignType.SURVEY)
        led = any(isinstance(s := row.sense(i), Purpose) and s.type in asked for i in range(at))
        if row.tag(at) is not Tag.ON or not led or row.tag(at + 1) not in (Tag.THE, Tag.FILLER):
            return False
        ends = (Tag.STOP, Tag.COMMA, Tag.FILLER, Tag.COLON, None)
        noun = row.items[at + 2].key if at + 2 < len(row) else ""
        return noun in doubtful("papers") and row.tag(at + 3) in ends

    def _lets_know(self, at: int) -> bool:
        """Whether "know" leads on to what is told: "let all gyms know our office is closed"."""
        row = self._row
        led = any(row.items[i].key.startswith("let") for i in range(at))
        ours = row.tag(at + 1) in (Tag.THE, Tag.FILLER) and row.names(at + 2) is None
        first = row.items[at + 1].key.split(" ")[0] if at + 1 < len(row) else ""
        return row.items[at].key == "know" and led and ours and first in _OURSELVES

    def _tells(self, at: int) -> bool:
        """Whether "that" begins what is told, as in "inform them that the app ...".

        Behind a word of the trade it is; "hotels that the team visited" describes customers.
        """
        row = self._row
        told = any(isinstance(row.sense(i), Purpose) for i in range(at))
        content = row.tag(row.after(at, (*GLUE, Tag.NEW))) in CONTENT
        named = any(row.tag(i) in CONTENT for i in range(at))
        if named and row.tag(at + 1) in CONTENT:
            return False  # "announce the app to hotels that report"
        return told and (content or self._is_all_that_is_told(at))

    def _is_of_message(self, at: int) -> bool:
        """Whether "that" says what a note says: "a quick note that the app is updated"."""
        row = self._row
        noun = row.tag(at - 1) is Tag.MESSAGE and not self._words.is_people(at - 2)
        return noun and row.tag(row.after(at, (*GLUE, Tag.NEW))) in CONTENT

    def _is_told_of_things(self, at: int) -> bool:
        """Whether a thing that does something follows those told: "tell gyms their bills will …"."""
        row = self._row
        told = any(row.items[i].key.split(" ")[0] in ("tell", *_TELLING_OF) for i in range(at))
        thing = row.after(at, (Tag.NEW, Tag.KIND)) if row.tag(at) in (Tag.FILLER, Tag.THE) else at
        led = row.items[at].key in ("their", "your", "the") or thing == at
        if not (told and led and self._words.is_people(at - 1) and row.tag(thing) is Tag.TOPIC):
            return False
        if any(row.tag(i) in (Tag.ABOUT, Tag.THAT) for i in range(len(row))):
            return False
        verb = row.items[thing + 1].key.split(" ")[0] if thing + 1 < len(row) else ""
        does = verb in _WILL or row.tag(thing + 1) is Tag.BE
        return does or (isinstance(row.sense(thing + 1), Unknown) and is_verb(verb))

    def _is_after_meeting(self, at: int) -> bool:
        """Whether "after" tells what is followed up: "follow up with all gyms after the roadshow"."""
        row = self._row
        asked = (CampaignType.FOLLOW_UP, CampaignType.SURVEY)
        led = any(isinstance(s := row.sense(i), Purpose) and s.type in asked for i in range(at))
        if row.items[at].key != "after" or not led:
            return False
        noun = at + 1
        while self._is_passed(noun):
            noun += 1
        return noun > at + 1 and noun < len(row) and row.items[noun].key in doubtful("meetings")

    def _is_passed(self, at: int) -> bool:
        """Whether it may stand before a thing: "the", "our", "yesterday's"."""
        row = self._row
        light = row.tag(at) in (Tag.THE, Tag.FILLER) or isinstance(row.sense(at), When)
        return light or (at < len(row) and harmless.is_time(row.items[at].key))

    def _apologises_for(self, at: int) -> bool:
        """Whether "for" leads to what one is sorry for: "apologise to gyms for the outage"."""
        row = self._row
        sorry = any(row.items[i].key.startswith(("apolog", "say sorry")) for i in range(at))
        thing = at + 1
        while self._is_passed(thing):
            thing += 1
        return row.tag(at) is Tag.FOR and sorry and row.tag(thing) in CONTENT

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
        after = row.after(at, (*GLUE, Tag.NEW))
        if isinstance(row.sense(after), Unknown) and row.items[at].key == "of":
            after += 1  # "notify them of the revised fees"
        something = row.tag(after) in CONTENT or row.names_each
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
        new = row.after(at - 1, (Tag.THE, Tag.FILLER))  # "the new player is here"
        thing = row.tag(new) is Tag.NEW and row.tag(new + 1) in CONTENT
        ours = thing or row.items[at].key.split(" ")[0] in _OURSELVES
        if not ours or not self._is_free_text(at):
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
