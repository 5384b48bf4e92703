"""The pages about themes: what each shows, what each form does and how it is taken back, without any script."""

import html
import re

import pytest
from house import House
from page_samples import STAGES, STUDY, quote, swapped
from querying import noted_queries

from app.domain.review import Suggestion
from app.domain.themes import PROPOSAL
from app.web.pages import render_page
from app.web.theme_charts import saturation_chart
from app.web.views_themes import fits, nested

HOSTILE = "<script>alert('x')</script>"


def theme(number=1, **changes):
    return {
        "id": f"th{number}",
        "study_id": "st",
        "run_id": "r",
        "label": f"Finding {number}",
        "summary": "",
        "summary_extracted": False,
        "definition": "",
        "use_when": "",
        "not_when": "",
        "parent_id": None,
        "children": [],
        "origin": "offline",
        "mark": None,
        "pinned": False,
        "keyphrases": ["waiting"],
        "quotes": 3,
        "own_quotes": 3,
        "share": 0.3,
        "participants": 2,
        "of_participants": 3,
        "single_participant": False,
        "mean_valence": -1.0,
        "leaning": "pain",
        "stages": [{"id": "s1", "key": "s1", "title": "Before", "quotes": 3, "participants": 2}],
        "personas": [{"id": "pe", "name": "Sole trader", "quotes": 3, "participants": 2, "of_participants": 2}],
        "channels": [{"channel": "phone", "quotes": 3, "participants": 2}],
        "central": [quote()],
        "diverse": [quote(id="q2", text="They rang me back.")],
        "contrary": [],
        "contrary_total": 0,
    } | changes


def saturated(interviews=3):
    rows = [
        {
            "transcript_id": f"t{n}",
            "file_name": f"{n}.vtt",
            "participants": ["P1"],
            "themes": 2,
            "new": max(0, 2 - n),
            "seen": min(3, 2 + n),
            "new_themes": [{"id": "th1", "label": "Finding 1"}],
        }
        for n in range(interviews)
    ]
    band = [{"interviews": n + 1, "mean": 2 + n / 3, "low": 1.0, "high": 3.0} for n in range(interviews)]
    return {"interviews": rows, "band": band, "permutations": 200, "reading": "Two of the last three interviews added no theme."}


PREVALENCE = {
    "personas": [{"id": "pe", "name": "Sole trader", "participants": 2}, {"id": None, "name": "none", "participants": 1}],
    "stages": [{"id": "s1", "key": "s1", "title": "Before"}],
    "interviews": [],
    "themes": [
        {
            "id": "th1",
            "label": "Finding 1",
            "parent_id": None,
            "mark": None,
            "quotes": 3,
            "participants": 2,
            "by_persona": [
                {"persona_id": "pe", "quotes": 3, "participants": 2, "of_participants": 2, "share": 1.0},
                {"persona_id": None, "quotes": 0, "participants": 0, "of_participants": 1, "share": 0.0},
            ],
            "by_stage": [{"stage_id": "s1", "quotes": 3, "participants": 2}],
            "by_interview": [{"transcript_id": "t1", "quotes": 3, "share": 0.5, "participants_so_far": 2}],
        }
    ],
}
ACTION = {"action_id": "a1", "kind": "edit", "text": "Owner renamed “A” to “B”", "actor": "owner", "at": "2025-03-14T09:20:00+00:00"}
ACTION |= {"undone_at": None, "theme_ids": ["th1"]}
MERGE = {"id": "p1", "kind": "merge", "theme_ids": ["th1", "th2"], "why": "they come out as one", "effect": "one stays", "parts": []}
PART = {"label": "A part", "keyphrases": ["hold"], "quotes": 1, "participants": 1, "quote_ids": ["q1"], "examples": [quote()]}


def themes_page(**changes):
    context = {
        "study": STUDY,
        "themes": nested([theme(), theme(2, parent_id="th1", mark="key"), theme(3, single_participant=True)], {}),
        "total": 2,
        "share": 0.6,
        "labels": {"th1": "Finding 1", "th2": "Finding 2"},
        "filters": {},
        "stages": STAGES,
        "personas": [],
        "proposals": [MERGE],
        "changed": {"new": [{"id": "th3", "label": "Finding 3"}], "grown": [], "shrunk": [], "unchanged": 1, "gone": 0},
        "saturated": saturated(),
        "chart": saturation_chart(saturated()),
        "prevalence": PREVALENCE,
        "undo": ACTION,
        "saved": False,
        "undone": False,
    }
    return render_page("themes.html", **context | changes)


