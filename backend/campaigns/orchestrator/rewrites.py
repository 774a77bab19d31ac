"""Rewriting a message: warmer, shorter, more formal, or as a person asks. Nothing is stored.

The result is a proposal with its checks; who wants it sends it back as an edit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaigns.flow.approve import EDITABLE, require
from campaigns.flow.compose import middle, prose_faults, render
from campaigns.model.errors import Fault, RequestInvalid
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.text import Rewritten, Wish
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A message as it would read; None when nobody could rewrite it. `fallback` says why."""

    message: Message | None
    fallback: str | None


class Rewrites:
    """The rewrite step."""

    def __init__(self, ports: Ports, writing: Writing) -> None:
        self._p = ports
        self._writing = writing

    def propose(
        self, campaign_id: CampaignId, message_id: MessageId, wish: Wish, words: str
    ) -> Iterator[str | Proposal]:
        """Return words in slot form as they are written, then the proposal.

        Raises, before anything is written, `NotFound`, `WrongState`, and `RequestInvalid` for a
        message whose own words hold what only a record may say: no model is shown that.
        """
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, EDITABLE, "rewritten")
            old = message_in(tx, campaign_id, message_id)
            customer = tx.customers.get(old.customer_id)
        sheet = self._writing.sheet(campaign, customer, old)
        house = sheet.text.paragraphs
        text = replace(
            sheet.text,
            paragraphs=(
                house[0],
                *middle(old.text, sheet.rendered, sheet.text.phrases),
                *house[-3:],
            ),
            subject="",
            preheader="",
            vetted=sheet.text.vetted or house,
        )
        if faults := prose_faults(text):
            raise RequestInvalid([Fault("/text", f"it says what no model is shown: {faults[0]}")])

        def written() -> Iterator[str | Proposal]:
            for part in self._p.rewriter.rewrite(text, wish, words, campaign_id):
                if not isinstance(part, Rewritten):
                    yield part
                elif part.text is None:
                    yield Proposal(message=None, fallback=part.fallback)
                else:
                    said = render(part.text, old.facts).text
                    proposed = self._writing.edited(campaign, customer, old, {"text": said})
                    shown = replace(proposed, engine=part.text.engine, fallback=part.fallback)
                    yield Proposal(message=shown, fallback=part.fallback)

        return written()
