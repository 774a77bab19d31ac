"""One question on the wire: answers, retries with the reason, and every way it can fail."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from pydantic import BaseModel
from tests.ai.openai.conftest import World
from tests.support.model_server import KEY, Asked, Fault

from campaigns.ai.openai import Output
from campaigns.ai.openai.question import TRIES, Question, Refused, Unavailable
from campaigns.model.ids import CampaignId
from campaigns.model.spending import Job, Tokens


class Colour(BaseModel):
    name: str


def colour(accept: Callable[[Colour], str] = lambda c: c.name) -> Question[str]:
    return Question(
        job=Job.COMPOSE, instructions="Name one.", prompt="Go.", shape=Colour, accept=accept
    )


def says(name: str) -> Callable[[Asked], str]:
    return lambda asked: json.dumps({"name": name})


def only_blue(answer: Colour) -> str:
    if answer.name != "blue":
        raise Refused(f"{answer.name} is no blue")
    return answer.name


@pytest.mark.parametrize("output", Output)
def test_an_answer_comes_back_typed_in_every_form_a_server_may_know(world: World, output: Output):
    world.model.speak = says("blue")
    assert world.engine(output=output).ask(colour(), CampaignId("c_1")) == "blue"
    assert world.model.keys == [KEY]
    (paid,) = world.purse.paid
    assert (paid.charge, paid.outcome) == ("c_1", "ok")
    assert paid.used is not None
    assert paid.used.output >= 1


def test_what_is_set_aside_covers_what_is_used_also_with_every_retry(world: World):
    world.model.speak = says("red " * 200)
    with pytest.raises(Unavailable, match="no usable answer in 3 tries"):
        world.engine().ask(colour(only_blue), None)
    (paid,) = world.purse.paid
    assert len(world.model.asked) == TRIES
    assert paid.used is not None
    assert paid.most.input >= paid.used.input
    assert paid.most.output >= paid.used.output >= 600


def test_a_refused_answer_is_asked_again_with_the_reason(world: World):
    world.model.speak = lambda asked: says("blue" if len(asked.turns) > 1 else "red")(asked)
    assert world.engine().ask(colour(only_blue), None) == "blue"
    assert "red is no blue" in world.model.asked[-1].turns[-1]


def test_prose_where_json_was_asked_for_is_asked_again(world: World):
    world.model.speak = says("blue")
    world.model.faults = [Fault.NO_SCHEMA]
    assert world.engine().ask(colour(), None) == "blue"


def test_a_hiccup_of_the_server_is_met_by_sending_again(world: World):
    world.model.speak = says("blue")
    world.model.faults = [Fault.TOO_MANY]
    assert world.engine().ask(colour(), None) == "blue"


@pytest.mark.parametrize(
    ("fault", "reason", "used"),
    [
        (Fault.TOO_MANY, "quota is used up", Tokens()),
        (Fault.BROKEN, "answered 500", Tokens()),
        (Fault.DENIED, "check OPENAI_API_KEY", Tokens()),
        (Fault.CUT, "connection to the model's server broke", None),
        (Fault.SLOW, "no answer within 0.3 s", None),
        (Fault.NO_SCHEMA, "not in the form asked for", "some"),
        (Fault.REFUSES, "refused to answer", "some"),
    ],
)
def test_each_failure_says_what_happened_and_what_it_cost(
    world: World, fault: Fault, reason: str, used: Tokens | str | None
):
    world.model.forever = fault
    engine = world.engine(timeout_s=0.3 if fault is Fault.SLOW else 20, resends=0)
    if fault is Fault.SLOW:
        engine.close()
        engine._connected()  # the library's import is not what is slow here
    with pytest.raises(Unavailable, match=reason):
        engine.ask(colour(), None)
    (paid,) = world.purse.paid
    assert paid.outcome is not None
    assert reason in paid.outcome
    if used == "some":
        assert paid.used is not None
        assert paid.used.input > 0
    else:
        assert paid.used == used


def test_no_server_there_says_so_and_costs_nothing(world: World):
    engine = world.engine(base_url="http://127.0.0.1:9/v1", resends=0)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9/v1 cannot be reached"):
        engine.ask(colour(), None)
    assert world.purse.paid[0].used == Tokens()


def test_after_an_outage_nothing_more_is_asked_for_a_while(world: World):
    world.model.forever = Fault.DENIED
    engine = world.engine()
    for _ in range(5):
        with pytest.raises(Unavailable, match="key was refused"):
            engine.ask(colour(), None)
    assert len(world.model.asked) == 1
    world.model.forever = None
    assert engine.probe() is None
    world.model.speak = says("blue")
    assert engine.ask(colour(), None) == "blue"


def test_an_empty_purse_stops_the_question_before_it_leaves(world: World):
    world.purse.empty = "the model's budget for this month is used up"
    with pytest.raises(Unavailable, match="this month is used up"):
        world.engine().ask(colour(), None)
    assert world.model.asked == []


def test_words_stream_as_they_are_written_and_are_paid_for(world: World):
    world.model.speak = lambda asked: "Blue as the sea at noon."
    question = Question(
        job=Job.REWRITE, instructions="Say it.", prompt="Go.", shape=str, accept=str
    )
    parts = [*world.engine().stream(question, CampaignId("c_1"))]
    assert len(parts) > 3
    assert "".join(parts) == "Blue as the sea at noon."
    assert world.purse.paid[0].used == Tokens(3, 6)


def test_a_stream_that_breaks_off_says_so(world: World):
    world.model.speak = lambda asked: "Blue as the sea at noon."
    world.model.faults = [Fault.CUT]
    question = Question(
        job=Job.REWRITE, instructions="Say it.", prompt="Go.", shape=str, accept=str
    )
    got = []
    with pytest.raises(Unavailable, match="broke"):
        got.extend(world.engine(resends=0).stream(question, None))
    assert world.purse.paid[0].used is None


def test_nothing_of_the_client_is_imported_before_the_first_question():
    check = (
        "import sys, campaigns.app\n"
        "heavy = [m for m in ('pydantic_ai', 'openai', 'genai_prices', 'holidays')"
        " if m in sys.modules]\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", check], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