def theme_page(**changes):
    entry = theme() | {"etag": "e", "decided": {}}
    context = {
        "study": STUDY,
        "entry": entry,
        "seen": theme(),
        "parent": None,
        "children": [],
        "members": [quote(theme_id="th1")],
        "offset": 0,
        "next_offset": None,
        "others": [theme(), theme(2)],
        "labels": {"th1": "Finding 1"},
        "split": {"parts": [{"label": "A part", "quote_ids": ["q1"], "examples": [quote()]}], "reason": ""},
        "stages": STAGES,
        "undo": ACTION,
        "saved": True,
        "undone": False,
    }
    return render_page("theme.html", **context | changes)


def codebook_page(**changes):
    entries = [theme() | {"children": [theme(2, use_when="Somebody waits.")]}]
    context = {
        "study": STUDY,
        "book": {"version": 3, "quotes": 9, "placed": 5, "themes": entries},
        "examples": {"th1": [quote()]},
        "history": [ACTION],
        "cursor": None,
        "next_cursor": None,
        "llm": {"configured": False, "model": None},
        "saved": False,
    }
    return render_page("codebook.html", **context | changes)


def plane(words="It went dead."):
    point = {"x": 1.0, "y": 2.0, "text": words, "participant": "P1", "href": "/transcripts/t1?quote=q1#q-q1"}
    drawn = {"id": "th1", "label": words, "number": 1, "hue": 0, "shape": 0, "x": 0.0, "y": 0.0, "radius": 9.0, "lines": [words]}
    drawn |= {"near": [words], "points": [point]}
    return {"frame": (0, 0, 9, 9), "size": 4, "loose_size": 3, "themes": [drawn], "loose": [point], "points": 2, "shown": 2, "total": 7}


def pages_saying(words):
    seen = swapped(theme(), words) | {"keyphrases": [words], "use_when": words, "not_when": words}
    entry = seen | {"children": []}
    action = ACTION | {"text": words, "actor": words}
    yield themes_page(
        themes=[seen | {"inside": [seen]}],
        labels={"th1": words},
        proposals=[MERGE | {"why": words, "effect": words, "kind": "split", "parts": [swapped(PART, words)]}],
        changed={"new": [{"id": "th1", "label": words}], "grown": [], "shrunk": [], "unchanged": 0, "gone": 0},
        saturated=swapped(saturated(), words) | {"reading": words},
        prevalence=swapped(PREVALENCE, words),
        undo=action,
    )
    split = {"parts": [{"label": words, "quote_ids": ["q1"], "examples": [swapped(quote(), words)]}], "reason": ""}
    yield theme_page(entry=entry, seen=seen, others=[seen, seen | {"id": "th2"}], parent=seen, children=[seen], split=split, undo=action)
    yield codebook_page(book={"version": 1, "quotes": 1, "placed": 1, "themes": [entry]}, history=[action])
    yield render_page("plane.html", study=STUDY, plane=plane(words))
    near = [{"theme_id": "th1", "label": words, "likeness": 0.4}]
    left = {"items": [swapped(quote(), words) | {"near": near, "left_out": True}], "total": 1, "next_cursor": None, "unmeasured": 0}
    left |= {"nearest": [{"theme_id": "th1", "label": words, "quotes": 1}]}
    done = {"undo": action, "saved": False, "undone": True, "emptied": [seen]}
    yield render_page("unplaced.html", study=STUDY, found=left, near="", cursor=None, address="/x", themes=[seen], stages=STAGES, **done)
    yield render_page("theme_gone.html", study=STUDY, words=words, after=[seen], **done)


def test_hostile_text_stays_text_and_nothing_is_inline_on_the_pages_about_themes():
    for words in (HOSTILE, '" onmouseover="alert(1)'):
        for page in pages_saying(words):
            assert "alert(" in page
            assert "<script>alert" not in page
            assert '" onmouseover="' not in page
            assert page.count("<h1") == 1
            assert " style=" not in page
            assert not re.search(r"<script(?! src=)", page)


