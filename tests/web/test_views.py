"""Pages over a real server: what each shows, where each form leads, that everything reads without script."""

import html
import re

import pytest
from house import House, talk


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    return house.drawn()


def show(house, path, **more):
    answer = house.browser.get(path, **more)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.text


def send(house, path, data=None, **more):
    """Where a form leads."""
    answer = house.browser.post(path, data=data, **more)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
    return answer.headers["location"]


def links(page):
    return {html.unescape(href) for href in re.findall(r'href="(/[^"]*)"', page)}


@pytest.mark.slow
def test_every_link_and_picture_on_every_page_leads_somewhere(house, drawn):
    todo, seen = ["/", "/sign-in"], set()
    while todo:
        path = todo.pop().partition("#")[0]
        if path in seen:
            continue
        seen.add(path)
        answer = house.browser.get(path)
        assert answer.status_code in {200, 303}, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            todo += [*links(answer.text), *re.findall(r'src="(/[^"]*)"', answer.text)]
    assert {f"/studies/{drawn}", f"/studies/{drawn}/map", f"/studies/{drawn}/quotes", "/static/throughline.css"} <= seen
    assert len(seen) > 40


def test_every_form_leads_to_a_route_that_takes_it(house, drawn):
    run = house.get(f"/studies/{drawn}/runs")["items"][0]["id"]
    pages = [show(house, path) for path in ("/", f"/studies/{drawn}", f"/runs/{run}", f"/studies/{drawn}/map", f"/studies/{drawn}/quotes")]
    forms = {form for page in pages for form in re.findall(r'<form method="(\w+)" action="([^"]*)"', " ".join(page.split()))}
    assert len(forms) > 8
    for method, action in forms:
        answer = house.stranger.request(method.upper(), action)
        assert answer.status_code == 303, action  # not 404 or 405: the route is there and asks who this is
        assert answer.headers["location"].startswith("/sign-in")


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(house, drawn):
    path = f"/studies/{drawn}/quotes?state=used"
    answer = house.stranger.get(path)
    assert answer.status_code == 303
    page = house.stranger.get(answer.headers["location"]).text
    assert "throughline serve" in page
    assert "Sign out" not in page
    someone = house.client()
    goal = answer.headers["location"].partition("next=")[2]
    assert someone.get(f"/sign-in?token={house.sign_in.issue()}&next={goal}").headers["location"] == path


def test_the_sign_in_form_takes_the_key_and_remembers_where_one_wanted_to_go(house, drawn):
    someone = house.client()
    page = someone.get(f"/sign-in?next=/studies/{drawn}").text
    assert f'<input type="hidden" name="next" value="/studies/{drawn}">' in page
    answer = someone.post("/sign-in", data={"key": f" {house.key()} ", "next": f"/studies/{drawn}"})
    assert answer.headers["location"] == f"/studies/{drawn}"
    assert someone.get("/").status_code == 200


def test_a_study_is_made_and_shown(house):
    form = {"name": "First week", "question": "What is hard?", "product": "Quill", "template": "three-stage"}
    page = show(house, send(house, "/studies", form))
    for words in ("First week", "What is hard?", "Quill", "Before", "During", "After"):
        assert words in page
    assert "First week" in show(house, "/")


def test_an_upload_by_form_shows_what_became_of_each_file_and_what_was_understood(house):
    study = house.study()
    table = b"file,speaker,role,personas\nbea.txt,Bea,participant,Careful\n"
    files = [talk("Bea"), ("copy.txt", talk("Bea")[1]), ("clip.mp4", b"\0" * 400), ("participants.csv", table)]
    target = send(house, f"/studies/{study}/transcripts", files=[("files", file) for file in files])
    page = show(house, target)
    assert [re.search(word, page) is not None for word in ("✓ Read", "= Already here", "✕ Refused", "✓ Applied")] == [True] * 4
    assert "clip.mp4" in page
    assert "Ann Interviewer" in page
    assert "Careful" in page
    assert "✕ Refused" not in show(house, f"/studies/{study}")


