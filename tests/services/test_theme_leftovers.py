"""What researchers missed when they worked with themes: reasons, quotes without a theme, entries of their own that fill, clear names."""

import pytest
from querying import noted_queries
from services.conftest import NAMES, talk

from app.domain.review import Suggestion
from app.domain.themes import PROPOSAL, Mark
from app.errors import Conflict, NotFound
from app.services.ingest import Upload
from app.services.proposals import Part
from app.services.rewording import REWORDED
from app.services.standing import load_standing
from app.stages.naming import ThemeName, own_label


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def books(drawn):
    return drawn.app.codebooks


def entries(drawn):
    outer = books(drawn).read(drawn.study.id)["themes"]
    return {e["id"]: e for o in outer for e in (o, *o["children"])}


def largest(drawn, n=0):
    return sorted(entries(drawn), key=lambda t: (-entries(drawn)[t]["own_quotes"], t))[n]


def own(drawn, theme):
    with drawn.app.store.read() as repo:
        return list(load_standing(repo, drawn.study.id).members.get(theme, ()))


def quotes(drawn):
    return drawn.app.quotes.page(drawn.study.id, {}, limit=200).quotes


def add(drawn, label, *quote_ids, **given):
    return books(drawn).add(drawn.study.id, {"label": label, **given}, quote_ids, actor="ann").themes[0]["id"]


def label_of(drawn, theme):
    return entries(drawn)[theme]["label"]


def propose(drawn, kind, theme_ids, groups=(), key="p1", **measured):
    run = drawn.app.runs.of_study(drawn.study.id)[0]
    payload = {"kind": kind, "theme_ids": list(theme_ids), "groups": [list(g) for g in groups], **measured}
    with drawn.app.store.write() as repo:
        suggestion = Suggestion(PROPOSAL, key, run.id, "offline", run.model, run.prompt, 1.0, payload)
        repo.reviews.suggest(drawn.study.id, run.tagger_key, [suggestion], drawn.app.store.now())
    return key


def proposal(drawn, key):
    return next(p for p in books(drawn).proposals(drawn.study.id) if p.id == key)


def asked_and_said(name, *said):
    turns = "\n\n".join(f"Ann Interviewer: And then?\n\n{name}: {text}" for text in said)
    return Upload(f"{name.split()[0].lower()}.txt", f"Ann Interviewer: Thanks for making the time.\n\n{turns}".encode())


# Reasons


def test_a_proposed_split_says_its_parts_in_numbers_and_words_shows_quotes_and_what_will_happen(drawn):
    chat, price = ([q.id for q in quotes(drawn) if word in q.text] for word in ("chat sorted", "raise the price"))
    rest = [q.id for q in quotes(drawn) if q.id not in {*chat, *price}][:3]
    whole = add(drawn, "Everything", *chat, *price, *rest)
    typical = [[chat[1]], [price[2]]]
    key = propose(drawn, "split", [whole], [chat, price], voices=typical, near=-0.125, usual=0.0625)
    told = proposal(drawn, key)
    assert "its 11 quotes fall apart: 4 quotes of 4 participants around “" in told.why
    assert "; 4 quotes of 4 participants around “" in told.why
    assert "; 3 more belong to none of these" in told.why
    assert "the parts are −0.12 alike, where 1 is the same, and two themes of this study are usually 0.06" in told.why
    for part, (first,) in zip(told.parts, typical, strict=True):
        assert part.label
        assert part.keyphrases
        assert part.participants == 4
        assert part.examples[0].id == first
        assert len(part.examples) == 2
        assert {q.id for q in part.examples} <= set(part.quote_ids)
    assert all(f"“{part.label}”" in told.effect for part in told.parts)
    assert "“Everything”, which keeps its other 3 quotes" in told.effect
    books(drawn).accept(key, actor="ann")
    assert {part.label for part in told.parts} <= {e["label"] for e in entries(drawn).values()}
    assert entries(drawn)[whole]["own_quotes"] == 3


def test_a_split_that_leaves_nothing_says_that_the_theme_is_taken_out(drawn):
    whole = add(drawn, "Everything", *(q.id for q in quotes(drawn)[:6]))
    mine = own(drawn, whole)
    told = proposal(drawn, propose(drawn, "split", [whole], [mine[:3], mine[3:]]))
    assert "“Everything” is taken out" in told.effect
    assert "more belong" not in told.why
    assert "alike" not in told.why