def test_a_theme_fits_filters_by_stage_persona_leaning_and_mark():
    plain = theme()
    assert fits(plain, {"stage": "s1", "persona": "pe", "leaning": "pain", "mark": "none"})
    for filters in ({"stage": "s2"}, {"persona": "other"}, {"leaning": "delight"}, {"mark": "key"}, {"mark": "single"}, {"mark": "pinned"}):
        assert not fits(plain, filters)
    assert fits(theme(mark="key", pinned=True, single_participant=True), {"mark": "single"})


def test_a_theme_is_listed_where_one_inside_it_fits():
    found = [theme(), theme(2, parent_id="th1", mark="key"), theme(3)]
    (listed,) = nested(found, {"mark": "key"})
    assert (listed["id"], [t["id"] for t in listed["inside"]]) == ("th1", ["th2"])


def test_the_chart_of_saturation_rises_in_steps_and_its_table_holds_the_same_figures():
    chart = saturation_chart(saturated(40))
    new = [b["height"] for b in chart["bars"]]
    assert new[:3] == [pytest.approx(2 * new[1], abs=0.2), pytest.approx(new[1]), 0]
    assert new[1] > 0
    heights = [b["seen_y"] for b in chart["bars"]]
    assert heights == sorted(heights, reverse=True)
    assert sum(bool(b["words"]) for b in chart["bars"]) <= 20
    assert 2 <= len(chart["ticks"]) <= 7
    assert saturation_chart(saturated(1))["band"] is None
    page = themes_page()
    assert page.split('id="saturation-title"')[1].split("</svg>")[0].count('class="chart-bar"') == 3
    assert "2.vtt" in page
    assert "Two of the last three" in page


def test_numbers_and_marks_tell_themes_apart_where_colours_do_not():
    page = " ".join(render_page("plane.html", study=STUDY, plane=plane()).split())
    assert "2 of 7 quotes are drawn" in page
    assert re.search(r"<tspan[^>]*>1 It went dead\.</tspan>", page)
    assert page.count('href="/transcripts/t1?quote=q1#q-q1"') == 4  # each twice: on the drawing and in the list


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def study(house):
    return house.drawn("Bea", "Carl", "Dina")


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split())), answer.text


def send(house, path, **form):
    """Where a form leads."""
    answer = house.browser.post(path, data=form)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
    return answer.headers["location"]


def book(house, study):
    return house.app.codebooks.read(study)["themes"]


def members(house, theme_id):
    return [q.id for q in house.app.codebooks.theme(theme_id)[1]]


def made(house, study, label, quote_ids=()):
    return house.app.codebooks.add(study, {"label": label}, quote_ids, actor="ann").themes[0]["id"]


def undo(house, path):
    """Press the first undo of a page; where it leads."""
    page = show(house, path)[1]
    action, fields = re.search(r'action="([^"]+/codebook/undo)"(.*?)</form>', page, re.DOTALL).groups()
    return send(house, action, **{k: html.unescape(v) for k, v in re.findall(r'name="(\w+)" value="([^"]*)"', fields)})


def test_the_list_shows_every_theme_with_people_before_quotes_and_leads_to_each(house, study):
    words, page = show(house, f"/studies/{study}/themes")
    themes = book(house, study)
    assert len(themes) > 1
    for entry in themes:
        assert f'href="/themes/{entry["id"]}"' in page
        assert entry["label"] in words
    first = themes[0]
    assert f"{first['participants']} of 3 participants {first['quotes']} quotes" in words
    assert "When to stop interviewing" in words
    assert 'aria-current="page">Themes' in page


def test_filters_are_kept_and_one_that_nothing_fits_says_so(house, study):
    words, page = show(house, f"/studies/{study}/themes?mark=key")
    assert "No theme fits these filters." in words
    assert '<option value="key" selected>' in page
    send(house, f"/themes/{book(house, study)[0]['id']}/mark", mark="key")
    words, _ = show(house, f"/studies/{study}/themes?mark=key")
    assert words.count("★ key") == 1


def test_a_theme_is_renamed_and_the_name_comes_back_with_undo(house, study):
    before = book(house, study)[0]
    path = f"/themes/{before['id']}"
    goal = send(house, path, label="Nobody answers", definition="Waiting for people.", back=f"{path}?saved=1")
    assert goal == f"{path}?saved=1"
    words, page = show(house, goal)
    assert f"Done. Owner renamed “{before['label']}” to “Nobody answers”" in words
    assert '<h1 dir="auto">Nobody answers</h1>' in page
    assert "Waiting for people." in words
    assert undo(house, goal) == f"{path}?undone=1"
    words, _ = show(house, f"{path}?undone=1")
    assert "Taken back." in words
    assert book(house, study)[0]["label"] == before["label"]