def test_an_upload_without_a_file_says_so(house):
    study = house.study()
    answer = house.browser.post(f"/studies/{study}/transcripts", files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert "choose one or more transcripts" in answer.text


def test_a_run_is_started_followed_and_its_fragment_drawn_alone(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    target = send(house, f"/studies/{study}/runs", {"tagger": "offline"})
    page = show(house, target)
    assert "Finished" in page
    assert "<html" in page
    part = show(house, target, headers={"X-Fragment": "progress"})
    assert part.lstrip().startswith('<section id="progress"')
    assert part.strip() in page


def test_a_run_of_nothing_is_refused_on_a_page_that_says_what_to_do(house):
    answer = house.browser.post(f"/studies/{house.study()}/runs", data={"tagger": "auto"})
    assert answer.status_code == 422
    assert "upload some, then start the run" in answer.text
    assert house.browser.post(f"/studies/{house.study()}/runs", data={"tagger": "best"}).status_code == 422


def test_a_study_without_a_map_says_how_to_get_one(house):
    answer = house.browser.get(f"/studies/{house.study()}/map")
    assert answer.status_code == 404
    assert "start a run to draw one" in answer.text


def test_the_map_shows_every_statement_and_each_opens_its_quotes_without_script(house, drawn):
    page = show(house, f"/studies/{drawn}/map?view=grid")
    sent = house.get(f"/studies/{drawn}/map")
    said = [s for stage in sent["stages"] for lane, of_lane in stage["lanes"].items() if lane != "business_actions" for s in of_lane]
    assert said
    for statement in said:
        assert f"/studies/{drawn}/map?view=grid&statement={statement['id']}#s-{statement['id']}" in links(page)
    opened = show(house, f"/studies/{drawn}/map?statement={said[0]['id']}")
    part = show(house, f"/studies/{drawn}/map?statement={said[0]['id']}", headers={"X-Fragment": "evidence"})
    assert 'id="evidence"' in opened
    assert "<html" not in part
    assert show(house, f"/studies/{drawn}/map/statements/{said[0]['id']}") == opened
    for quote in house.get(f"/statements/{said[0]['id']}")["supporting"]:
        assert html.escape(quote["text"], quote=False).replace("'", "&#39;") in part
        assert f"/transcripts/{quote['transcript_id']}?quote={quote['id']}#q-{quote['id']}" in links(part)
    assert house.browser.get(f"/studies/{drawn}/map?statement=unknown").status_code == 404


def test_a_point_of_the_curve_opens_its_quotes(house, drawn):
    stage = next(s for s in house.get(f"/studies/{drawn}/map")["stages"] if s["emotion"])
    assert f"/studies/{drawn}/map?stage={stage['id']}&curve=1" in links(show(house, f"/studies/{drawn}/map"))
    part = show(house, f"/studies/{drawn}/map?stage={stage['id']}&curve=1", headers={"HX-Request": "true"})
    assert f"of {house.get(f'/studies/{drawn}/map')['of_participants']} participants" in part


def test_a_quote_is_found_in_its_transcript(house, drawn):
    quote = house.get(f"/studies/{drawn}/quotes")["items"][0]
    page = show(house, f"/transcripts/{quote['transcript_id']}?quote={quote['id']}")
    assert re.search(rf'class="q[^"]*is-focus[^"]*" id="q-{quote["id"]}"', page)
    words = re.sub(r"<[^>]*>", "", page)
    assert "Would you recommend it?" in words
    text = house.script.get(f"/api/v1/transcripts/{quote['transcript_id']}/text").text
    shown = re.sub(r'<span class="vh">.*?</span>', "", page)
    shown = html.unescape(re.sub(r"<[^>]*>", "", shown))
    assert all(paragraph in shown for paragraph in text.split("\n\n"))


def test_what_was_left_out_is_listed_and_found_in_its_transcript(house, drawn):
    page = show(house, f"/studies/{drawn}/quotes?state=skipped")
    assert "Filler" in page or "filler" in page
    href = next(link for link in links(page) if link.startswith("/transcripts/"))
    assert f'id="{href.partition("#")[2]}"' in show(house, href.partition("#")[0])


def test_the_list_of_quotes_holds_everything_and_is_filtered_by_its_form(house, drawn):
    quotes, skipped = (house.get(f"/studies/{drawn}/quotes", params=p)["total"] for p in ({}, {"state": "skipped"}))
    assert f"{quotes + skipped} quotes" in show(house, f"/studies/{drawn}/quotes")
    stage = next(
        s
        for s in house.get(f"/studies/{drawn}/stages")["items"]
        if house.get(f"/studies/{drawn}/quotes", params={"stage": s["key"]})["total"]
    )
    found = house.get(f"/studies/{drawn}/quotes", params={"stage": stage["key"]})["total"]
    page = show(house, f"/studies/{drawn}/quotes?stage={stage['id']}&emotion=&state=")
    assert re.search(rf">{found} quotes?\b", page)
    assert f'<option value="{stage["id"]}" selected>' in page


def test_roles_participants_and_personas_are_edited_by_form(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    target = send(house, f"/studies/{study}/personas", {"name": "Careful", "description": "reads first"})
    persona = house.get(f"/studies/{study}/personas")["items"][0]
    assert target == f"/studies/{study}/people#persona-{persona['id']}"
    bea = house.get(f"/studies/{study}/participants")["items"][0]
    form = {"name": "Beatrice", "attributes": "plan: Quill\n\n trade : baker: bread \n", "persona_ids": [persona["id"]]}
    assert send(house, f"/participants/{bea['id']}", form) == f"/studies/{study}/people#person-{bea['id']}"
    changed = house.get(f"/participants/{bea['id']}")
    assert (changed["name"], changed["attributes"]) == ("Beatrice", {"plan": "Quill", "trade": "baker: bread"})
    assert changed["persona_ids"] == [persona["id"]]
    speaker = house.get(f"/studies/{study}/transcripts")["items"][0]["speakers"][0]
    assert send(house, f"/speakers/{speaker['id']}", {"role": "observer"}) == f"/studies/{study}#transcripts"
    assert house.get(f"/studies/{study}/transcripts")["items"][0]["speakers"][0]["role"] == "observer"
    for path, wrong in (
        (f"/participants/{bea['id']}", {"name": " "}),
        (f"/participants/{bea['id']}", {"name": "B", "attributes": "no colon"}),
        (f"/speakers/{speaker['id']}", {"role": "boss"}),
        (f"/studies/{study}/personas", {"name": ""}),
    ):
        assert house.browser.post(path, data=wrong).status_code == 422, path


def test_transcripts_and_studies_are_erased_by_form(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    transcript = house.get(f"/studies/{study}/transcripts")["items"][0]["id"]
    assert send(house, f"/transcripts/{transcript}/delete") == f"/studies/{study}#transcripts"
    assert house.browser.get(f"/transcripts/{transcript}").status_code == 404
    assert send(house, f"/studies/{study}/delete") == "/"
    assert house.browser.get(f"/studies/{study}").status_code == 404


def test_an_upload_that_is_far_too_large_is_refused_on_a_page(tmp_path):
    small = House(tmp_path, max_upload_mb=1)
    answer = small.browser.post(f"/studies/{small.study()}/transcripts", files=[("files", ("a.txt", b"x" * 11_000_000))])
    small.close()
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "fewer or smaller files" in answer.text


def test_what_a_run_will_take_stands_beside_the_button_and_on_a_page_of_its_own(house, drawn):
    study = show(house, f"/studies/{drawn}")
    assert f'data-estimate="/studies/{drawn}/estimate"' in study
    assert f'formaction="/studies/{drawn}/estimate"' in study
    alone = show(house, f"/studies/{drawn}/estimate?tagger=offline")
    assert "No model will be asked." in alone
    assert '<input type="hidden" name="tagger" value="offline">' in alone
    part = show(house, f"/studies/{drawn}/estimate", headers={"X-Fragment": "estimate"})
    assert part.lstrip().startswith('<p class="estimate" id="estimate">')
    assert house.browser.get(f"/studies/{drawn}/estimate?tagger=best").status_code == 422
