import copy
import re

import pytest
from page_samples import LANES, PARTICIPANT, RUN, STAGES, STUDY, TRANSCRIPT, TURN, journey, quote, stage, statement, swapped

from app.exports import html, present
from app.exports.html import map_html
from app.web.pages import render_page, static_files

HOSTILE = "<script>alert('x')</script>"
ARABIC = "انتظرت أربعين دقيقة"


def opened(**changes):
    document = journey()
    shown = {"statement": document["stages"][0]["lanes"]["pains"][0], "lane": "pains", "stage": document["stages"][0], "more": 4}
    return shown | {"supporting": [quote()], "contrary": [quote(id="q2", text="They rang me back.")]} | changes


def study_page(**changes):
    context = {
        "study": STUDY,
        "transcripts": [TRANSCRIPT],
        "outcomes": [],
        "participants": [PARTICIPANT],
        "personas": [{"id": "pe", "name": "Sole trader", "description": "", "participants": 1}],
        "stages": STAGES,
        "runs": [RUN],
        "limits": {"max_mb": 50},
        "llm": {"configured": False, "model": None, "host": None},
    }
    return render_page("study.html", **context | changes)


def quotes_page(**changes):
    context = {"quotes": [quote()], "filters": {"stage": "s1", "state": None}, "stages": STAGES, "participants": [PARTICIPANT], "total": 1}
    return render_page("quotes.html", **{"study": STUDY, "next_cursor": None} | context | changes)


def every_page():
    yield render_page("sign_in.html", error="No.", page={"signed_in": False})
    yield render_page("error.html", status=404, title="No such study", detail="It may have been deleted.", way_out=None)
    yield render_page("studies.html", studies=[STUDY], templates=[{"key": "k", "title": "T", "stages": ["Before"], "saved": False}])
    yield study_page(outcomes=[{"file_name": "b.mp4", "status": "refused", "transcript": None, "error": "This is a video."}])
    yield render_page(
        "run.html",
        study=STUDY,
        run=RUN | {"status": "partial", "gaps": [{"item": "w", "what": "a.vtt", "reason": "no answer", "quotes": 6}]},
    )
    yield render_page("map.html", study=STUDY, map=journey(), open=opened())
    yield render_page("transcript.html", study=STUDY, transcript=TRANSCRIPT, turns=[TURN], focus="q1")
    yield quotes_page(next_cursor="c")
    yield map_html(journey())


def pages_saying(words):
    study, run, document = swapped(STUDY | {"question": "?", "product": "?"}, words), swapped(RUN, words), swapped(journey(), words)
    document["participants"][0]["personas"] = [words]
    document["filter"]["personas"] = [words]
    document["run"]["gaps"] = [{"item": words, "what": words, "reason": words, "quotes": 2}]
    yield render_page("studies.html", studies=[study], templates=[{"key": "k", "title": words, "stages": [words], "saved": True}])
    yield study_page(
        study=study,
        transcripts=swapped([TRANSCRIPT | {"warnings": []}], words),
        participants=[swapped(PARTICIPANT, words) | {"attributes": {words: words}}],
        personas=[{"id": "pe", "name": words, "description": words, "participants": 1}],
        stages=swapped(STAGES, words),
        outcomes=[{"file_name": words, "status": "refused", "transcript": None, "error": words}],
        llm={"configured": True, "model": words, "host": words},
    )
    yield render_page("run.html", study=study, run=run | {"status": "failed", "error": words, "gaps": document["run"]["gaps"]})
    yield render_page(
        "map.html", study=study, map=document | {"unnamed_transcripts": [words], "question": words}, open=swapped(opened(), words)
    )
    yield render_page("transcript.html", study=study, transcript=swapped(TRANSCRIPT, words), turns=swapped([TURN], words), focus=None)
    yield quotes_page(study=study, quotes=[swapped(quote(), words)], stages=swapped(STAGES, words))
    yield render_page("error.html", status=404, title=words, detail=words, way_out=words)
    yield map_html(document)


def test_hostile_text_stays_text_on_every_page():
    for page in pages_saying(HOSTILE):
        assert "alert(" in page
        assert "<script>alert" not in page


def test_text_that_breaks_out_of_attributes_stays_inside_them():
    for page in pages_saying('" onmouseover="alert(1)'):
        assert '" onmouseover="' not in page


def test_text_from_people_decides_its_own_direction():
    for page in pages_saying(ARABIC):
        assert re.search(r'dir="auto"[^>]*>[^<]*' + ARABIC, page)


def test_every_page_has_one_h1_and_no_inline_script_or_style():
    for page in every_page():
        assert page.count("<h1") == 1
        assert " style=" not in page
        assert not re.search(r"<script(?! src=)", page)
        assert not re.search(r"\son\w+=", page)