def test_only_what_was_changed_in_the_form_is_decided(house, study):
    entry = book(house, study)[0]
    path = f"/themes/{entry['id']}"
    send(house, path, label=entry["label"], summary="", definition="Only this.", use_when="", not_when="")
    assert set(book(house, study)[0]["decided"]) == {"definition"}
    unchanged = send(house, path, label=entry["label"], definition="Only this.", back=f"{path}?saved=1")
    assert unchanged == path
    assert house.app.codebooks.history(study).total == 1


def test_a_form_that_was_opened_earlier_does_not_undo_what_somebody_else_wrote_meanwhile(house, study):
    entry = book(house, study)[0]
    path = f"/themes/{entry['id']}"
    assert f'name="was" value="label:{entry["label"]}"' in html.unescape(house.browser.get(path).text)
    send(house, path, label="Theirs", was=[f"label:{entry['label']}"])
    send(house, path, label=entry["label"], definition="Mine.", was=[f"label:{entry['label']}", "definition:"])
    now = book(house, study)[0]
    assert (now["label"], now["definition"]) == ("Theirs", "Mine.")


def test_merging_leads_to_the_theme_that_took_over_and_can_be_taken_back(house, study):
    one, other = (t["id"] for t in book(house, study)[:2])
    both = {*members(house, one), *members(house, other)}
    goal = send(house, f"/themes/{one}/merge", into=other)
    assert goal == f"/themes/{other}?saved=1"
    assert set(members(house, other)) == both
    assert house.browser.get(f"/themes/{one}").status_code == 410
    undo(house, goal)
    assert house.browser.get(f"/themes/{one}").status_code == 200


def test_ticked_quotes_are_moved_split_off_or_placed_in_none(house, study):
    mine = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"]][:4]
    one, other = made(house, study, "Mine", mine), made(house, study, "Other")
    path = f"/themes/{one}"
    page = show(house, path)[1]
    assert set(re.findall(r'name="quote" value="(\w+)" form="placing"', page)) == set(mine)
    goal = send(house, f"{path}/quotes", quote=mine[:2], do="move", to=other, back=f"{path}?saved=1")
    assert "moved 2 quotes to “Other”" in show(house, goal)[0]
    assert set(members(house, other)) == set(mine[:2])
    send(house, f"{path}/quotes", quote=[mine[2]], do="split", label="A finding of its own")
    split = next(t for t in book(house, study) if t["label"] == "A finding of its own")
    assert members(house, split["id"]) == [mine[2]]
    send(house, f"{path}/quotes", quote=[mine[3]], do="none")
    assert members(house, one) == []


@pytest.mark.parametrize(
    ("form", "told"),
    [({"do": "move"}, "Tick the quotes first"), ({"do": "move", "quote": "q"}, "Choose the theme"), ({"quote": "q"}, "one of the buttons")],
)
def test_a_form_about_quotes_that_came_incomplete_says_what_is_missing(house, study, form, told):
    answer = house.browser.post(f"/themes/{book(house, study)[0]['id']}/quotes", data=form)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_proposed_split_shows_its_parts_and_makes_those_that_are_ticked(house, study):
    everything = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"]]
    path = f"/themes/{made(house, study, 'Everything', everything)}"
    page = show(house, f"{path}?split=1")[1]
    labels = [html.unescape(x) for x in re.findall(r'<input name="label" value="([^"]*)" required', page.split('id="split"')[1])]
    parts = re.findall(r'name="quotes" value="([^"]*)"', page)
    assert len(labels) == len(parts) >= 2
    before = {t["id"] for t in book(house, study)}
    send(house, f"{path}/split", label=["Mine", *labels[1:]], quotes=parts, use="0", back=f"/studies/{study}/themes?saved=1")
    (part,) = [t for t in book(house, study) if t["id"] not in before]
    assert part["label"] == "Mine"
    assert set(members(house, part["id"])) == set(parts[0].split())
    assert house.browser.post(f"{path}/split", data={"label": labels, "quotes": parts}).status_code == 422


