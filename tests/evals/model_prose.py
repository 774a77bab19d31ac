"""How often a model's prose passes its trial: `python -m tests.evals.model_prose`.

Bodies in the house's own frame, English and Thai, honest and not, judged as every text of a model
is before it is used (`ai/openai/trial.py`). Those of `model_prose.txt` were looked at; of
`model_prose_unseen.txt` every second one was, and none of the rest is ever printed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.ai.texts.world import library_text

from campaigns.ai.openai.question import Refused
from campaigns.ai.openai.trial import hold
from campaigns.model.customer import Channel
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import CohortText

FILE = Path(__file__).with_suffix(".txt")
UNSEEN = FILE.with_stem("model_prose_unseen")
MUSIC = {"en": "a festive selection", "th": "เพลงคริสต์มาส"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body; `base` is the house's text it would stand in for."""

    honest: bool
    text: CohortText
    base: CohortText


def bodies(file: Path = FILE) -> Iterator[Body]:
    """Yield every body of `file` in its frame."""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, kind, verdict, body = line.split("|", 3)
        occasion = "christmas" if kind == "seasonal" else ""
        base = library_text(CampaignType(kind), Tone.WARM, language, Channel.LINE, occasion)
        words = body.replace("{hook}", base.paragraphs[1][0]).replace("{music}", MUSIC[language])
        own = tuple(tuple(s.strip() for s in p.split(" // ")) for p in words.split(" ## "))
        frame = (base.paragraphs[0], *own, *base.paragraphs[-3:])
        text = replace(base, paragraphs=frame, vetted=base.paragraphs, engine="openai:test")
        yield Body(honest=verdict == "ok", text=text, base=base)


def passes(body: Body) -> bool:
    """Whether the body may be used."""
    try:
        hold(body.text, body.base)
    except Refused:
        return False
    return True


def measure(file: Path = FILE) -> Counter[tuple[bool, bool]]:
    """Count the bodies of `file` by (honest, passes)."""
    return Counter((body.honest, passes(body)) for body in bodies(file))


def main() -> None:
    """Run from the command line."""
    for file in (FILE, UNSEEN):
        counts = measure(file)
        for honest, name in ((True, "honest"), (False, "with a fault")):
            n = counts[honest, True] + counts[honest, False]
            print(f"{file.stem}: {name}: {counts[honest, True]} of {n} pass")


if __name__ == "__main__":
    main()