def test_a_statement_links_to_its_quotes_and_says_how_many_people_and_how_many_against():
    page = render_page("map.html", study=STUDY, map=journey(), open=None)
    assert 'href="/studies/st/map?statement=st1#s-st1"' in page
    assert ">2 of 3</span>" in page
    assert "1 against" in page


def test_the_map_warns_of_files_without_names_and_of_gaps():
    document = journey() | {"unnamed_transcripts": ["b.txt"], "question": "Where does it hurt?", "of_participants": 4}
    document["run"]["gaps"] = [{"item": "w", "what": "a.vtt, window 2", "reason": "no answer", "quotes": 6}]
    for page in (render_page("map.html", study=STUDY, map=document, open=None), map_html(document)):
        assert re.search(r"b\.txt</bdi> does not say who speaks", page)
        assert "a.vtt, window 2 (6 quotes not tagged): no answer" in page
        assert "Where does it hurt?" in page
        assert "4 participants" in page


def test_the_panel_finds_the_lane_of_a_statement_in_its_stage():
    shown = opened()
    del shown["lane"]
    assert '<span class="lane-mark lane-pains">Pains</span>' in render_page("_evidence.html", study=STUDY, open=shown)


def test_an_empty_cell_says_so_and_the_teams_own_lane_says_it_otherwise():
    page = render_page("map.html", study=STUDY, map=journey(), open=None)
    second = page.split('id="stage-s2"')[1].split("</section>")[0]
    assert second.count("no evidence") == len(LANES) - 1
    assert second.count("nothing written yet") == 1


def test_a_full_cell_shows_three_and_keeps_the_rest_one_click_away():
    page = render_page("map.html", study=STUDY, map=journey(), open=None)
    before, after = page.split('<details class="rest"')
    assert before.count('class="statement"') == 3
    assert "4 more" in after


def test_a_statement_opened_from_the_rest_is_not_folded_away():
    open_last = opened(statement=journey()["stages"][0]["lanes"]["pains"][6])
    assert '<details class="rest" open>' in render_page("map.html", study=STUDY, map=journey(), open=open_last)


def test_the_panel_keeps_contrary_quotes_apart_and_leads_into_the_transcript():
    page = render_page("_evidence.html", study=STUDY, open=opened())
    supporting, contrary = page.split("Speaks against it")
    assert "It went dead." in supporting
    assert "They rang me back." not in supporting
    assert "They rang me back." in contrary
    assert 'href="/transcripts/t1?quote=q1#q-q1"' in supporting
    assert "5:12" in supporting
    assert "91% sure" in supporting
    assert "4 more quotes" in contrary
    assert "3 supporting quotes, <strong>1 against</strong>" in supporting


def test_a_quotes_context_never_holds_another_speakers_words():
    page = render_page("_evidence.html", study=STUDY, open=opened())
    assert "Forty minutes." in page
    assert "were you on hold" not in page
    assert "Oh dear" not in page


def test_a_curve_point_opens_with_its_score_in_words():
    page = render_page("_evidence.html", study=STUDY, open=opened(statement=None, lane=None))
    assert "−1.2" in page
    assert "averaged per participant first" in page


def test_coverage_names_all_four_parts_and_leads_to_each():
    page = render_page("map.html", study=STUDY, map=journey(), open=None)
    widths = re.findall(r'class="part-\w+" x="[\d.]+%" width="([\d.]+)%"', page)
    assert sum(map(float, widths)) == pytest.approx(100)
    assert all(f"/studies/st/quotes?state={state}" in page for state in ("used", "unplaced", "gap", "skipped"))


def test_a_map_without_sentences_or_statements_still_reads():
    document = journey() | {"stages": [stage("s1")], "participants": [], "themes": [], "summary": {"worst": [], "best": []}, "quotes": {}}
    document["coverage"] = dict.fromkeys(document["coverage"], 0)
    assert "no evidence" in render_page("map.html", study=STUDY, map=document, open=None)
    assert "no evidence" in map_html(document)


def test_what_was_left_out_or_guessed_of_a_file_is_said_aloud():
    page = study_page(transcripts=[TRANSCRIPT | {"named": False, "warnings": ["two cues run backwards"]}])
    assert "Two cues run backwards." in page


def test_a_guessed_role_is_shown_as_a_guess_and_the_one_in_force_is_selected():
    page = study_page()
    assert "Interviewer (guessed)" in page
    assert re.search(r'<option value="participant" selected>Participant</option>', page)