def test_a_theme_with_one_quote_says_why_there_is_no_split(house, study):
    alone = made(house, study, "Alone")
    assert "fewer than two quotes" in show(house, f"/themes/{alone}?split=1")[0]
    assert "No quote is in this theme yet" in show(house, f"/themes/{alone}")[0]


def test_a_theme_is_pinned_nested_and_removed_by_its_forms(house, study):
    one, other = (t["id"] for t in book(house, study)[:2])
    send(house, f"/themes/{one}/pin", pinned="1")
    send(house, f"/themes/{one}/nest", parent=other)
    words, page = show(house, f"/themes/{one}")
    assert "pinned" in words
    assert f'/ <a href="/themes/{other}"' in page
    assert "Inside it" in show(house, f"/themes/{other}")[0]
    send(house, f"/themes/{one}/nest", parent="")
    goal = send(house, f"/themes/{one}/remove", back=f"/studies/{study}/themes?saved=1")
    assert one not in {t["id"] for t in book(house, study)}
    assert "took out" in show(house, goal)[0]
    undo(house, goal)
    assert one in {t["id"] for t in book(house, study)}


def test_the_code_book_is_one_table_in_which_entries_are_added_and_every_action_taken_back(house, study):
    path = f"/studies/{study}/codebook"
    goal = send(house, f"/studies/{study}/themes", label="Prices are hidden", use_when="Somebody looks for a price.")
    words, page = show(house, path)
    assert page.count('<tr id="code-') == len(book(house, study))
    assert "Somebody looks for a price." in words
    assert "Owner added “Prices are hidden”" in words
    assert "Apply again" not in words
    assert undo(house, goal) == f"/studies/{study}/themes?undone=1"  # its page went with it
    assert "taken back" in show(house, path)[0]


def test_where_a_model_is_configured_the_code_book_can_be_applied_again():
    page = codebook_page(llm={"configured": True, "model": "m"})
    form = page.split("Apply it again")[1].split("</form>")[0]
    assert 'action="/studies/st/runs"' in form
    assert 'name="recode" value="1"' in form


def test_proposals_come_first_with_their_reason_and_are_accepted_or_rejected(house, study):
    one, other, third = (made(house, study, label) for label in ("One", "Other", "Third"))
    run = house.app.runs.get(house.get(f"/studies/{study}/runs")["items"][0]["id"])
    proposed = [
        Suggestion(PROPOSAL, key, run.id, "offline", run.model, run.prompt, 1.0, {"kind": "merge", "theme_ids": ids, "groups": []})
        for key, ids in ((f"{study}-a", [one, other]), (f"{study}-b", [other, third]))
    ]
    with house.app.store.write() as repo:
        repo.reviews.suggest(study, run.tagger_key, proposed, house.app.store.now())
    words, _ = show(house, f"/studies/{study}/themes")
    assert words.index("2 proposals of the last run") < words.index("When to stop interviewing")
    assert "These two look like one theme:" in words
    assert "Why: Grouped anew without regard to themes, quotes of “One” and “Other” came out as one group." in words
    assert "If you accept: “" in words
    assert "stays, as people decided about it, and takes over the" in words
    send(house, f"/proposals/{study}-b/reject", back=f"/studies/{study}/themes?saved=1")
    assert "1 proposal of the last run" in show(house, f"/studies/{study}/themes")[0]
    send(house, f"/proposals/{study}-a/accept")
    assert len({one, other} & {t["id"] for t in book(house, study)}) == 1


def test_a_form_about_themes_leads_to_no_other_site(house, study):
    one = book(house, study)[0]["id"]
    assert send(house, f"/themes/{one}/pin", pinned="1", back="https://example.com/") == "/"


def test_what_the_last_run_changed_is_told_by_name(house, study):
    themes = book(house, study)
    assert "Since the run before" not in show(house, f"/studies/{study}/themes")[0]
    house.upload(
        study, ("emil.txt", b"Ann Interviewer: And the price?\n\nEmil: The price is nowhere on the website, I looked for it twice.")
    )
    house.script.post(f"/api/v1/studies/{study}/runs")
    words, _ = show(house, f"/studies/{study}/themes")
    assert "Since the run before" in words
    assert themes[0]["label"] in words


