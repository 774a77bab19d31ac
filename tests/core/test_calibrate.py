"""Lines are fitted to corrections without ever giving up the safety rows."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.calibrate import FEWEST_CORRECTIONS, NEVER, enough, fit, foretell, measure
from campaigns.model.calibration import Case, Decided, Lines, Weighed
from campaigns.model.reply import Intent

SHIPPED = Lines(basis="b", shipped=0.8)


def case(
    meant: Intent,
    read: Intent,
    confidence: float,
    decided: Decided = Decided.LINE,
    sign: bool = False,
) -> Case:
    weighed = Weighed(intents=(read,), confidence=confidence, decided=decided, sign=sign)
    return Case(meant=meant, weighed=weighed)


OWN = [case(Intent.QUESTION, Intent.QUESTION, 0.7 + i / 200) for i in range(40)]
CONFIRMED = [case(Intent.QUESTION, Intent.QUESTION, 0.72)] * FEWEST_CORRECTIONS
WRONG = [case(Intent.CALLBACK, Intent.QUESTION, 0.85)] * FEWEST_CORRECTIONS


def test_few_corrections_change_nothing() -> None:
    few = WRONG[1:]
    assert not enough(few)
    assert fit(OWN, few, SHIPPED) == SHIPPED


def test_corrections_of_set_phrases_do_not_count_for_no_line_decides_them() -> None:
    words = [case(Intent.CALLBACK, Intent.QUESTION, 0.98, Decided.WORDS)] * 50
    assert fit(OWN, words, SHIPPED) == SHIPPED


def test_readings_that_people_confirmed_lower_a_line() -> None:
    fitted = fit(OWN, CONFIRMED, SHIPPED)
    assert fitted.line(Intent.QUESTION) <= 0.72
    assert fitted.line(Intent.LATER) == SHIPPED.shipped
    before, after = measure(CONFIRMED, SHIPPED).all, measure(CONFIRMED, fitted).all
    assert (before.handed, after.right) == (len(CONFIRMED), len(CONFIRMED))


def test_readings_that_people_corrected_raise_a_line() -> None:
    fitted = fit(OWN, WRONG, SHIPPED)
    assert fitted.line(Intent.QUESTION) > 0.85
    assert measure(WRONG, fitted).all.wrong == 0


def test_a_line_is_not_lowered_over_one_of_our_own_cases_that_would_be_read_wrong() -> None:
    own = [*OWN, case(Intent.LATER, Intent.QUESTION, 0.75)]
    assert fit(own, CONFIRMED, SHIPPED).line(Intent.QUESTION) > 0.75


def test_one_opt_out_that_was_missed_lifts_its_line_above_it() -> None:
    missed = case(Intent.OPT_OUT, Intent.LATER, 0.95)
    fitted = fit(OWN, [*CONFIRMED, missed], SHIPPED)
    assert fitted.line(Intent.LATER) > 0.95


def test_each_correction_is_foretold_by_lines_that_never_saw_it() -> None:
    alone = case(Intent.OPT_OUT, Intent.LATER, 0.95)
    told = foretell(OWN, [*CONFIRMED, *CONFIRMED, alone], SHIPPED)
    assert told.missed_opt_outs == 1


def test_figures_stand_by_what_was_meant() -> None:
    found = measure([*WRONG, *CONFIRMED], SHIPPED)
    assert found.by_intent[Intent.CALLBACK].wrong == len(WRONG)
    assert found.by_intent[Intent.QUESTION].handed == len(CONFIRMED)
    assert found.all.cases == len(WRONG) + len(CONFIRMED)


weighed = st.builds(
    Weighed,
    intents=st.lists(st.sampled_from(Intent), min_size=1, max_size=2, unique=True).map(tuple),
    confidence=st.floats(0.1, 1.0).map(lambda c: round(c, 3)),
    decided=st.just(Decided.LINE),
    sign=st.booleans(),
)
cases = st.lists(st.builds(Case, meant=st.sampled_from(Intent), weighed=weighed), max_size=60)


@given(own=cases, corrections=cases)
def test_no_refit_ever_lets_more_through_that_must_not_happen(
    own: list[Case], corrections: list[Case]
) -> None:
    fitted = fit(own, corrections, SHIPPED)
    before, after = measure(own, SHIPPED), measure(own, fitted)
    assert after.missed_opt_outs <= before.missed_opt_outs
    assert after.false_yes <= before.false_yes
    assert after.all.wrong <= before.all.wrong
    if enough(corrections):
        mended = measure(corrections, fitted)
        assert (mended.missed_opt_outs, mended.false_yes) == (0, 0)
    assert all(0.5 <= fitted.line(i) <= NEVER for i in Intent)
