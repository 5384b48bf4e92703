"""What a run would take, over fakes; tests/slow/test_estimate_of_studies.py holds it against real runs."""

import pytest
from services.conftest import NAMES, talk

from app.domain.runs import TaggerKind
from app.errors import InvalidInput, UsageError
from app.services.estimate import Basis


@pytest.fixture
def asked(bench):
    """A study that a model tags."""
    made = bench(settings={"llm_price_in": 1_000_000.0, "llm_price_out": 0.0})
    made.tagger.source = "llm"
    made.tagger.window_size = 3
    made.replace(tagger=made.tagger)
    made.upload(*map(talk, NAMES))
    return made


def test_before_a_first_run_quotes_are_cut_in_memory_and_nothing_is_stored(asked):
    told = asked.app.estimates.of(asked.study.id)
    assert asked.app.runs.of_study(asked.study.id) == []
    assert {t.segmenter for t in asked.app.studies.transcripts(asked.study.id)} == {None}
    run = asked.run()
    assert (told.calls, told.tokens_in) == (run.calls, run.tokens_in)
    assert told.quotes == len(asked.app.quotes.every(asked.study.id))
    assert told.price == told.tokens_in


def test_an_unchanged_study_takes_nothing_and_an_added_interview_only_itself(asked):
    asked.run()
    told = asked.app.estimates.of(asked.study.id)
    assert (told.calls, told.tokens_in, told.tokens_out, told.price) == (0, 0, 0, 0.0)
    asked.upload(talk("Farid Aziz"))
    told = asked.app.estimates.of(asked.study.id)
    run = asked.run()
    assert 0 < told.calls == run.calls
    assert told.tokens_in == run.tokens_in


def test_tagging_again_takes_every_quote(asked):
    first = asked.run()
    told = asked.app.estimates.of(asked.study.id, retag=True)
    assert told.calls == first.calls


def test_quotes_that_a_run_left_out_are_what_is_left(asked):
    asked.tagger.broken = True
    asked.run()
    asked.tagger.broken = False
    whole = asked.app.estimates.of(asked.study.id).calls
    assert asked.run().calls == whole > 0


def test_offline_asks_no_model(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    told = made.app.estimates.of(made.study.id)
    assert (told.tagger, told.parts, told.calls, told.price, told.basis) == ("offline", (), 0, None, Basis.REQUESTS)


def test_what_cannot_be_started_cannot_be_estimated(bench):
    made = bench()
    with pytest.raises(InvalidInput, match="no transcripts"):
        made.app.estimates.of(made.study.id)
    made.upload(talk("Bea Larsson"))
    with pytest.raises(UsageError, match="THROUGHLINE_LLM_BASE_URL"):
        made.app.estimates.of(made.study.id, TaggerKind.LLM)
