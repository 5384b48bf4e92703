"""Quotes at their own address, the rest of the evidence, transcripts in parts, coverage: what the pages say and where they lead."""

import html
import re

import pytest
from house import House
from page_samples import STAGES, STUDY, TRANSCRIPT, TURN, journey, quote

from app.services import transcript_pages
from app.web.pages import PageLinks, render_page

HEARD = "https://media.example/bea.mp3"
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann Interviewer>How did you first hear about it, before you signed up?

00:05:12.000 --> 00:05:20.000
<v Bea Larsson>I was fed up with the old provider because they kept me waiting for forty minutes on the phone.

00:05:21.000 --> 00:05:30.000
<v Bea Larsson>And then the chat sorted it out in two minutes, which was brilliant.
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    return house.drawn()


@pytest.fixture(scope="module")
def timed(house):
    """A study of one interview with times."""
    study = house.study(name="Checkout interviews")
    house.upload(study, ("bea.vtt", CAPTIONS.encode()))
    assert house.script.post(f"/api/v1/studies/{study}/runs").status_code == 202
    return study


def show(house, path, **more):
    answer = house.browser.get(path, **more)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
    return answer.text


def words_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(page):
    return {html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)}


def told_quotes(house, study):
    return house.get(f"/studies/{study}/quotes", params={"limit": 200})["items"]


# A quote's own page


def test_a_quote_stands_large_with_who_said_it_when_and_where(house, timed):
    first, *_ = told_quotes(house, timed)
    page = show(house, f"/quotes/{first['id']}")
    said = words_of(page)
    assert first["text"] in said
    assert "5:12" in said
    assert "bea.vtt" in said
    assert "How did you first hear about it, before you signed up?" in said
    assert page.count("<h1") == 1
    assert f"/transcripts/{first['transcript_id']}?quote={first['id']}#q-{first['id']}" in links(page)
    assert f"/studies/{timed}/search?like={first['id']}" in links(page)


