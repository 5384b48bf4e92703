"""Lists of quotes: whatever is filtered, ordered and paged gives what looking at every quote would give."""

import itertools

import pytest
from house import talk
from services.conftest import Bench

from app.errors import InvalidInput
from app.services.ingest import Upload
from app.services.quotes import FILTERS


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A study of which people corrected, confirmed and placed some quotes, with every quote and left-out sentence as it is shown."""
    made = Bench(tmp_path_factory.mktemp("listed"))
    made.upload(*(Upload(*talk(name)) for name in ("Bea", "Carl", "Dina")))
    made.run()
    page, correct = made.app.quotes.page, made.app.review.correct
    first = page(made.study.id, {}, limit=200).quotes
    correct(first[1].id, {"stage": "loyalty", "emotion": "relief"}, actor="r")
    correct(first[-1].id, {"channel": "phone"}, actor="r")
    made.app.review.confirm(first[3].id, actor="r")
    made.app.codebooks.add(made.study.id, {"label": "Put here by hand"}, [first[0].id, first[2].id], actor="r")
    every = page(made.study.id, {}, limit=200, left_out=True).quotes
    assert sum(q.skip_reason is not None for q in every) == 3
    yield made, every, next(q.theme_id for q in every if q.theme_id)
    made.app.db.dispose()


def looker(made):
    """Finds by looking at a quote whether it has what a filter asks for."""
    book = made.app.codebooks.read(made.study.id)
    inside = {t["id"]: {t["id"], *(c["id"] for c in t["children"])} for t in book["themes"]}
    stages = {s.id: s.key for s in made.app.studies.stages(made.study.id)} | {"none": "none"}

    def says(quote, field, value):
        tags = quote.tags
        return value in {
            "stage": {stages[tags.stage], tags.stage} if tags else (),
            "state": {quote.state},
            "participant": {quote.participant, quote.participant_id},
            "transcript": {quote.transcript_id},
            "theme": {t for t, within in inside.items() if quote.theme_id in within} | {quote.theme_id},
            "review": {quote.review, "reviewed" if quote.decided else None},
        }.get(field, {getattr(tags, field, None)})

    return says


def asked_of(quotes, theme):
    """A value or more of every filter."""
    tags = [q.tags for q in quotes if q.tags]
    yield from (("stage", t.stage) for t in tags[:3])
    yield from (("stage", "loyalty"), ("stage", "none"), ("stage", "nowhere"), ("theme", theme), ("theme", "no such"))
    yield from ((field, str(getattr(t, field))) for field in ("channel", "kind", "emotion", "experience") for t in tags[:2])
    yield from (("emotion", "relief"), ("channel", "phone"), ("participant", "P2"), ("participant", quotes[0].participant_id))
    yield from (("participant", "P99"), ("transcript", quotes[0].transcript_id), ("transcript", "none such"))
    yield from (("state", state) for state in ("used", "unplaced", "gap", "skipped"))
    yield from (("review", how) for how in ("open", "reviewed", "confirmed", "corrected"))


def test_filters_find_what_looking_at_every_quote_finds(listed):
    made, every, theme = listed
    says = looker(made)
    wanted = [{}, *({field: value} for field, value in asked_of(every, theme))]
    wanted += [dict(two) for two in itertools.combinations(asked_of(every, theme), 2) if two[0][0] != two[1][0]][::41]
    assert {field for filters in wanted for field in filters} == set(FILTERS)
    found = 0
    for filters in wanted:
        page = made.app.quotes.page(made.study.id, filters, limit=200, left_out=True)
        fits = [q for q in every if all(says(q, field, value) for field, value in filters.items())]
        assert list(page.quotes) == fits, filters
        assert page.total == len(fits)
        assert (page.reviewed, page.of) == (3, sum(q.skip_reason is None for q in every))
        found += bool(fits)
    assert found > 30


@pytest.mark.parametrize("filters", [{}, {"participant": "P2"}, {"review": "open"}, {"state": "skipped"}, {"experience": "neutral"}])
@pytest.mark.parametrize("order", ["place", "confidence"])
def test_pages_of_any_length_join_to_the_whole(listed, filters, order):
    made, _, _ = listed

    def read(limit):
        cursor = None
        while True:
            page = made.app.quotes.page(made.study.id, filters, cursor=cursor, limit=limit, order=order, left_out=True)
            yield page.quotes
            cursor = page.next_cursor
            if cursor is None:
                break

    (whole,) = read(200)
    assert whole
    for limit in (2, 7):
        pages = list(read(limit))
        assert [q for page in pages for q in page] == list(whole)
        assert all(len(page) == limit for page in pages[:-1])


def test_a_page_stays_where_it_was_when_quotes_before_it_are_reviewed(bench, drawn_once):
    made = bench(like=drawn_once)
    ask = {"filters": {"review": "open"}, "limit": 3}
    first = made.app.quotes.page(made.study.id, **ask)
    second = made.app.quotes.page(made.study.id, cursor=first.next_cursor, **ask)
    for quote in first.quotes:
        made.app.review.confirm(quote.id, actor="r")
    assert made.app.quotes.page(made.study.id, cursor=first.next_cursor, **ask).quotes == second.quotes


@pytest.mark.parametrize("cursor", ["x", "17", "nothing.0", ".", f"{'9' * 5000}.1", "{transcript}.-1", "{transcript}.x"])
def test_a_cursor_that_no_page_gave_is_refused(listed, cursor):
    made, every, _ = listed
    with pytest.raises(InvalidInput, match="leave it out"):
        made.app.quotes.page(made.study.id, {}, cursor=cursor.replace("{transcript}", every[0].transcript_id))
