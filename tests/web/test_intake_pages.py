"""The preview before an upload and joined participants, on the pages."""

import io
import re
import zipfile

import pytest
from house import House, talk

SECOND = b"Ann: Which one?\n\nBea L.: The green one over there, by the river.\n\nAnn: Why?\n\nBea L.: It was near, I think.\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


def send(house, path, **more):
    answer = house.browser.post(path, headers={"Origin": "http://127.0.0.1"}, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def look(house, study, files, **headers):
    return house.browser.post(f"/studies/{study}/transcripts/preview", files=[("files", file) for file in files], headers=headers)


def test_files_can_be_looked_at_before_they_are_added_with_and_without_script(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("in/dina.txt", talk("Dina")[1])
    files = [
        talk("Bea"),
        talk("Carl"),
        ("clip.mp4", b"\0" * 400),
        ("talks.zip", packed.getvalue()),
        ("participants.csv", b"file,speaker\n"),
    ]
    part = look(house, study, files, **{"X-Fragment": "preview"}).text
    assert part.lstrip().startswith("<section")
    assert 'data-add="Add 2 transcripts"' in part
    for words in (
        "✓ New",
        "= Already here",
        "✕ Refused",
        "✓ Table",
        "carl.txt",
        "dina.txt",
        "from <span",
        "Ann Interviewer",
        "First lines",
    ):
        assert words in part, words
    whole = look(house, study, files).text
    assert "<!doctype html>" in whole.lower()
    assert "choose them once more" in whole
    assert "✓ New" in whole
    assert house.get(f"/studies/{study}")["transcripts"] == 1


def test_hostile_words_in_a_preview_are_only_words(house):
    asks = "<script>alert(1)</script>"
    text = f"{asks}: Hello <b>you</b>?\n\nBea: <img src=x onerror=alert(2)> no.\n\n{asks}: Why?\n\nBea: So."
    part = look(house, house.study(), [("<i>x.txt", text.encode())], **{"X-Fragment": "preview"}).text
    assert "<script>" not in part
    assert "<img" not in part
    assert "<i>" not in part


def test_the_form_leads_to_the_preview_without_script(house):
    study = house.study()
    page = show(house, f"/studies/{study}")
    assert f'formaction="/studies/{study}/transcripts/preview"' in page


def test_a_look_at_no_file_says_so(house):
    answer = look(house, house.study(), [("", b"")])
    assert answer.status_code == 422
    assert "choose one or more transcripts" in answer.text


def test_people_are_joined_and_separated_on_the_page(house):
    study = house.study()
    house.upload(study, talk("Bea Larsson"), ("second.txt", SECOND))
    page = show(house, f"/studies/{study}/people")
    assert "The same person" in page
    guess, into = re.search(
        r'action="/participants/(\w+)/join" class="inline same is-guess"><input type="hidden" name="into" value="(\w+)"', page
    ).groups()
    send(house, f"/participants/{guess}/join", data={"into": into})
    page = show(house, f"/studies/{study}/people")
    assert page.count('class="person"') == 1
    assert f'action="/participants/{guess}/separate"' in page
    assert "Somebody else" in page
    send(house, f"/participants/{guess}/separate")
    assert show(house, f"/studies/{study}/people").count('class="person"') == 2


def test_a_persona_is_added_where_a_participant_is_edited(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    (bea,) = house.get(f"/studies/{study}/participants")["items"]
    send(house, f"/participants/{bea['id']}", data={"name": "Bea", "attributes": "plan: Quill", "new_personas": "Careful; Loyal"})
    (bea,) = house.get(f"/studies/{study}/participants")["items"]
    assert len(bea["persona_ids"]) == 2
    assert [p["name"] for p in house.get(f"/studies/{study}/personas")["items"]] == ["Careful", "Loyal"]


def test_a_paired_file_says_of_which_talk_it_is(house):
    study = house.study()
    name, data = talk("Bea")
    house.upload(study, (name, data))
    page = show(house, send(house, f"/studies/{study}/transcripts", files=[("files", ("b.txt", data.replace(b"forty", b"fifty")))]))
    assert "≈ Same talk" in page
    assert "Nearly the same as bea.txt" in page