def test_the_reference_can_be_selected_where_there_is_no_script(house, timed):
    first, *_ = told_quotes(house, timed)
    page = show(house, f"/quotes/{first['id']}")
    given = html.unescape(re.search(r"<textarea readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    assert given == f"“{first['text']}” — P1, Checkout interviews, 5:12\nhttp://127.0.0.1/quotes/{first['id']}"
    button = re.search(r'<button type="button" class="small copy" data-copy="([^"]*)" data-address="([^"]*)"', page)
    assert html.unescape(button[1]) == given.partition("\n")[0]
    assert button[2] == f"/quotes/{first['id']}"


def test_quotes_of_an_interview_lead_to_each_other(house, drawn):
    mine = [q["id"] for q in told_quotes(house, drawn) if q["transcript"] == "bea.txt"]
    seen, page = [mine[0]], show(house, f"/quotes/{mine[0]}")
    assert 'rel="prev"' not in page
    while following := re.search(r'href="/quotes/(\w+)" rel="next"', page):
        seen.append(following[1])
        page = show(house, f"/quotes/{following[1]}")
    assert seen == mine


def test_a_quote_names_the_statements_that_rest_on_it_and_they_open_on_the_map(house, drawn):
    sent = house.get(f"/studies/{drawn}/map")
    statement = next(s for stage in sent["stages"] for s in stage["lanes"]["pains"])
    quote_id = statement["evidence"][0]["quote_id"]
    page = show(house, f"/quotes/{quote_id}")
    (href,) = {h for h in links(page) if f"statement={statement['id']}" in h}
    assert "It supports" in page
    assert 'id="evidence"' in show(house, href.partition("#")[0])


def test_tags_say_who_decided_each_and_are_corrected_on_the_page(house):
    study = house.drawn("Dora")
    chosen = next(q for q in told_quotes(house, study) if q["emotion"] == "frustration")
    path = f"/quotes/{chosen['id']}"
    assert "offline tagger" in words_of(show(house, path))
    assert "data-tags" not in show(house, path)
    form = {field: str(chosen[field]) for field in ("stage", "channel", "kind", "intensity", "experience")}
    form |= {"touchpoint": chosen["touchpoint"] or "", "emotion": "anger", "back": f"{path}?saved=1#judged-title"}
    answer = house.browser.post(f"{path}/tags", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?saved=1#judged-title")
    row = re.search(r'<tr><th scope="row">Emotion</th>(.*?)</tr>', show(house, path), re.DOTALL)[1]
    assert "anger" in row
    assert re.search(r'the model had said <span class="was" dir="auto">\s*frustration', row)


def test_a_quote_that_is_not_there_says_so(house):
    assert house.browser.get("/quotes/unknown").status_code == 404


def test_every_quote_in_a_list_leads_to_its_own_page_but_what_was_left_out_has_none(house, drawn):
    page = show(house, f"/studies/{drawn}/quotes")
    assert {h for h in links(page) if h.startswith("/quotes/")} == {f"/quotes/{q['id']}" for q in told_quotes(house, drawn)}
    left_out = show(house, f"/studies/{drawn}/quotes?state=skipped")
    assert not {h for h in links(left_out) if h.startswith("/quotes/")}
    assert "data-copy" not in left_out


def test_hostile_words_stay_words_on_the_new_pages():
    attack = '"><script>alert(1)</script>'
    shown = quote(text=attack, participant=attack, theme_id="t", listen=None, review=None)
    around = {"speaker": attack, "participant": "", "role": "interviewer", "start_ms": None, "text": attack}
    place = {
        "quote": shown,
        "transcript": TRANSCRIPT | {"file_name": attack},
        "turn_before": around,
        "before": attack,
        "after": attack,
        "turn_after": around,
        "previous_id": attack,
        "following_id": None,
        "number": 1,
        "of": 2,
        "theme": {"id": "t", "label": attack},
        "cited": [
            {"statement_id": "s", "text": attack, "lane": "pains", "stage_id": "s1", "stage": attack, "relation": "supports"},
            {"statement_id": None, "text": None, "lane": None, "stage_id": "s1", "stage": attack, "relation": "contradicts"},
        ],
    }
    study = STUDY | {"name": attack}
    page = render_page("quote.html", study=study, place=place, stages=STAGES, tagger=None, address="http://h/quotes/q1")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'dir="auto"' in page


# The rest of the evidence


def test_many_quotes_are_paged_and_every_one_is_reached_without_script(house, drawn, monkeypatch):
    for module in ("services.maps", "services.shapes", "web.views_quotes"):
        monkeypatch.setattr(f"app.{module}.EVIDENCE_PAGE", 2)
    sent = house.get(f"/studies/{drawn}/map")
    stage = max((s for s in sent["stages"] if s["emotion"]), key=lambda s: s["emotion"]["quotes"])
    total = stage["emotion"]["quotes"]
    assert total > 3
    panel = show(house, f"/studies/{drawn}/map?stage={stage['id']}&curve=1")
    (rest,) = {h for h in links(panel) if "/evidence?" in h}
    assert f"{total - 2} more quote" in words_of(panel)
    seen = re.findall(r'class="to-quote" href="/quotes/(\w+)"', panel)
    page = show(house, rest)
    assert f"Quotes 3 to 4 of {total}" in words_of(page)
    assert re.search(r'href="([^"]*offset=0)" rel="prev"', page)
    while True:
        seen += re.findall(r'class="to-quote" href="/quotes/(\w+)"', page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        if not following:
            break
        page = show(house, html.unescape(following[1]))
    assert len(seen) == len(set(seen)) == total


def test_the_rest_of_the_evidence_comes_as_a_panel_for_a_script(house, drawn):
    statement = next(s for stage in house.get(f"/studies/{drawn}/map")["stages"] for s in stage["lanes"]["pains"])
    part = show(house, f"/studies/{drawn}/evidence?statement={statement['id']}", headers={"X-Fragment": "evidence"})
    assert part.lstrip().startswith('<aside class="panel"')


@pytest.mark.parametrize("wrong", ["", "?statement=unknown", "?stage=unknown"])
def test_evidence_of_nothing_is_not_there(house, drawn, wrong):
    assert house.browser.get(f"/studies/{drawn}/evidence{wrong}").status_code == 404


def test_a_page_beyond_the_last_quote_says_how_many_there_are(house, drawn):
    statement = next(s for stage in house.get(f"/studies/{drawn}/map")["stages"] for s in stage["lanes"]["pains"])
    answer = house.browser.get(f"/studies/{drawn}/evidence?statement={statement['id']}&offset=5000")
    assert answer.status_code == 404
    assert "go back to the map" in answer.text


def test_the_rest_keeps_what_the_map_was_narrowed_to():
    opened = {"statement": {"id": "s"}, "stage": {"id": "x"}, "supporting": [1] * 50, "contrary": [], "more": 3, "next_offset": 50}
    look = PageLinks("st", look=(("persona", "p1"), ("view", "grid")))
    assert look.rest(opened) == "/studies/st/evidence?persona=p1&view=grid&statement=s&offset=50"
    assert PageLinks("st").rest(opened | {"more": 0}) is None
    assert PageLinks("st").rest(opened | {"statement": None}) == "/studies/st/evidence?stage=x&offset=50"


# Recordings


def test_a_recording_is_told_on_the_transcript_and_quotes_lead_into_it(house, timed):
    first, *_ = told_quotes(house, timed)
    transcript = f"/transcripts/{first['transcript_id']}"
    assert "listen at" not in show(house, f"/quotes/{first['id']}")
    answer = house.browser.post(f"{transcript}/recording", data={"recording": f" {HEARD} "})
    assert (answer.status_code, answer.headers["location"]) == (303, transcript)
    for path in (transcript, f"/quotes/{first['id']}", f"/studies/{timed}/quotes"):
        page = show(house, path)
        heard = re.findall(rf'<a class="time listen" href="{HEARD}#t=\d+" rel="noopener noreferrer" target="_blank">', page)
        assert heard, path
    assert f"{HEARD}#t=312" in links(show(house, f"/quotes/{first['id']}"))
    house.browser.post(f"{transcript}/recording", data={"recording": ""})
    assert HEARD not in show(house, transcript)


def test_the_panel_leads_into_the_recording_and_to_the_quotes_own_page():
    shown = {"statement": journey()["stages"][0]["lanes"]["pains"][0], "stage": journey()["stages"][0], "lane": "pains", "more": 0}
    shown |= {"supporting": [quote(listen=f"{HEARD}#t=312")], "contrary": []}
    part = render_page("_evidence.html", study=STUDY, open=shown)
    assert f'href="{HEARD}#t=312" rel="noopener noreferrer"' in part
    assert 'href="/quotes/q1"' in part


def test_an_address_that_cannot_be_is_refused_on_the_form_it_came_from(house, timed):
    transcript = told_quotes(house, timed)[0]["transcript_id"]
    answer = house.browser.post(f"/transcripts/{transcript}/recording", data={"recording": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="javascript:alert(1)"' in answer.text
    assert "javascript:" not in " ".join(links(answer.text))


# Transcripts


def test_a_long_transcript_is_cut_into_parts_that_link_to_each_other(house, drawn, monkeypatch):
    transcript = house.get(f"/studies/{drawn}/transcripts")["items"][0]["id"]
    assert 'aria-label="Parts of this transcript' not in show(house, f"/transcripts/{transcript}")
    monkeypatch.setattr(transcript_pages, "PART_BYTES", 900)
    page = show(house, f"/transcripts/{transcript}")
    parts = sorted(h for h in links(page) if "part=" in h)
    assert len(parts) > 2
    assert page.count('aria-current="page"') == 3  # above and below, and where one is in the study
    marked = [i for part in parts for i in re.findall(r'<mark[^>]* id="q-(\w+)"', show(house, part))]
    mine = [q["id"] for q in told_quotes(house, drawn) if q["transcript_id"] == transcript]
    assert sorted(marked) == sorted(mine)
    last = show(house, f"/transcripts/{transcript}?quote={mine[-1]}")
    assert re.search(rf'is-focus" id="q-{mine[-1]}"', last)
    assert house.browser.get(f"/transcripts/{transcript}?part=99").status_code == 404


@pytest.mark.slow
def test_three_hours_of_talk_come_in_pages_of_less_than_300_kb(house):
    study = house.study()
    lines = [
        f"Ann: And what was number {i} like for you, if you think back to that week?\n\n"
        f"Bea: On day {i} I rang the support line and waited for {i % 50} minutes. It's what they call “priority”. "
        f"Then somebody answered and didn't know anything about order {i}, which was frustrating.\n\n"
        for i in range(650)
    ]
    house.upload(study, ("long.txt", "".join(lines).encode()))
    house.script.post(f"/api/v1/studies/{study}/runs")
    (transcript,) = house.get(f"/studies/{study}/transcripts")["items"]
    assert transcript["words"] > 27_000
    house.script.patch(f"/api/v1/transcripts/{transcript['id']}", json={"recording": "https://media.example/" + "x" * 60})
    first = show(house, f"/transcripts/{transcript['id']}")
    parts = sorted(h for h in links(first) if "part=" in h)
    assert len(parts) > 1
    assert max(len(show(house, part).encode()) for part in parts) < 300_000
    assert len(show(house, f"/studies/{study}/quotes").encode()) < 300_000
    assert len(re.findall(r'class="seg-', first.partition("coverage-parts")[0])) <= 200


def test_only_the_turns_around_a_quote_come_beside_the_map(house, drawn):
    chosen = told_quotes(house, drawn)[3]
    part = show(house, f"/transcripts/{chosen['transcript_id']}?quote={chosen['id']}", headers={"X-Fragment": "transcript"})
    assert part.lstrip().startswith('<section class="talk-beside"')
    assert re.search(rf'is-focus" id="q-{chosen["id"]}"', part)


def test_the_old_context_of_a_transcript_still_renders():
    assert "It went dead." in render_page("transcript.html", study=STUDY, transcript=TRANSCRIPT, turns=[TURN], focus="q1")


# Coverage


def test_a_transcript_says_what_the_map_rests_on_and_each_number_lists_its_quotes(house, drawn):
    transcript = house.get(f"/studies/{drawn}/transcripts")["items"][0]["id"]
    told = house.get(f"/transcripts/{transcript}/coverage")
    page = show(house, f"/transcripts/{transcript}")
    assert f"Each of their {told['sentences']} sentences" in words_of(page)
    assert "1 filler" in words_of(page)
    href = next(h for h in links(page) if "state=skipped" in h)
    assert f"transcript={transcript}" in href
    listed = show(house, href)
    assert "filler" in listed
    assert 'value="' + transcript + '" selected' in listed
    for state in ("used", "unplaced", "gap"):
        found = house.get(f"/studies/{drawn}/quotes", params={"state": state, "transcript": transcript})["items"]
        assert bool(found) == bool(told[state])


def test_every_part_of_the_strip_leads_to_its_place_and_none_is_a_stop_for_the_keyboard(house, drawn):
    transcript = house.get(f"/studies/{drawn}/transcripts")["items"][0]["id"]
    page = show(house, f"/transcripts/{transcript}")
    drawing = re.search(r'<svg class="strip".*?</svg>', page, re.DOTALL)[0]
    parts = re.findall(r'<a href="\?(?:quote|turn)=\w+#([qt]-\w+)" tabindex="-1">', drawing)
    assert len(parts) == drawing.count('<rect class="seg-')
    assert all(f'id="{place}"' in page for place in parts)
    assert 'aria-hidden="true"' in drawing
    widths = [float(w) for w in re.findall(r'class="seg-\w+" x="[\d.]+%" width="([\d.]+)%"', drawing)]
    assert sum(widths) == pytest.approx(100, abs=0.2)


def test_all_interviews_are_laid_side_by_side_in_pages(house, drawn, monkeypatch):
    page = show(house, f"/studies/{drawn}/coverage")
    assert page.count('<svg class="strip"') == 2
    monkeypatch.setattr(transcript_pages, "COVERAGES_PAGE", 1)
    first = show(house, f"/studies/{drawn}/coverage")
    assert first.count('<svg class="strip"') == 1
    following = next(h for h in links(first) if "cursor=" in h)
    assert "carl.txt" in show(house, following)
    assert "cursor=" not in " ".join(links(show(house, following)))


def test_coverage_of_a_study_without_interviews_or_without_a_map_says_so(house):
    study = house.study()
    assert "no interview in this study yet" in show(house, f"/studies/{study}/coverage")
    house.upload(study, ("bea.vtt", CAPTIONS.encode()))
    assert "No map was drawn from this interview yet." in show(house, f"/studies/{study}/coverage")