def test_a_proposed_merge_says_what_both_share_how_near_they_are_and_who_takes_over(drawn):
    alike = [q.id for q in quotes(drawn) if "chat" in q.text]
    assert len(alike) >= 4
    one, other = add(drawn, "Chat works", *alike[:2]), add(drawn, "Chat is quick", *alike[2:4])
    key = propose(drawn, "merge", [one, other], [alike[:2], alike[2:3]], near=0.75, usual=0.1)
    told = proposal(drawn, key)
    assert "2 of the 2 quotes of “Chat works” and 1 of the 2 quotes of “Chat is quick” came out as one group" in told.why
    assert "quotes of both speak of “" in told.why
    assert "0.75 alike" in told.why
    assert told.shared
    assert all(any(phrase in q.text.lower() for q in part.examples) for phrase in told.shared for part in told.parts)
    assert [len(part.examples) for part in told.parts] == [2, 2]
    (into,) = {one, other} & {t["id"] for t in books(drawn).accept(key, actor="ann").themes}
    assert f"“{label_of(drawn, into)}” stays, as people decided about it, and takes over the 2 quotes of" in told.effect


def test_examples_are_of_two_people_where_two_said_something(drawn):
    by_person = {}
    for q in quotes(drawn):
        by_person.setdefault(q.participant, []).append(q.id)
    first, second = list(by_person.values())[:2]
    whole = add(drawn, "Everything", *first[:4], *second[:4])
    told = proposal(
        drawn, propose(drawn, "split", [whole], [[*first[:3], second[0]], [first[3], *second[1:4]]], voices=[first[:3], second[1:4]])
    )
    assert [len({q.participant for q in part.examples}) for part in told.parts] == [2, 2]


def test_reading_proposals_asks_the_database_as_often_however_many_there_are(drawn):
    def asked():
        with noted_queries() as seen:
            books(drawn).proposals(drawn.study.id)
        return len(seen)

    first, second, third = (largest(drawn, n) for n in range(3))
    propose(drawn, "split", [first], [own(drawn, first)[:2], own(drawn, first)[2:4]], key="a")
    before = asked()
    propose(drawn, "split", [second], [own(drawn, second)[:2], own(drawn, second)[2:4]], key="b")
    propose(drawn, "merge", [first, third], [own(drawn, first), own(drawn, third)], key="c")
    assert asked() == before


