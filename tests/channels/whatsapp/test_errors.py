"""Every error code of Meta's that we know has one meaning, and every other is in doubt."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.channels.whatsapp.errors import UNKNOWN_CODE, judge, meaning
from campaigns.model.delivery import ReasonClass, Refused, Unknown

K = ReasonClass


def body(code: int, **more: object) -> bytes:
    error = {"message": "No", "code": code, "error_data": {"details": "because"}} | more
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("codes", "kind", "retry_s", "halts", "template"),
    [
        ([4, 80007], K.RATE_LIMITED, 60, False, ""),
        ([130429], K.RATE_LIMITED, 10, False, ""),
        ([131056], K.RATE_LIMITED, 4, False, ""),
        ([131048], K.RATE_LIMITED, None, True, ""),
        ([131049], K.FREQUENCY_CAP, 86_400, False, ""),
        ([130472], K.FREQUENCY_CAP, None, False, ""),
        ([131050], K.OPTED_OUT, None, False, ""),
        ([131026], K.INVALID_RECIPIENT, None, False, ""),
        ([131047, 131051, 131008, 131009, 100, 131062], K.CONTENT, None, False, ""),
        ([132000, 132012, 132007, 132016], K.TEMPLATE, None, False, "stop"),
        ([132005], K.TEMPLATE, None, False, ""),
        ([132001, 132015], K.TEMPLATE, 900, False, "hold"),
        ([0, 10, 190, 200, 250, 299, 131005], K.AUTH, None, True, ""),
        ([368, 131031, 130497, 131042, 131063, 131064], K.POLICY, None, True, ""),
    ],
)
def test_a_known_code_means_the_same_under_any_status(
    codes: list[int], kind: ReasonClass, retry_s: float | None, *, halts: bool, template: str
) -> None:
    for code in codes:
        assert meaning(code).template == template
        for status in (400, 401, 404, 429, 500, 503):
            judged = judge(status, body(code), 1)
            assert isinstance(judged, Refused), code
            assert (judged.reason.kind, judged.reason.code) == (kind, str(code))
            assert (judged.retry_after_s, judged.halts_channel) == (retry_s, halts)
            assert judged.reason.detail == "because"


def test_throughput_is_the_whole_accounts_and_a_pair_rate_one_persons() -> None:
    def rests(code: int) -> bool:
        judged = judge(400, body(code), 1)
        assert isinstance(judged, Refused)
        return judged.rests_channel

    assert [rests(code) for code in (4, 80007, 130429)] == [True, True, True]
    assert [rests(code) for code in (131056, 131049, 132015)] == [False, False, False]


@pytest.mark.parametrize("code", [1, 2, 131000, 131016, 131057])
def test_trouble_of_metas_own_is_in_doubt_unless_meta_says_otherwise(code: int) -> None:
    assert isinstance(judge(500, body(code), 1), Unknown)
    assert isinstance(judge(503, body(code), 1), Unknown)
    passing = judge(500, body(code, is_transient=True), 1)
    assert isinstance(passing, Refused)
    assert passing.retry_after_s is not None
    lasting = judge(500, body(code, is_transient=False), 1)
    assert isinstance(lasting, Refused)
    assert lasting.retry_after_s is None
    # With a 4xx Meta did not begin.
    assert isinstance(judge(400, body(code), 1), Refused)


@given(code=st.integers(min_value=0, max_value=10**7).filter(lambda c: meaning(c) == UNKNOWN_CODE))
def test_a_code_nobody_knows_is_a_no_with_4xx_and_a_doubt_with_5xx(code: int) -> None:
    assert isinstance(judge(400, body(code), 1), Refused)
    assert isinstance(judge(500, body(code), 1), Unknown)


@given(attempt=st.integers(1, 30))
def test_a_person_written_to_too_fast_waits_longer_each_time(attempt: int) -> None:
    judged = judge(400, body(131056), attempt)
    assert isinstance(judged, Refused)
    assert judged.retry_after_s == 4.0 ** min(attempt, 6)


def test_metas_marketing_cap_is_tried_once_more_after_a_day_and_never_again() -> None:
    first, second = judge(400, body(131049), 1), judge(400, body(131049), 2)
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert (first.retry_after_s, second.retry_after_s) == (86_400, None)


@given(status=st.integers(500, 599), raw=st.binary(max_size=40))
def test_a_server_error_that_is_not_metas_is_always_in_doubt(status: int, raw: bytes) -> None:
    assert isinstance(judge(status, raw, 1), Unknown)


def test_an_explanation_is_one_short_line() -> None:
    judged = judge(400, body(100, error_data={"details": "a\n b" * 500}), 1)
    assert len(judged.reason.detail) == 300
    assert "\n" not in judged.reason.detail
