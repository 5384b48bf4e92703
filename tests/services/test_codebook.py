import unicodedata

import numpy as np
import pytest
from services.conftest import NAMES, talk

from app.domain.review import Suggestion
from app.domain.themes import PROPOSAL
from app.errors import Conflict, InvalidInput, NotFound, Outdated
from app.services.proposals import Part


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def books(drawn):
    return drawn.app.codebooks


def entries(drawn):
    """Every entry in force by id, those inside others too."""
    outer = books(drawn).read(drawn.study.id)["themes"]
    return {e["id"]: e for o in outer for e in (o, *o["children"])}


def largest(drawn, n=0):
    return sorted(entries(drawn), key=lambda t: (-entries(drawn)[t]["own_quotes"], t))[n]


def held(drawn, theme_id):
    return [q.id for q in books(drawn).theme(theme_id)[1]]


def placed(drawn, quote_id):
    return drawn.app.quotes.shown(quote_id)[1].theme_id


def change(drawn, theme_id, **given):
    return books(drawn).change(theme_id, given, actor="ann").themes[0]


def add(drawn, label, *quote_ids, **given):
    return books(drawn).add(drawn.study.id, {"label": label, **given}, quote_ids, actor="ann").themes[0]["id"]


def told(drawn):
    return [t.text for t in books(drawn).history(drawn.study.id).actions]


def propose(drawn, kind, theme_ids, groups=(), key="p1"):
    """What a run would leave behind."""
    run = drawn.app.runs.of_study(drawn.study.id)[0]
    payload = {"kind": kind, "theme_ids": list(theme_ids), "groups": [list(g) for g in groups]}
    with drawn.app.store.write() as repo:
        suggestion = Suggestion(PROPOSAL, key, run.id, "offline", run.model, run.prompt, 1.0, payload)
        repo.reviews.suggest(drawn.study.id, run.tagger_key, [suggestion], drawn.app.store.now())
    return key


def test_a_code_book_holds_the_entries_of_the_newest_run_with_counts_of_quotes_and_people(drawn):
    told = books(drawn).read(drawn.study.id)
    every = drawn.app.quotes.page(drawn.study.id, {}, limit=200).quotes
    by_theme = {}
    for quote in every:
        if quote.theme_id:
            by_theme.setdefault(quote.theme_id, []).append(quote)
    assert by_theme
    assert (told["quotes"], told["placed"]) == (len(every), sum(map(len, by_theme.values())))
    for theme_id, entry in entries(drawn).items():
        mine = by_theme.get(theme_id, [])
        assert entry["own_quotes"] == len(mine)
        if not entry.get("children"):
            assert (entry["quotes"], entry["participants"]) == (len(mine), len({q.participant for q in mine}))
    assert all(e["decided"] == {} and e["origin"] == "offline" for e in entries(drawn).values())


def test_people_make_entries_before_the_first_run(bench):
    made = bench()
    theme = add(made, "Waiting on hold", definition="Nobody answers")
    assert entries(made)[theme]["definition"] == "Nobody answers"
    made.upload(*map(talk, NAMES))
    made.run()
    assert entries(made)[theme]["label"] == "Waiting on hold"


def test_a_changed_field_counts_at_once_and_the_others_stay(drawn):
    theme = largest(drawn)
    before = entries(drawn)[theme]
    after = change(drawn, theme, label="  Nobody\n answers ", mark="key", pinned=True)
    assert (after["label"], after["mark"], after["pinned"], after["origin"]) == ("Nobody answers", "key", True, "human")
    assert after["keyphrases"] == before["keyphrases"]
    assert after["decided"].keys() == {"label", "mark", "pinned"}
    assert {d["actor"] for d in after["decided"].values()} == {"ann"}
    assert change(drawn, theme, mark=None)["mark"] is None


def test_the_map_shows_what_people_call_a_theme_and_leaves_noise_out(drawn):
    named, noise = largest(drawn), largest(drawn, 1)
    change(drawn, named, label="Nobody answers")
    assert {t["id"]: t["label"] for t in drawn.map()["themes"]}[named] == "Nobody answers"
    change(drawn, noise, mark="noise")
    assert noise not in {t["id"] for t in drawn.map()["themes"]}
    assert entries(drawn)[noise]["own_quotes"] > 0