def test_proposals_about_a_theme_go_while_it_is_pinned(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    key = propose(drawn, "merge", [one, other])
    books(drawn).change(other, {"pinned": True}, actor="ann")
    assert key not in {p.id for p in books(drawn).proposals(drawn.study.id)}
    with pytest.raises(Conflict, match="pinned"):
        books(drawn).accept(key, actor="ann")
    books(drawn).change(other, {"pinned": False}, actor="ann")
    assert key in {p.id for p in books(drawn).proposals(drawn.study.id)}


# Quotes without a theme


@pytest.fixture
def loose(drawn):
    """A study with quotes that its last run could not place."""
    words = ("parcel", "invoice", "garden", "ladder", "engine", "ticket", "bottle", "window", "carpet", "pencil")
    drawn.upload(
        asked_and_said("Farid Aziz", *(f"I could not find the {word} that I had ordered from them in the summer" for word in words))
    )
    drawn.run()
    return drawn


def unplaced(drawn, **more):
    return books(drawn).unplaced(drawn.study.id, **more)


def test_quotes_without_a_theme_are_listed_once_with_the_nearest_themes_in_force(loose):
    page = unplaced(loose, limit=200)
    assert {q.quote.id for q in page.items} == {q.id for q in quotes(loose) if q.theme_id is None}
    assert page.total == len(page.items) > 0
    measured = [q for q in page.items if q.near]
    assert measured
    assert page.items[: len(measured)] == tuple(measured)
    assert page.unmeasured == page.total - len(measured)
    for q in measured:
        assert 1 <= len(q.near) <= 3
        assert {theme for theme, _ in q.near} <= entries(loose).keys()
        assert [close for _, close in q.near] == sorted((close for _, close in q.near), reverse=True)
    nearest = [q.near[0][1] for q in measured]
    assert nearest == sorted(nearest, reverse=True)
    assert sum(page.near.values()) == len(measured)


def test_the_list_follows_what_people_do_and_can_be_narrowed_to_a_theme(loose):
    first = next(q for q in unplaced(loose).items if q.near)
    near = first.near[0][0]
    narrowed = unplaced(loose, near=near, limit=200)
    assert all(near in dict(q.near) for q in narrowed.items)
    assert first.quote.id in {q.quote.id for q in narrowed.items}
    books(loose).place(loose.study.id, [first.quote.id], near, actor="ann")
    assert first.quote.id not in {q.quote.id for q in unplaced(loose, limit=200).items}
    into = next(t for t in entries(loose) if t != near)
    books(loose).merge(near, into, actor="ann")
    assert near not in {theme for q in unplaced(loose, limit=200).items for theme, _ in q.near}
    gone = own(loose, into)[0]
    books(loose).place(loose.study.id, [gone], None, actor="ann")
    (back,) = [q for q in unplaced(loose, limit=200).items if q.quote.id == gone]
    assert back.left_out
    assert back.near[0][0] == into
    books(loose).change(into, {"mark": Mark.NOISE}, actor="ann")
    assert into not in {theme for q in unplaced(loose, limit=200).items for theme, _ in q.near}


def test_the_list_of_quotes_without_a_theme_comes_by_page(loose):
    whole = [q.quote.id for q in unplaced(loose, limit=200).items]
    first = unplaced(loose, limit=2)
    second = unplaced(loose, limit=2, cursor=first.next_cursor)
    assert [q.quote.id for page in (first, second) for q in page.items] == whole[:4]
    assert unplaced(loose, limit=200).next_cursor is None


def test_a_study_without_a_run_has_no_quote_without_a_theme_nor_one_with(bench):
    assert unplaced(bench()).total == 0


# Entries of people


def joined(made, theme):
    return {q.text for q in quotes(made) if q.theme_id == theme}


HOLD = "I waited for ages on hold and nobody at all picked up the phone"


def test_an_entry_that_only_says_what_belongs_in_it_takes_in_quotes_of_added_interviews(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    made.run()
    before = {q.id: q.theme_id for q in quotes(made)}
    theme = add(made, HOLD)
    made.upload(asked_and_said("Farid Aziz", HOLD))
    made.run()
    assert {q.theme_id for q in quotes(made) if q.text == HOLD} == {theme}
    assert {q.id: q.theme_id for q in quotes(made) if q.id in before} == before
    made.run()
    assert {q.theme_id for q in quotes(made) if q.text == HOLD} == {theme}


def test_an_entry_with_a_single_quote_takes_in_what_is_like_it(bench):
    made = bench()
    made.upload(*map(talk, NAMES), asked_and_said("Farid Aziz", HOLD))
    made.run()
    (mine,) = [q.id for q in quotes(made) if q.text == HOLD]
    theme = add(made, "Nobody answers", mine)
    made.upload(asked_and_said("Gita Rao", HOLD))
    made.run()
    assert {q.theme_id for q in quotes(made) if q.text == HOLD} == {theme}


def test_an_entry_marked_as_noise_takes_in_nothing(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    made.run()
    theme = add(made, HOLD, mark="noise")
    made.upload(asked_and_said("Farid Aziz", HOLD))
    made.run()
    assert joined(made, theme) == set()


# What goes with an interview


def test_decisions_on_the_quotes_of_an_interview_are_counted_once_a_field_and_quote(drawn):
    first, second = (t.id for t in drawn.app.studies.transcripts(drawn.study.id)[:2])
    mine = [q.id for q in quotes(drawn) if q.transcript_id == first]
    one, other = largest(drawn), largest(drawn, 1)
    for theme in (one, other):
        books(drawn).place(drawn.study.id, mine[:2], theme, actor="ann")
    drawn.app.review.correct(mine[0], {"emotion": "relief"}, actor="ann")
    assert drawn.app.review.on_quotes(drawn.study.id) == {first: 3}
    books(drawn).take_back_placement(mine[0])
    assert drawn.app.review.on_quotes(drawn.study.id) == {first: 2}
    drawn.app.studies.delete_transcript(first)
    assert drawn.app.review.on_quotes(drawn.study.id).get(second, 0) == 0


# Names


def test_an_undo_that_would_give_two_themes_one_name_is_refused_and_changes_nothing(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    was = label_of(drawn, one)
    renamed = books(drawn).change(one, {"label": "Waiting"}, actor="ann").told.action.id
    books(drawn).change(other, {"label": was}, actor="ann")
    with pytest.raises(Conflict, match=f"two themes called “{was}”; rename"):
        books(drawn).undo(drawn.study.id, renamed)
    assert (label_of(drawn, one), label_of(drawn, other)) == ("Waiting", was)
    books(drawn).change(other, {"label": "Something else"}, actor="ann")
    books(drawn).undo(drawn.study.id, renamed)
    assert label_of(drawn, one) == was


def test_taking_a_merge_back_never_leaves_two_themes_of_one_name(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    merged = books(drawn).merge(one, other, actor="ann").told.action.id
    with drawn.app.store.read() as repo:
        was = load_standing(repo, drawn.study.id).label(one)
    books(drawn).change(other, {"label": was}, actor="ann")
    with pytest.raises(Conflict, match="two themes called"):
        books(drawn).undo(drawn.study.id, merged)
    assert one not in entries(drawn)


def test_a_part_whose_name_is_taken_is_called_by_its_own_keyphrases():
    name = ThemeName("Waiting on hold", ("hold music", "queue", "phone"))
    assert own_label(name, []) == "Waiting on hold"
    assert own_label(name, ["WAITING on hold"]) == "Hold music, queue"
    assert own_label(name, ["Waiting on hold", "hold music, queue"]) == "Hold music"
    assert own_label(ThemeName("Waiting", ()), ["Waiting", "waiting (2)"]) == "Waiting (3)"


def test_parts_of_a_split_are_never_numbered_where_their_words_tell_them_apart(drawn):
    for n in range(3):
        theme = largest(drawn, n)
        if len(own(drawn, theme)) > 3:
            assert not [p.label for p in books(drawn).split_proposal(theme) if p.label.endswith(")")]


def test_a_theme_that_a_run_finds_is_not_given_the_name_of_one_that_is_there(bench):
    plain = bench("plain")
    plain.upload(*map(talk, NAMES))
    plain.run()
    born = [e["label"] for e in entries(plain).values()]
    made = bench("made")
    add(made, born[0])
    made.upload(*map(talk, NAMES))
    made.run()
    labels = [e["label"].casefold() for e in entries(made).values()]
    assert labels.count(born[0].casefold()) == 1


# What became of a theme


def test_a_theme_that_was_merged_away_says_into_which_it_went(drawn):
    one, middle, last = (largest(drawn, n) for n in range(3))
    books(drawn).merge(one, middle, actor="ann")
    books(drawn).merge(middle, last, actor="ann")
    with pytest.raises(NotFound, match=rf"was merged into “.+” \({last}\)"):
        books(drawn).theme(one)
    words, after = books(drawn).successors(one)
    assert f"was merged into “{label_of(drawn, last)}”; go on" in words
    assert [t["id"] for t in after] == [last]


def test_a_theme_that_was_split_up_says_into_what(drawn):
    whole = largest(drawn)
    mine = own(drawn, whole)
    books(drawn).split(whole, [Part(tuple(mine[:2]), "A"), Part(tuple(mine[2:]), "B")], actor="ann")
    with pytest.raises(NotFound, match="was split into “A”"):
        books(drawn).theme(whole)
    assert [t["label"] for t in books(drawn).successors(whole)[1]] == ["A", "B"]
    removed = largest(drawn)
    books(drawn).remove(removed, actor="ann")
    assert books(drawn).successors(removed)[1] == []


def test_an_undone_merge_whose_quotes_went_elsewhere_is_told_to_be_empty(drawn):
    one, other, third = (largest(drawn, n) for n in range(3))
    mine = own(drawn, one)
    merged = books(drawn).merge(one, other, actor="ann").told.action.id
    books(drawn).place(drawn.study.id, mine, third, actor="ann")
    changed = books(drawn).undo(drawn.study.id, merged)
    assert {t["id"]: t["quotes"] for t in changed.themes}[one] == 0


# Renamed because an interview was erased


def test_the_report_of_a_run_tells_which_themes_an_erasure_renamed_and_never_their_old_name(bench):
    made = bench()
    made.upload(*map(talk, NAMES), talk("Gesa Unmistakable", who="zebrahotline"))
    made.run()
    theme = next(q.theme_id for q in quotes(made) if "zebrahotline" in q.text and q.theme_id)
    with made.app.store.write() as repo:
        repo.themes.reword(theme, "I rang zebrahotline twice", ("zebrahotline",))
    gone = next(t for t in made.app.studies.transcripts(made.study.id) if t.file_name == "gesa.txt")
    made.app.studies.delete_transcript(gone.id)
    noted = made.app.runs.of_study(made.study.id)[0].notes
    assert noted[REWORDED] == [theme]
    run = made.run()
    assert run.notes["themes"]["renamed"] == [theme]
    assert "zebra" not in str(noted) + str(run.notes)
    assert made.run().notes["themes"]["renamed"] == []
