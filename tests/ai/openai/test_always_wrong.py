"""Whatever a model answers, no request is silently misread and no refusal becomes a yes."""

from tests.ai.requests.reading import READER, WORDS
from tests.evals import replies, requests
from tests.evals.table import Contrary

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.ai.openai import ModelInterpreter, ModelReplyReader


def test_a_model_that_always_says_everybody_gets_no_request_misread() -> None:
    reader = ModelInterpreter(Contrary(), READER, ("christmas",))
    wrong = [
        case.id
        for case in requests.own_cases()
        if case.split == "seen"
        and requests.judge(case, reader.interpret(case.request, WORDS, case.now)) == "silent"
    ]
    assert wrong == []


def test_a_model_that_always_says_yes_loses_no_refusal_and_no_opt_out() -> None:
    reader = ModelReplyReader(Contrary(), EmbeddedReplyReader())
    rows = [row for row in replies.own_rows() if row.split in replies.SHOWN]
    judged = replies.judge(rows, reader)
    assert sum(j.missed_opt_out for j in judged) == 0
    assert sum(j.false_yes for j in judged) == 0
