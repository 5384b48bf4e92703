"""What an answer is made of is read once, and anew as soon as something was written."""

import threading

from querying import noted_queries

from app.services.store import looking


def test_within_a_look_nothing_is_asked_twice_and_after_it_everything_is(bench, drawn_once):
    made = bench(like=drawn_once)
    with noted_queries() as asked:
        with looking():
            first = made.app.studies.overview(made.study.id)
            once = len(asked)
            assert made.app.studies.overview(made.study.id) == first
            assert [q for q in asked[once:] if q != "BEGIN"] == []
        asked.clear()
        assert made.app.studies.overview(made.study.id) == first
    assert len(asked) == once


def test_what_was_written_is_read_anew_within_a_look(bench, drawn_once):
    made = bench(like=drawn_once)
    with looking():
        assert made.app.studies.overview(made.study.id).study.name == "Study"
        made.app.studies.restate(made.study.id, name="Renamed", question=None, product=None)
        assert made.app.studies.overview(made.study.id).study.name == "Renamed"
        quote = made.app.quotes.page(made.study.id, {}, limit=1).quotes[0]
        made.app.review.confirm(quote.id, actor="r")
        assert made.app.quotes.page(made.study.id, {}, limit=1).quotes[0].decided


def test_what_a_reader_does_to_a_list_is_not_seen_by_the_next(bench, drawn_once):
    made = bench(like=drawn_once)
    with looking():
        made.app.studies.transcripts(made.study.id).clear()
        assert len(made.app.studies.transcripts(made.study.id)) == 4


def test_two_answers_share_nothing(bench, drawn_once):
    made = bench(like=drawn_once)
    names = []
    with looking():
        names.append(made.app.studies.overview(made.study.id).study.name)

        def rename():
            made.app.studies.restate(made.study.id, name="Renamed elsewhere", question=None, product=None)
            with looking():
                names.append(made.app.studies.overview(made.study.id).study.name)

        other = threading.Thread(target=rename)
        other.start()
        other.join()
    with looking():
        names.append(made.app.studies.overview(made.study.id).study.name)
    assert names == ["Study", "Renamed elsewhere", "Renamed elsewhere"]
