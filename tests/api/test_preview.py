"""Previews, archives and joined participants over HTTP."""

import io
import zipfile

import pytest
from house import talk

VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>How was the first week?\n\n00:05.000 --> 00:09.000\n<v Bea>I waited on hold.\n"

SECOND = b"Ann: Which one?\n\nBea L.: The green one over there, by the river.\n\nAnn: Why?\n\nBea L.: It was near, I think.\n"


def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def study(house):
    return house.study()


def preview(house, study, *files):
    answer = house.script.post(f"/api/v1/studies/{study}/transcripts/preview", files=[("files", file) for file in files])
    assert answer.status_code == 200, answer.text
    return {f["file_name"]: f for f in answer.json()["files"]}


def test_a_preview_tells_what_was_understood_and_stores_nothing(house, study):
    told = preview(
        house, study, ("a.vtt", VTT), ("clip.mp4", b"\x00\x00\x00\x20ftypisom" + bytes(500)), ("participants.csv", b"file,speaker\n")
    )
    one = told["a.vtt"]
    assert (one["status"], one["shape"], one["turns"], one["duration_ms"], one["named"]) == ("new", "vtt", 2, 9000, True)
    assert [(s["name"], s["role"]) for s in one["speakers"]] == [("Ann", "interviewer"), ("Bea", "participant")]
    assert sum(s["share"] for s in one["speakers"]) == pytest.approx(1, abs=1e-3)
    assert one["first_lines"] == [{"speaker": "Ann", "text": "How was the first week?"}, {"speaker": "Bea", "text": "I waited on hold."}]
    assert told["clip.mp4"]["status"] == "refused"
    assert "recording" in told["clip.mp4"]["error"]
    assert told["participants.csv"]["status"] == "table"
    assert house.get(f"/studies/{study}")["transcripts"] == 0
    assert house.get(f"/studies/{study}/participants")["items"] == []


def test_a_preview_says_what_is_in_the_study_already_and_takes_json_too(house, study):
    house.upload(study, talk("Bea"))
    files = [{"file_name": name, "text": talk(name)[1].decode()} for name in ("Bea", "Carl")]
    told = house.script.post(f"/api/v1/studies/{study}/transcripts/preview", json={"files": files}).json()["files"]
    assert [(f["file_name"], f["status"], f["same_as"]) for f in told] == [("Bea", "known", "bea.txt"), ("Carl", "new", None)]


def test_long_first_turns_are_cut_between_words_and_there_are_five_of_them(house, study):
    text = "\n\n".join(f"{'Ann' if i % 2 else 'Bea'}: {'some longer words ' * 40}{i}" for i in range(9))
    lines = preview(house, study, ("a.txt", text.encode()))["a.txt"]["first_lines"]
    assert len(lines) == 5
    assert all(len(line["text"]) <= 161 and line["text"].endswith(("words…", "some…", "longer…")) for line in lines)


def test_a_preview_of_nothing_or_for_no_study_says_so(house, study):
    url = f"/api/v1/studies/{study}/transcripts/preview"
    assert house.script.post(url, files=[("files", ("", b""))]).status_code == 422
    assert house.script.post(url.replace(study, "unknown"), files=[("files", talk("Bea"))]).status_code == 404


@pytest.mark.slow
def test_a_preview_may_be_as_large_as_an_upload(make_house):
    house = make_house(max_upload_mb=1)
    told = preview(house, house.study(), *((f"{n}.txt", b"Ann: hello there.\n\nBea: " + b"yes and so on " * 60_000) for n in range(3)))
    assert len(told) == 3


def test_an_archive_has_an_outcome_for_each_of_its_files(house, study):
    answer = house.upload(study, ("talks.zip", zipped(("in/bea.txt", talk("Bea")[1]), ("in/bad.vtt", b""))))
    assert answer.status_code == 207
    told = {f["file_name"]: (f["status"], f["archive"]) for f in answer.json()["files"]}
    assert told == {"bad.vtt": ("refused", "talks.zip"), "bea.txt": ("stored", "talks.zip")}


def test_a_second_record_of_a_talk_is_paired_and_nothing_is_refused(house, study):
    name, data = talk("Bea")
    house.upload(study, (name, data))
    answer = house.upload(study, ("bea-corrected.txt", data.replace(b"forty minutes", b"an hour")))
    (told,) = answer.json()["files"]
    assert (answer.status_code, told["status"], told["transcript"]["file_name"]) == (200, "paired", "bea.txt")
    assert "of its words), which is in this study and stays" in told["note"]
    assert house.get(f"/studies/{study}")["transcripts"] == 1


def test_two_participants_are_joined_and_separated_and_the_map_follows(house):
    study = house.drawn("Bea", "Carl", "Beata")
    people = {p["name"]: p for p in house.get(f"/studies/{study}/participants")["items"]}
    answer = house.script.post(f"/api/v1/participants/{people['Beata']['id']}/join", json={"into": people["Bea"]["id"]})
    assert answer.status_code == 200
    one = answer.json()
    assert [j["name"] for j in one["joined"]] == ["Beata"]
    assert sorted(v["file_name"] for v in one["voices"]) == ["bea.txt", "beata.txt"]
    assert house.get(f"/studies/{study}/map")["of_participants"] == 2
    assert {q["participant"] for q in house.get(f"/studies/{study}/quotes", params={"limit": 200})["items"]} == {"P1", "P3"}
    apart = house.script.post(f"/api/v1/participants/{people['Beata']['id']}/separate")
    assert (apart.status_code, apart.json()["pseudonym"]) == (200, people["Beata"]["pseudonym"])
    assert house.get(f"/studies/{study}/map")["of_participants"] == 3
    again = house.script.post(f"/api/v1/participants/{people['Beata']['id']}/separate")
    assert (again.status_code, "was not joined" in again.json()["detail"]) == (409, True)


def test_a_suggestion_names_who_it_may_be(house, study):
    house.upload(study, talk("Bea Larsson"), ("second.txt", SECOND))
    people = {p["name"]: p for p in house.get(f"/studies/{study}/participants")["items"]}
    assert [m["name"] for m in people["Bea L."]["maybe_same"]] == ["Bea Larsson"]
    assert people["Bea Larsson"]["maybe_same"] == []


def test_a_speaker_can_be_made_a_person_of_their_own(house, study):
    house.upload(study, talk("Bea"), ("second.txt", SECOND.replace(b"Bea L.", b"Bea")))
    (bea,) = house.get(f"/studies/{study}/participants")["items"]
    voice = next(v for v in bea["voices"] if v["file_name"] == "second.txt")
    other = house.script.post(f"/api/v1/speakers/{voice['speaker_id']}/separate")
    assert (other.status_code, other.json()["pseudonym"]) == (200, "P2")
    assert len(house.get(f"/studies/{study}/participants")["items"]) == 2
