import shutil

import pytest
from querying import noted_queries
from services.conftest import NAMES, Bench, talk

from app.domain.people import Role
from app.domain.recording import listen_at, recording_address
from app.domain.render import Audience
from app.errors import InvalidInput, NotFound
from app.exports.annotation import annotation
from app.services import maps, transcript_pages
from app.services.evidence_shapes import coverage_shape
from app.services.ingest import Upload
from app.services.maps import side_by_side
from app.services.shapes import quote_shape, stage_keys

HEARD = "https://media.example/bea.mp3"
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann Interviewer>How did you first hear about it, before you signed up?

00:05:12.000 --> 00:05:20.000
<v Bea Larsson>I was fed up with the old provider because they kept me waiting for forty minutes on the phone.
"""


@pytest.fixture(scope="module")
def read_only(tmp_path_factory, drawn_once):
    """One study for tests that change nothing."""
    folder = tmp_path_factory.mktemp("evidence") / "one"
    shutil.copytree(drawn_once, folder)
    made = Bench(folder)
    yield made
    made.app.db.dispose()


def quote_ids(bench):
    return list(bench.map()["quotes"])


def queries(ask):
    with noted_queries() as asked:
        ask()
    return len(asked)


# A quote in its place


def test_a_quote_is_shown_with_the_turns_around_it_and_its_neighbours(read_only):
    pages, quotes = read_only.app.quote_pages, read_only.app.quotes.page(read_only.study.id, {}, limit=200).quotes
    mine = [q for q in quotes if q.transcript == "bea.txt"]
    place = pages.read(mine[1].id)
    assert place.quote.text == mine[1].text
    assert (place.previous_id, place.following_id, place.number, place.of) == (mine[0].id, mine[2].id, 2, len(mine))
    assert place.turn_before is not None
    assert place.turn_before.text == "Thanks for making the time. How did you first hear about it?"
    assert place.turn_after is not None
    assert place.turn_after.text == "And what happened next?"
    words = f"{place.before} {place.quote.text} {place.after}".strip()
    assert words.startswith("My sister in B-town")
    first, last = pages.read(mine[0].id), pages.read(mine[-1].id)
    assert first.previous_id is None
    assert last.following_id is None
    assert last.turn_after is None


def test_a_quote_tells_every_statement_and_point_that_rests_on_it(read_only):
    drawn = read_only.map()
    for quote_id in quote_ids(read_only)[:8]:
        expected = {
            (s["id"], e["relation"])
            for stage in drawn["stages"]
            for lane in stage["lanes"].values()
            for s in lane
            for e in s.get("evidence", [])
            if e["quote_id"] == quote_id
        }
        points = {
            stage["id"] for stage in drawn["stages"] if quote_id in {e["quote_id"] for e in (stage["emotion"] or {}).get("evidence", [])}
        }
        cited = read_only.app.quote_pages.read(quote_id).cited
        assert {(c.statement_id, c.relation) for c in cited if c.statement_id} == expected
        assert {c.stage_id for c in cited if c.statement_id is None} == points
        assert len(cited) == len(expected) + len(points)


def test_what_somebody_decides_about_a_quote_is_on_its_page_at_once(bench, drawn_once):
    study = bench(like=drawn_once)
    quote_id = next(q for q, told in study.map()["quotes"].items() if told["experience"] == "pain")
    study.app.review.correct(quote_id, {"stage": "none", "experience": "neutral"}, actor="ann")
    place = study.app.quote_pages.read(quote_id)
    assert place.quote.tags is not None
    assert (place.quote.tags.experience, place.quote.tags.stage) == ("neutral", "none")
    assert not [c for c in place.cited if c.lane == "pains"]
    assert place.quote.decided["experience"].actor == "ann"


def test_a_long_turn_around_a_quote_is_cut_between_words(bench):
    study = bench()
    said = "It was a long story about the queue at the counter. " * 30
    study.upload(
        Upload("a.txt", f"Ann: How was it, in your own words?\n\nBea: {said}Then they closed the counter on me.\n\nAnn: {said}\n".encode())
    )
    study.run()
    quotes = study.app.quotes.page(study.study.id, {}, limit=200).quotes
    place = study.app.quote_pages.read(quotes[-1].id)
    assert len(place.before) <= 510
    assert place.before.startswith("…")
    assert place.before.lstrip("…").split()[0] in said.split()
    assert place.turn_after is not None
    assert place.turn_after.text.endswith("…")


def test_there_is_no_page_for_what_is_no_quote(read_only):
    with pytest.raises(NotFound):
        read_only.app.quote_pages.read("unknown")


def test_words_of_who_was_made_an_interviewer_have_no_page_any_more(bench, drawn_once):
    study = bench(like=drawn_once)
    quote = study.app.quotes.page(study.study.id, {}, limit=1).quotes[0]
    transcript = study.app.studies.transcript(quote.transcript_id)
    speaker = next(s for s in transcript.speakers if s.name == quote.speaker)
    study.app.people.set_role(speaker.id, Role.INTERVIEWER, actor="ann")
    with pytest.raises(NotFound, match="another role"):
        study.app.quote_pages.read(quote.id)


def test_others_than_the_owner_read_no_names_around_a_quote_and_no_recording(bench, drawn_once):
    study = bench(like=drawn_once)
    transcript = study.app.studies.transcripts(study.study.id)[0]
    study.app.transcript_pages.set_recording(transcript.id, HEARD)
    quotes = [q for q in study.app.quotes.page(study.study.id, {}, limit=200).quotes if q.transcript_id == transcript.id]
    for quote in quotes:
        place = study.app.quote_pages.read(quote.id, Audience.SHARE)
        told = str(quote_shape(place.quote, stage_keys(place.stages))) + str(
            (place.turn_before, place.before, place.after, place.turn_after)
        )
        assert "Bea" not in told
        assert "Ann" not in told
        assert HEARD not in told


def test_the_page_of_a_quote_asks_as_many_queries_in_a_larger_study(bench, drawn_once):
    small, large = bench("small", like=drawn_once), bench("large", like=drawn_once)
    large.upload(
        *(Upload(f"more-{n}.txt", talk(f"Zoe {n} Adams").data.replace(b"brilliant", b"brilliant, number %d" % n)) for n in range(6))
    )
    large.run()
    asked = [(b, quote_ids(b)[0]) for b in (small, large)]
    counted = [queries(lambda b=b, q=q: b.app.quote_pages.read(q)) for b, q in asked]
    assert counted[0] == counted[1]
    assert counted[0] <= 60


# Recordings


@pytest.mark.parametrize(
    "wrong",
    [
        "ftp://media.example/a.mp3",
        "javascript:alert(1)",
        "data:audio/mp3;base64,AAAA",
        "media.example/a.mp3",
        "https://",
        "http://[::1",
        "https://me:pw@media.example/a",
        "https://media.example/a b",
        "https://media.example/a\u202eb",
        "https://media.example/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address_is_no_recording(wrong):
    with pytest.raises(InvalidInput):
        recording_address(wrong)


def test_a_time_is_put_behind_the_address_and_nothing_else_is_lost():
    assert recording_address(f"  {HEARD} ") == HEARD
    assert listen_at(HEARD, 312_900) == f"{HEARD}#t=312"
    assert listen_at("https://m.example/v?id=7#t=3", 5000) == "https://m.example/v?id=7#t=5"
    assert listen_at("https://m.example/v#player&t=3", 5000) == "https://m.example/v#player&t=5"


def test_a_quote_with_a_time_is_heard_where_it_was_said_once_the_recording_is_known(bench):
    study = bench()
    study.upload(Upload("bea.vtt", CAPTIONS.encode()))
    study.run()
    (transcript,) = study.app.studies.transcripts(study.study.id)
    (quote,) = study.app.quotes.page(study.study.id, {}).quotes
    assert quote.listen is None
    study.app.transcript_pages.set_recording(transcript.id, HEARD)
    place = study.app.quote_pages.read(quote.id)
    assert place.quote.listen == f"{HEARD}#t=312"
    turns = study.app.transcript_pages.read(transcript.id).turns
    assert [t.listen for t in turns] == [f"{HEARD}#t=1", f"{HEARD}#t=312"]
    told = annotation(quote_shape(place.quote, stage_keys(place.stages)), base="http://here", recording=HEARD)
    assert told["target"][1]["source"] == HEARD
    assert told["target"][1]["selector"]["value"].startswith("t=312,")
    assert study.app.transcript_pages.set_recording(transcript.id, " ").recording is None
    assert study.app.quote_pages.read(quote.id).quote.listen is None


def test_a_recording_is_told_by_the_file_itself_or_by_the_table_of_participants(bench):
    study = bench()
    front = f"---\ntitle: First talk\nrecording: {HEARD}\n---\n\n".encode()
    one, other = talk(NAMES[0]), talk(NAMES[1])
    table = b"file,speaker,recording,media\ncarl.txt,Carl Osei,https://media.example/carl.mp4,newspapers\n"
    study.upload(Upload("bea.md", front + one.data), other, Upload("participants.csv", table))
    told = {t.file_name: t.recording for t in study.app.studies.transcripts(study.study.id)}
    assert told == {"bea.md": HEARD, "carl.txt": "https://media.example/carl.mp4"}
    carl = next(p for p in study.app.people.participants(study.study.id)[0] if p.name == "Carl Osei")
    assert carl.attributes == {"media": "newspapers"}


def test_what_a_file_says_in_place_of_an_address_is_passed_over(bench):
    study = bench()
    study.upload(Upload("bea.md", b"---\nrecording: on the shared drive\n---\n\n" + talk(NAMES[0]).data))
    assert study.app.studies.transcripts(study.study.id)[0].recording is None


# Coverage


def test_coverage_of_all_talks_adds_up_to_that_of_the_map(read_only):
    whole = read_only.map()["coverage"]
    told = [covered for _, covered in read_only.app.transcript_pages.coverages(read_only.study.id).transcripts]
    for state in ("sentences", "used", "unplaced", "gap", "skipped"):
        assert sum(getattr(c, state) for c in told) == whole[state]


def test_coverage_follows_what_people_decide(bench):
    study = bench()
    study.upload(*map(talk, NAMES))
    study.run()
    with study.app.store.write() as repo:
        repo.reviews.forget(quote_ids(study)[:1])
    study.app.maps.redraw(study.study.id)
    gaps = study.app.quotes.page(study.study.id, {"state": "gap"}).quotes
    assert gaps
    transcript_id = gaps[0].transcript_id
    before = study.app.transcript_pages.coverage(transcript_id)
    tags = {
        "stage": "support",
        "channel": "phone",
        "kind": "action",
        "emotion": "anger",
        "intensity": 2,
        "experience": "pain",
        "touchpoint": None,
    }
    study.app.review.correct(gaps[0].id, tags, actor="ann")
    after = study.app.transcript_pages.coverage(transcript_id)
    assert before.gap > after.gap == 0
    assert before.sentences == after.sentences
    assert [s.place for s in before.segments if s.state == "gap"] == [gaps[0].id]


def test_coverage_is_told_once_a_map_was_drawn(bench):
    study = bench()
    study.upload(talk(NAMES[0]))
    transcript_id = study.app.studies.transcripts(study.study.id)[0].id
    with pytest.raises(NotFound, match="start a run"):
        study.app.transcript_pages.coverage(transcript_id)
    assert study.app.transcript_pages.read(transcript_id).coverage is None
    assert [c for _, c in study.app.transcript_pages.coverages(study.study.id).transcripts] == [None]
    study.run()
    assert study.app.transcript_pages.coverage(transcript_id).sentences


def test_coverage_comes_in_pages_and_asks_the_same_queries_for_many_talks(bench, drawn_once, monkeypatch):
    study = bench(like=drawn_once)
    many = queries(lambda: study.app.transcript_pages.coverages(study.study.id))
    monkeypatch.setattr(transcript_pages, "COVERAGES_PAGE", 1)
    assert queries(lambda: study.app.transcript_pages.coverages(study.study.id)) == many <= 30
    seen, cursor = [], None
    while True:
        page = study.app.transcript_pages.coverages(study.study.id, cursor=cursor)
        seen += [t.file_name for t, _ in page.transcripts]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["bea.txt", "carl.txt", "dina.txt", "emil.txt"]


def test_the_share_on_the_map_is_of_what_participants_say(read_only):
    transcript = read_only.app.studies.transcripts(read_only.study.id)[0]
    told = coverage_shape(read_only.app.transcript_pages.coverage(transcript.id))
    by_state = {}
    for s in told["segments"]:
        by_state[s["state"]] = by_state.get(s["state"], 0) + s["end"] - s["start"]
    said = sum(n for state, n in by_state.items() if state != "interviewer")
    assert told["used_share"] == pytest.approx(by_state.get("used", 0) / said, abs=1e-4)


# Long transcripts


def words_of(part):
    return ["".join(piece.text for piece in turn.pieces) for turn in part.turns]


def test_parts_of_a_long_transcript_join_to_the_whole(read_only, monkeypatch):
    transcript_id = read_only.app.studies.transcripts(read_only.study.id)[0].id
    whole = read_only.app.transcript_pages.read(transcript_id)
    assert len(whole.parts) == 1
    monkeypatch.setattr(transcript_pages, "PART_BYTES", 900)
    read = read_only.app.transcript_pages.read
    pages = [read(transcript_id, part=head.number) for head in read(transcript_id).parts]
    assert len(pages) > 2
    joined: list[str] = []
    for page in pages:
        for turn, words in zip(page.turns, words_of(page), strict=True):
            if turn.continued:
                joined[-1] += words
            else:
                joined.append(words)
    assert joined == words_of(whole)
    assert any(turn.continued for page in pages for turn in page.turns)
    assert all(page.coverage == whole.coverage for page in pages)


def test_a_link_to_a_quote_a_left_out_sentence_or_a_turn_opens_the_part_that_holds_it(read_only, monkeypatch):
    transcript_id = read_only.app.studies.transcripts(read_only.study.id)[0].id
    whole = read_only.app.transcript_pages.read(transcript_id)
    places = [(p.quote.id if p.quote else p.skip_id) for turn in whole.turns for p in turn.pieces if p.quote or p.skip_id]
    monkeypatch.setattr(transcript_pages, "PART_BYTES", 900)
    pages = read_only.app.transcript_pages
    opened = [pages.read(transcript_id, place=place) for place in places]
    for place, part in zip(places, opened, strict=True):
        assert place in {p.quote.id if p.quote else p.skip_id for turn in part.turns for p in turn.pieces}
    assert len({part.part.number for part in opened}) > 2
    last = whole.turns[-1].index
    assert last in {turn.index for turn in pages.read(transcript_id, turn=last).turns}
    assert pages.read(transcript_id, place="unknown").part.number == 1
    with pytest.raises(NotFound):
        pages.read(transcript_id, part=99)


# Many quotes


def test_what_speaks_against_is_on_the_first_page_however_many_quotes_support():
    evidence = [{"quote_id": f"s{i}", "relation": "supports"} for i in range(120)]
    evidence += [{"quote_id": f"c{i}", "relation": "contradicts"} for i in range(4)]
    paged = side_by_side(evidence)
    assert sorted(e["quote_id"] for e in paged) == sorted(e["quote_id"] for e in evidence)
    assert sum(e["relation"] == "contradicts" for e in paged[: maps.EVIDENCE_PAGE]) == 4
    assert [e["quote_id"] for e in paged if e["relation"] == "supports"] == [f"s{i}" for i in range(120)]
    assert side_by_side(evidence[100:]) == side_by_side(evidence[100:])
    assert [e["quote_id"] for e in side_by_side(evidence[119:])] == ["s119", "c0", "c1", "c2", "c3"]


def test_the_list_of_quotes_asks_as_many_queries_for_many_quotes_as_for_one(bench, drawn_once):
    study = bench(like=drawn_once)
    one, many = (queries(lambda limit=limit: study.app.quotes.page(study.study.id, {}, limit=limit)) for limit in (1, 200))
    assert one == many <= 26