def test_the_page_says_where_text_goes_before_a_run():
    assert "nothing leaves this machine" in study_page()
    told = study_page(llm={"configured": True, "model": "m", "host": "llm.example.org"})
    assert "leave this machine for <code>llm.example.org</code>" in told
    assert re.search(r'value="llm" disabled', study_page())
    assert not re.search(r'value="llm" disabled', told)


def test_deleting_needs_a_second_button():
    form = study_page().split('action="/studies/st/delete"')
    assert form[0].rstrip().endswith('<form method="post"')
    assert "<details" in form[0].rsplit("<form", 1)[0][-120:]
    assert "cannot be undone" in form[1]


def test_a_running_run_refreshes_without_script_and_an_ended_one_does_not():
    assert 'http-equiv="refresh"' in render_page("run.html", study=STUDY, run=RUN)
    ended = render_page(
        "run.html", study=STUDY, run=RUN | {"status": "partial", "gaps": [{"item": "w", "what": "a.vtt", "reason": "none", "quotes": 6}]}
    )
    assert 'http-equiv="refresh"' not in ended
    assert "/runs/r/resume" in ended
    assert "6 quotes" in ended


def test_only_the_step_under_way_is_marked_busy():
    page = render_page("run.html", study=STUDY, run=RUN)
    assert page.count("is-busy") == 1
    assert "3 of 9" in page.split("is-busy")[1].split("</li>")[0]


def test_the_focused_quote_is_marked_and_left_out_words_say_why():
    page = render_page("transcript.html", study=STUDY, transcript=TRANSCRIPT, turns=[TURN], focus="q1")
    assert re.search(r'class="q is-pain is-focus" id="q-q1"', page)
    assert "[left out: Filler]" in page
    assert "1:02:03" in page


def test_the_next_page_of_quotes_keeps_the_filters_that_are_set():
    assert "/studies/st/quotes?stage=s1&amp;cursor=a%26b" in quotes_page(next_cursor="a&b")


def test_the_first_visit_explains_itself():
    page = render_page("studies.html", studies=[], templates=[])
    assert "draft journey map in which every sentence opens the participants’ own words" in page


def test_the_map_file_needs_neither_script_nor_network():
    page = map_html(journey())
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert not re.search(r"url\((?!data:|#)", page)


def test_every_link_in_the_map_file_leads_somewhere_in_it():
    page = map_html(journey())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_the_map_file_holds_every_quote_of_a_statement_and_caps_those_of_a_curve_point(monkeypatch):
    document = journey()
    many = {f"q{n}": quote(id=f"q{n}", text=f"Saying {n}.") for n in range(9)}
    document["quotes"] = many
    evidence = [{"quote_id": key, "relation": "supports"} for key in many]
    document["stages"][0]["lanes"]["pains"] = [statement(1, evidence=evidence, evidence_total=9, contrary_total=0)]
    document["stages"][0]["emotion"]["evidence"] = evidence
    monkeypatch.setattr(html, "POINT_QUOTES", 2)
    page = map_html(document)
    assert page.count("Saying 1.") == 2
    assert page.count("Saying 8.") == 1
    assert "7 more quotes, in <code>map.json</code>" in page


def test_the_map_file_carries_further_letters_only_when_it_needs_them():
    document = copy.deepcopy(journey())
    plain = len(map_html(document))
    document["title"] = "Čekání na lince"
    assert len(map_html(document)) > plain + 50_000


def test_fonts_stay_within_their_weight_and_come_with_their_licences():
    fonts = list((present.STATIC / "fonts").glob("*.woff2"))
    assert sum(f.stat().st_size for f in fonts) < 150_000
    sheet = (present.STATIC / "throughline.css").read_text(encoding="utf-8")
    assert all(f"url(fonts/{f.name})" in sheet for f in fonts)
    assert len(list((present.STATIC / "fonts").glob("*OFL.txt"))) == 2


def test_static_files_are_found_wherever_they_live():
    for name in ("throughline.css", "throughline.js", "theme.js", "icon.svg"):
        assert static_files().lookup_path(name)[1] is not None


def test_a_hybrid_run_says_what_the_model_tagged_and_how_well_the_heads_learned_it():
    fields = {"stage": {"accuracy": 0.75, "kappa": 0.61}, "channel": {"accuracy": 1.0, "kappa": None}}
    learned = {"quotes": 64, "learned_from": 640, "asked": 704, "of": 2000, "fields": fields}
    text = " ".join(render_page("run.html", study=STUDY, run=RUN | {"status": "succeeded", "agreement": learned}).split())
    assert "tagged 704 of 2,000 quotes; heads fitted on 640 of its answers tagged the rest" in text
    assert "On 64 quotes held back from the fit they said the same as the model: stage 75% (κ 0.61), channel 100%." in text
    assert "held back" not in render_page("run.html", study=STUDY, run=RUN)