def test_every_quote_is_on_the_map_of_quotes_once_and_in_its_list_once(house, study):
    _, page = show(house, f"/studies/{study}/themes/plane")
    quotes = [q["id"] for q in house.get(f"/studies/{study}/quotes", params={"limit": 200})["items"]]
    drawing, listed = page.split("</svg>\n    </div>")
    for quote_id in quotes:
        assert drawing.count(f"#q-{quote_id}") == 1
        assert listed.count(f"#q-{quote_id}") == 1
    assert len(re.findall(r'<circle class="disc"', drawing)) == len(book(house, study))


def test_before_the_first_run_and_where_nothing_was_found_each_page_says_what_to_do(house):
    fresh = house.study()
    assert "Themes appear with the first run" in show(house, f"/studies/{fresh}/themes")[0]
    assert "The first run drafts it" in show(house, f"/studies/{fresh}/codebook")[0]
    assert "drawn once a run has measured" in show(house, f"/studies/{fresh}/themes/plane")[0]
    begun = send(house, f"/studies/{fresh}/themes", label="Begun by hand")
    assert "No quote is in this theme yet" in show(house, begun)[0]
    house.upload(fresh, ("short.txt", b"Ann Interviewer: Well?\n\nBea: The app is slow in the morning and I do not like it."))
    house.script.post(f"/api/v1/studies/{fresh}/runs")
    for path in ("themes", "codebook", "themes/plane"):
        show(house, f"/studies/{fresh}/{path}")


def test_one_theme_alone_is_said_to_be_one():
    assert "One theme only." in themes_page(themes=[theme() | {"inside": []}], total=1)


def test_quotes_lead_to_their_theme_but_not_on_its_own_page(house, study):
    placed = book(house, study)[0]
    link = f'class="to-theme" href="/themes/{placed["id"]}"'
    assert link in show(house, f"/studies/{study}/quotes")[1]
    assert link not in show(house, f"/themes/{placed['id']}")[1]
    document = house.get(f"/studies/{study}/map")
    points = [show(house, f"/studies/{study}/map?stage={s['id']}&curve=1")[1] for s in document["stages"] if s["emotion"]]
    assert any('class="to-theme"' in page for page in points)


def test_no_page_asks_the_database_more_often_because_there_are_more_themes(house, study):
    def asked(path):
        with noted_queries() as seen:
            show(house, path)
        return len(seen)

    one = book(house, study)[0]["id"]
    paths = [f"/studies/{study}/{page}" for page in ("themes", "codebook", "themes/plane", "themes/unplaced")]
    paths.append(f"/themes/{one}")
    made(house, study, "One more")
    before = [asked(path) for path in paths]
    spare = [q for t in book(house, study)[1:4] for q in members(house, t["id"])][:5]
    for n, quote_id in enumerate(spare):
        made(house, study, f"Further {n}", [quote_id])
    assert [asked(path) for path in paths] == before


def test_a_proposal_shows_quotes_and_keyphrases_of_each_part_and_says_what_accepting_does(house, study):
    everything = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"]]
    whole = made(house, study, "Everything", everything[:8])
    run = house.app.runs.get(house.get(f"/studies/{study}/runs")["items"][0]["id"])
    payload = {"kind": "split", "theme_ids": [whole], "groups": [everything[:3], everything[3:7]]}
    with house.app.store.write() as repo:
        given = [Suggestion(PROPOSAL, f"{study}-s", run.id, "offline", run.model, run.prompt, 1.0, payload)]
        repo.reviews.suggest(study, run.tagger_key, given, house.app.store.now())
    (told,) = house.get(f"/studies/{study}/proposals")["items"]
    words, _ = show(house, f"/studies/{study}/themes")
    shown = words.split("1 proposal of the last run")[1]
    for part in told["parts"]:
        assert f"{part['label']} {part['quotes']} quotes, {part['participants']} participant" in shown
        assert len(part["examples"]) == 2
        assert all(f"“{q['text']}”" in shown for q in part["examples"])
    assert "its 8 quotes fall apart" in shown
    assert "“Everything”, which keeps its other quote" in shown


def test_a_theme_that_was_merged_away_leads_to_the_one_it_went_into(house, study):
    one, other = book(house, study)[:2]
    send(house, f"/themes/{one['id']}/merge", into=other["id"])
    answer = house.browser.get(f"/themes/{one['id']}")
    assert answer.status_code == 410
    assert f'href="/themes/{other["id"]}"' in answer.text
    assert f"“{one['label']}” was merged into “{other['label']}”" in html.unescape(answer.text)
    assert house.browser.get("/themes/nothing").status_code == 404