def test_words_of_people_are_kept_in_nfc_on_one_line(drawn):
    theme = largest(drawn)
    label = change(drawn, theme, label=unicodedata.normalize("NFD", " Café\u200b  schließt "))["label"]
    assert label == unicodedata.normalize("NFC", "Café schließt")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"label": "  "}, "needs a label"),
        ({"label": None}, "label is a text"),
        ({"label": "x" * 121}, "at most 120"),
        ({"definition": "x" * 1001}, "at most 1000"),
        ({"summary": None}, "send an empty one"),
        ({"mark": "red"}, "use key, noise"),
        ({"pinned": None}, "true or false"),
        ({"parent_id": 3}, "id of a theme"),
        ({"colour": "red"}, "no “colour” to decide about; use label"),
        ({"merged_into": "x"}, "no “merged_into”"),
        ({}, "say at least one of label"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_the_way_out_and_nothing_is_decided(drawn, given, said):
    with pytest.raises(InvalidInput) as refused:
        change(drawn, largest(drawn), **given)
    assert said in refused.value.message
    assert told(drawn) == []


def test_no_two_entries_in_force_have_the_same_name(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    change(drawn, one, label="Waiting")
    with pytest.raises(Conflict, match="merge the two"):
        change(drawn, other, label="WAITING")
    with pytest.raises(Conflict, match="choose another name"):
        add(drawn, "waiting")
    assert change(drawn, one, label="Waiting!")["label"] == "Waiting!"


def test_saying_the_same_again_is_no_action_and_another_person_confirms(drawn):
    theme = largest(drawn)
    change(drawn, theme, label="Waiting")
    again = books(drawn).change(theme, {"label": "Waiting"}, actor="ann")
    assert (again.told, again.themes[0]["label"]) == (None, "Waiting")
    assert books(drawn).change(theme, {"label": "Waiting"}, actor="bob").told.text == "Bob kept the name “Waiting”"


def test_a_change_to_an_entry_that_somebody_else_has_changed_is_refused(drawn):
    theme = largest(drawn)
    read = entries(drawn)[theme]["etag"]
    books(drawn).change(theme, {"label": "Waiting"}, actor="bob", expected={read})
    for do in (
        lambda: books(drawn).change(theme, {"label": "Holding"}, actor="ann", expected={read}),
        lambda: books(drawn).remove(theme, actor="ann", expected={read}),
        lambda: books(drawn).merge(theme, largest(drawn, 1), actor="ann", expected={read}),
        lambda: books(drawn).split(theme, [Part((held(drawn, theme)[0],))], actor="ann", expected={read}),
    ):
        with pytest.raises(Outdated, match="“Waiting” was changed since"):
            do()
    now = entries(drawn)[theme]["etag"]
    assert now != read
    assert books(drawn).change(theme, {"label": "Holding"}, actor="ann", expected={"other", now}).themes[0]["label"] == "Holding"


def test_an_entry_lies_inside_another_at_one_level_only(drawn):
    outer, inner, third = (largest(drawn, n) for n in range(3))
    before = entries(drawn)
    assert change(drawn, inner, parent_id=outer)["parent_id"] == outer
    shown = next(e for e in books(drawn).read(drawn.study.id)["themes"] if e["id"] == outer)
    assert [c["id"] for c in shown["children"]] == [inner]
    assert shown["quotes"] == before[outer]["quotes"] + before[inner]["quotes"]
    assert set(held(drawn, inner)) < set(held(drawn, outer))
    for theme, parent, said in ((third, inner, "choose"), (outer, third, "take those out of it first"), (third, third, "inside itself")):
        with pytest.raises(InvalidInput, match=said):
            change(drawn, theme, parent_id=parent)
    assert change(drawn, inner, parent_id=None)["parent_id"] is None
    assert change(drawn, outer, parent_id=third)["parent_id"] == third


def test_a_merged_entry_gives_its_quotes_and_those_of_later_runs_to_the_other(drawn):
    gone, into = largest(drawn), largest(drawn, 1)
    mine, theirs = held(drawn, gone), held(drawn, into)
    changed = books(drawn).merge(gone, into, actor="ann")
    assert [t["id"] for t in changed.themes] == [into]
    assert sorted(held(drawn, into)) == sorted([*mine, *theirs])
    drawn.upload(talk("Farid Aziz"))
    drawn.run()
    assert gone not in entries(drawn)
    assert {placed(drawn, q) for q in [*mine, *theirs]} == {into}
    for do in (
        lambda: change(drawn, gone, label="x"),
        lambda: books(drawn).merge(into, gone, actor="ann"),
        lambda: books(drawn).place(drawn.study.id, mine[:1], gone, actor="ann"),
    ):
        with pytest.raises(Conflict, match="was merged into"):
            do()
    with pytest.raises(NotFound, match="was merged into"):
        books(drawn).theme(gone)
    with pytest.raises(InvalidInput, match="into itself"):
        books(drawn).merge(into, into, actor="ann")


def test_what_lies_inside_a_merged_entry_goes_along(drawn):
    gone, into, inner = (largest(drawn, n) for n in range(3))
    change(drawn, inner, parent_id=gone)
    books(drawn).merge(gone, into, actor="ann")
    assert entries(drawn)[inner]["parent_id"] == into
    books(drawn).merge(into, inner, actor="ann")
    assert entries(drawn)[inner]["parent_id"] is None


def test_a_removed_entry_leaves_its_quotes_without_a_theme_and_no_run_brings_it_back(drawn):
    gone, inner = largest(drawn), largest(drawn, 1)
    change(drawn, inner, parent_id=gone)
    mine = [q for q in held(drawn, gone) if placed(drawn, q) == gone]
    books(drawn).remove(gone, actor="ann")
    for _ in range(2):
        assert gone not in entries(drawn)
        assert {placed(drawn, q) for q in mine} == {None}
        assert entries(drawn)[inner]["parent_id"] is None
        drawn.upload(talk("Farid Aziz"))
        drawn.run()
    with pytest.raises(Conflict, match="was taken out"):
        change(drawn, gone, label="x")


def test_a_new_entry_takes_quotes_in_and_keeps_them_through_runs(drawn):
    mine = [q.id for q in drawn.app.quotes.page(drawn.study.id, {}, limit=200).quotes][:3]
    theme = add(drawn, "Mine", *mine, use_when="always", mark="key")
    entry = entries(drawn)[theme]
    assert (entry["quotes"], entry["use_when"], entry["mark"], entry["origin"]) == (3, "always", "key", "human")
    drawn.upload(talk("Farid Aziz"))
    drawn.run()
    assert {placed(drawn, q) for q in mine} == {theme}
    assert set(mine) <= set(held(drawn, theme))


def test_moved_quotes_stay_where_people_put_them_until_that_is_taken_back(drawn):
    quote = held(drawn, largest(drawn))[0]
    before, first, second = placed(drawn, quote), largest(drawn, 1), largest(drawn, 2)
    place = books(drawn).place
    place(drawn.study.id, [quote, quote], first, actor="ann")
    moved = place(drawn.study.id, [quote], second, actor="ann")
    assert placed(drawn, quote) == second
    assert place(drawn.study.id, [quote], second, actor="ann").told is None
    books(drawn).undo(drawn.study.id, moved.told.action.id)
    assert placed(drawn, quote) == first
    place(drawn.study.id, [quote], None, actor="ann")
    drawn.run()
    assert placed(drawn, quote) is None
    assert books(drawn).take_back_placement(quote) == 2
    assert placed(drawn, quote) == before
    assert books(drawn).take_back_placement(quote) == 0


def test_quotes_that_are_not_of_the_study_cannot_be_moved(drawn):
    for quotes in (["nothing"], [held(drawn, largest(drawn))[0], "nothing"]):
        with pytest.raises(NotFound, match="no quote “nothing” in this study"):
            books(drawn).place(drawn.study.id, quotes, largest(drawn), actor="ann")
    with pytest.raises(InvalidInput, match="which quotes"):
        books(drawn).place(drawn.study.id, [], largest(drawn), actor="ann")
    assert told(drawn) == []


def test_another_study_has_no_part_in_it(drawn):
    other = drawn.app.studies.create("Other")
    theirs = books(drawn).add(other.id, {"label": "Theirs"}, actor="bob").themes[0]["id"]
    mine = largest(drawn)
    for do in (
        lambda: books(drawn).merge(mine, theirs, actor="ann"),
        lambda: change(drawn, mine, parent_id=theirs),
        lambda: books(drawn).place(drawn.study.id, held(drawn, mine)[:1], theirs, actor="ann"),
        lambda: books(drawn).place(other.id, held(drawn, mine)[:1], theirs, actor="ann"),
    ):
        with pytest.raises(NotFound, match="in this study"):
            do()
    with pytest.raises(NotFound):
        books(drawn).undo(drawn.study.id, books(drawn).history(other.id).actions[0].action.id)
    assert books(drawn).history(drawn.study.id).total == 0


def test_a_split_makes_entries_of_the_parts_and_what_is_in_none_stays(drawn):
    whole = largest(drawn)
    mine = held(drawn, whole)
    changed = books(drawn).split(whole, [Part((mine[0],), "First"), Part(tuple(mine[1:3]))], actor="ann")
    made = [t["id"] for t in changed.themes if t["id"] != whole]
    assert [entries(drawn)[t]["own_quotes"] for t in made] == [1, 2]
    assert entries(drawn)[made[0]]["label"] == "First"
    assert entries(drawn)[made[1]]["label"]
    assert entries(drawn)[whole]["own_quotes"] == len(mine) - 3
    drawn.run()
    assert [placed(drawn, q) for q in mine[:3]] == [made[0], made[1], made[1]]
    books(drawn).undo(drawn.study.id)
    assert {placed(drawn, q) for q in mine} == {whole}
    assert not set(made) & entries(drawn).keys()


def test_an_entry_of_which_a_split_leaves_nothing_is_taken_out_and_its_parts_stand_where_it_stood(drawn):
    outer, whole = largest(drawn, 1), largest(drawn)
    change(drawn, whole, parent_id=outer)
    mine = held(drawn, whole)
    books(drawn).split(whole, [Part(tuple(mine[:2]), "A"), Part(tuple(mine[2:]), "B")], actor="ann")
    assert whole not in entries(drawn)
    assert {e["label"] for e in entries(drawn).values() if e["parent_id"] == outer} == {"A", "B"}
    assert told(drawn)[0].endswith("into “A” and “B”")
    books(drawn).undo(drawn.study.id)
    assert sorted(held(drawn, whole)) == sorted(mine)


def test_a_split_that_cannot_be_done_says_why(drawn):
    whole, other = largest(drawn), largest(drawn, 1)
    mine = held(drawn, whole)
    for parts, said in (
        ([], "1 to 20 parts"),
        ([Part(())], "no quotes"),
        ([Part((mine[0],)), Part((mine[0],))], "named twice"),
        ([Part((held(drawn, other)[0],))], "1 of these quotes is not in"),
        ([Part(tuple(mine))], "that is all of"),
        ([Part((mine[0],), "A"), Part((mine[1],), "a")], "two parts are called"),
        ([Part((mine[0],), " ")], "needs a label"),
    ):
        with pytest.raises(InvalidInput, match=said):
            books(drawn).split(whole, parts, actor="ann")
    with pytest.raises(Conflict, match="already"):
        books(drawn).split(whole, [Part((mine[0],), entries(drawn)[other]["label"])], actor="ann")
    assert told(drawn) == []


def test_a_split_is_proposed_from_what_quotes_mean_and_changes_nothing(drawn):
    whole = largest(drawn)
    before = books(drawn).read(drawn.study.id)
    for asked in (None, 2, 3):
        parts = books(drawn).split_proposal(whole, asked)
        assert len(parts) == asked if asked else 2 <= len(parts) <= 4
        assert sorted(q for p in parts for q in p.quote_ids) == sorted(held(drawn, whole))
        assert len({p.label for p in parts}) == len(parts)
    assert books(drawn).read(drawn.study.id) == before
    with pytest.raises(InvalidInput, match="2 to 4 parts, not 5"):
        books(drawn).split_proposal(whole, 5)
    with pytest.raises(Conflict, match="nothing to split"):
        books(drawn).split_proposal(add(drawn, "Empty"))


def test_quotes_that_are_alike_are_not_split(drawn, monkeypatch):
    monkeypatch.setattr("app.services.proposals.np.concatenate", lambda rows: np.ones((len(rows), 8), np.float32))
    with pytest.raises(Conflict, match="all alike"):
        books(drawn).split_proposal(largest(drawn))


def test_an_accepted_merge_keeps_the_theme_that_people_decided_about(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    change(drawn, other, label="Nobody answers")
    key = propose(drawn, "merge", [one, other])
    (shown,) = [p for p in books(drawn).proposals(drawn.study.id) if p.id == key]
    assert (shown.kind, set(shown.theme_ids)) == ("merge", {one, other})
    assert {p.label for p in shown.parts} == {e["label"] for t, e in entries(drawn).items() if t in {one, other}}
    changed = books(drawn).accept(key, actor="ann")
    assert changed.told.text.startswith("Ann accepted the proposal to merge “")
    assert (one in entries(drawn), other in entries(drawn)) == (False, True)
    with pytest.raises(Conflict, match="answered already"):
        books(drawn).accept(key, actor="ann")
    books(drawn).undo(drawn.study.id)
    assert one in entries(drawn)
    assert key in {p.id for p in books(drawn).proposals(drawn.study.id)}


def test_an_accepted_split_makes_the_parts_that_were_proposed(drawn):
    whole = largest(drawn)
    mine = held(drawn, whole)
    key = propose(drawn, "split", [whole], [mine[:2], [*mine[2:4], "gone"]])
    (shown,) = [p for p in books(drawn).proposals(drawn.study.id) if p.id == key]
    assert [p.quote_ids for p in shown.parts] == [tuple(mine[:2]), tuple(mine[2:4])]
    books(drawn).accept(key, actor="ann")
    assert len({placed(drawn, q) for q in mine[:4]} - {whole}) == 2
    books(drawn).undo(drawn.study.id)
    assert {placed(drawn, q) for q in mine} == {whole}


def test_a_rejected_proposal_is_not_shown_again_until_that_is_taken_back(drawn):
    key = propose(drawn, "merge", [largest(drawn), largest(drawn, 1)])
    books(drawn).reject(key, actor="ann")
    drawn.run()
    assert key not in {p.id for p in books(drawn).proposals(drawn.study.id)}
    assert told(drawn)[0].startswith("Ann rejected the proposal to merge")
    books(drawn).undo(drawn.study.id)
    assert key in {p.id for p in books(drawn).proposals(drawn.study.id)}
    with pytest.raises(NotFound, match="no proposal “other”"):
        books(drawn).reject("other", actor="ann")


def test_a_proposal_that_no_longer_applies_is_not_shown(drawn):
    one, other, third = (largest(drawn, n) for n in range(3))
    merge = propose(drawn, "merge", [one, other], key="p1")
    split = propose(drawn, "split", [third], [held(drawn, third)[:1], held(drawn, third)[1:2]], key="p2")
    books(drawn).merge(one, other, actor="ann")
    books(drawn).place(drawn.study.id, held(drawn, third)[:1], other, actor="ann")
    assert not {merge, split} & {p.id for p in books(drawn).proposals(drawn.study.id)}
    with pytest.raises(Conflict, match="no longer applies"):
        books(drawn).accept(merge, actor="ann")


def test_history_tells_in_plain_words_what_was_done_by_the_names_of_that_time(drawn):
    one, other = largest(drawn), largest(drawn, 1)
    was, else_ = (entries(drawn)[t]["label"] for t in (one, other))
    change(drawn, one, label="Waiting on hold")
    books(drawn).merge(one, other, actor="ann")
    change(drawn, other, label="Nobody answers")
    assert told(drawn) == [
        f"Ann renamed “{else_}” to “Nobody answers”",
        f"Ann merged “Waiting on hold” into “{else_}”",
        f"Ann renamed “{was}” to “Waiting on hold”",
    ]
    page = books(drawn).history(drawn.study.id, limit=2)
    assert (page.total, page.next_cursor) == (3, "2")
    rest = books(drawn).history(drawn.study.id, limit=2, cursor=page.next_cursor)
    assert ([t.text for t in rest.actions], rest.next_cursor) == (told(drawn)[2:], None)


def test_actions_are_taken_back_whole_in_any_order_and_what_stood_before_stands_again(drawn):
    theme = largest(drawn)
    start = entries(drawn)[theme]
    first = books(drawn).change(theme, {"label": "One", "mark": "key"}, actor="ann").told.action
    second = books(drawn).change(theme, {"label": "Two"}, actor="ann").told.action
    books(drawn).undo(drawn.study.id)
    assert entries(drawn)[theme]["label"] == "One"
    with pytest.raises(Conflict, match="taken back already"):
        books(drawn).undo(drawn.study.id, second.id)
    books(drawn).undo(drawn.study.id, first.id)
    assert entries(drawn)[theme] == start
    assert all(t.action.undone_at for t in books(drawn).history(drawn.study.id).actions)
    with pytest.raises(Conflict, match="nothing was done"):
        books(drawn).undo(drawn.study.id)


def test_an_entry_is_not_unmade_while_something_else_rests_on_it(drawn):
    other = largest(drawn)
    theme = add(drawn, "Mine")
    made = books(drawn).history(drawn.study.id).actions[0].action
    books(drawn).merge(other, theme, actor="ann")
    with pytest.raises(Conflict, match="take that back first: “Ann merged"):
        books(drawn).undo(drawn.study.id, made.id)
    books(drawn).undo(drawn.study.id)
    books(drawn).undo(drawn.study.id, made.id)
    assert theme not in entries(drawn)
    drawn.run()
    assert theme not in entries(drawn)


def test_one_decision_is_taken_back_like_any_other_and_a_split_as_a_whole(drawn):
    whole = largest(drawn)
    mine = held(drawn, whole)
    undo = drawn.app.review.undo_decision
    books(drawn).change(whole, {"label": "One", "mark": "key"}, actor="ann")
    decided = entries(drawn)[whole]["decided"]
    undo(decided["mark"]["decision_id"])
    assert (entries(drawn)[whole]["label"], entries(drawn)[whole]["mark"]) == ("One", None)
    books(drawn).split(whole, [Part(tuple(mine[:2]))], actor="ann")
    page = drawn.app.review.decisions(drawn.study.id, "placement")
    undo(page.decisions[0].id)
    assert len({placed(drawn, q) for q in mine[:2]}) == 2
    made = next(d for d in drawn.app.review.decisions(drawn.study.id, "theme").decisions if d.field == "removed")
    assert undo(made.id).undone_at is not None
    assert {placed(drawn, q) for q in mine} == {whole}
    with pytest.raises(Conflict, match="already"):
        undo(made.id)


def test_every_edit_is_a_new_version_and_a_new_tag_of_the_code_book(drawn):
    seen = []
    for do in (
        lambda: None,
        lambda: change(drawn, largest(drawn), pinned=True),
        lambda: books(drawn).undo(drawn.study.id),
        lambda: books(drawn).place(drawn.study.id, held(drawn, largest(drawn))[:1], None, actor="ann"),
    ):
        do()
        book = books(drawn).read(drawn.study.id)
        seen.append((book["version"], book["etag"]))
    assert [v for v, _ in seen] == list(range(seen[0][0], seen[0][0] + 4))
    assert len({tag for _, tag in seen}) == 4


def test_an_entry_that_quotes_were_moved_to_outlives_the_interviews_it_was_found_in(drawn):
    theme = largest(drawn)
    stays = next(q for q in drawn.app.quotes.page(drawn.study.id, {}, limit=200).quotes if q.transcript == "bea.txt")
    books(drawn).place(drawn.study.id, [stays.id], theme, actor="ann")
    for transcript in drawn.app.studies.transcripts(drawn.study.id):
        if transcript.file_name != "bea.txt":
            drawn.app.studies.delete_transcript(transcript.id)
    drawn.run()
    assert placed(drawn, stays.id) == theme


@pytest.mark.parametrize("kind", ["merge", "remove", "move", "split"])
def test_what_is_taken_back_after_later_runs_leaves_nothing_behind(drawn, kind):
    theme, other = largest(drawn), largest(drawn, 1)
    mine = held(drawn, theme)
    {
        "merge": lambda: books(drawn).merge(theme, other, actor="ann"),
        "remove": lambda: books(drawn).remove(theme, actor="ann"),
        "move": lambda: books(drawn).place(drawn.study.id, mine[:3], other, actor="ann"),
        "split": lambda: books(drawn).split(theme, [Part(tuple(mine[:2])), Part(tuple(mine[2:]))], actor="ann"),
    }[kind]()
    for _ in range(2):
        drawn.run()
    assert {placed(drawn, q) for q in mine[:2]} != {theme}
    books(drawn).undo(drawn.study.id)
    assert {placed(drawn, q) for q in mine} == {theme}
    drawn.run()
    assert {placed(drawn, q) for q in mine} == {theme}