def test_a_theme_that_an_undo_leaves_empty_is_told_and_can_be_removed(house, study):
    one, other, third = (t["id"] for t in book(house, study)[:3])
    merged = house.app.codebooks.merge(one, other, actor="ann").told.action.id
    house.app.codebooks.place(study, members(house, other), third, actor="ann")
    goal = send(house, f"/studies/{study}/codebook/undo", action_id=merged, back=f"/studies/{study}/themes?undone=1")
    words, page = show(house, goal)
    assert "is there again, but no quotes are left in it" in words
    assert f'action="/themes/{one}/remove"' in page
    words, page = show(house, f"/themes/{one}")
    assert "No quotes are left in it" in words
    assert f'action="/themes/{one}/remove"' in page
    send(house, f"/themes/{one}/remove")
    assert one not in {t["id"] for t in book(house, study)}


def test_quotes_without_a_theme_are_placed_by_one_click_or_several_at_once(house, study):
    themes = [t["id"] for t in book(house, study)]
    spare = members(house, themes[0])[:3]
    house.app.codebooks.place(study, spare, None, actor="ann")
    path = f"/studies/{study}/themes/unplaced"
    words, page = show(house, path)
    assert 'aria-current="page">Without a theme' in page
    assert "Taken out of all themes by people" in words
    near = re.search(rf'name="near" value="({spare[0]} \w+)" form="nearest"', page)[1]
    assert near.endswith(themes[0])
    goal = send(house, f"/studies/{study}/placements", near=near, back=path)
    assert goal == f"{path}?saved=1"
    assert "Done. Owner moved 1 quote to" in show(house, goal)[0]
    assert spare[0] in members(house, themes[0])
    send(house, f"/studies/{study}/placements", quote=spare[1:2], do="move", to=themes[1], back=path)
    assert spare[1] in members(house, themes[1])
    send(house, f"/studies/{study}/placements", quote=spare[2:], do="new", label="On its own", back=path)
    assert members(house, next(t["id"] for t in book(house, study) if t["label"] == "On its own")) == spare[2:]
    assert not set(spare) & set(re.findall(r'name="quote" value="(\w+)"', show(house, path)[1]))
    assert undo(house, f"{path}?near={themes[0]}") == f"{path}?near={themes[0]}&undone=1"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"do": "move"}, "Tick the quotes first"),
        ({"do": "move", "quote": "q"}, "Choose the theme"),
        ({"do": "new", "quote": "q"}, "needs a label"),
        ({"quote": "q"}, "one of the buttons"),
        ({"near": "nothing"}, "Tick the quotes first"),
    ],
)
def test_a_form_about_quotes_of_a_list_that_came_incomplete_says_what_is_missing(house, study, form, told):
    answer = house.browser.post(f"/studies/{study}/placements", data=form)
    assert answer.status_code == 422
    assert told in answer.text


def test_before_the_first_run_the_list_of_quotes_without_a_theme_says_what_to_do(house):
    fresh = house.study()
    assert "Quotes appear here with the first run." in show(house, f"/studies/{fresh}/themes/unplaced")[0]


def test_deleting_an_interview_says_how_many_decisions_go_with_it(house, study):
    first = house.get(f"/studies/{study}/transcripts")["items"][0]["id"]
    mine = [q["id"] for q in house.get(f"/studies/{study}/quotes", params={"transcript": first})["items"]][:2]
    assert "of people on its quotes" not in show(house, f"/studies/{study}")[0]
    made(house, study, "Mine", mine)
    words, _ = show(house, f"/studies/{study}")
    assert words.count("2 decisions of people on its quotes are lost.") == 1
    house.app.codebooks.take_back_placement(mine[0])
    assert "1 decision of people on its quotes is lost." in show(house, f"/studies/{study}")[0]
    assert house.get(f"/transcripts/{first}")["decisions"] == 1


def test_themes_renamed_because_an_interview_was_erased_are_told_by_their_new_name():
    page = themes_page(
        changed={"new": [], "grown": [], "shrunk": [], "renamed": [{"id": "th1", "label": "Finding 1"}], "unchanged": 1, "gone": 0}
    )
    assert "1 renamed, as an interview was erased whose words they bore" in page
