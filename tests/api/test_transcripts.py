import pytest
from house import talk

from app.domain.identity import sha256

VTT = b"""WEBVTT

00:01.000 --> 00:04.000
<v Ann>How was the first week?

00:05.000 --> 00:09.000
<v Bea>I waited for forty minutes on hold.
"""
UNNAMED = b"I rang them and waited for an hour.\n\nThen I gave up and wrote an email instead of waiting any longer.\n"


def outcomes(answer):
    return {f["file_name"]: f for f in answer.json()["files"]}


@pytest.fixture
def study(house):
    return house.study()


def test_each_file_has_its_outcome_and_a_bad_one_costs_no_other(house, study):
    files = [
        talk("Bea"),
        ("empty.txt", b""),
        ("clip.mp4", b"\x00\x00\x00\x20ftypisom" + b"\x00" * 500),
        ("binary.bin", bytes(range(256)) * 20),
        ("sound.vtt", VTT),
        ("blank.txt", b"  \n\n "),
        ("half.txt", b"\xff\xfe\x00"),
    ]
    answer = house.upload(study, *files)
    assert answer.status_code == 207
    told = outcomes(answer)
    assert {name: o["status"] for name, o in told.items()} == {
        "bea.txt": "stored",
        "sound.vtt": "stored",
        **dict.fromkeys(("empty.txt", "clip.mp4", "binary.bin", "blank.txt", "half.txt"), "refused"),
    }
    for name, o in told.items():
        if o["status"] == "refused":
            assert name in o["error"]
            assert o["transcript"] is None
            assert "Traceback" not in o["error"]
    assert [t["file_name"] for t in house.get(f"/studies/{study}/transcripts")["items"]] == ["bea.txt", "sound.vtt"]


def test_a_transcript_tells_what_was_understood_of_it(house, study):
    told = outcomes(house.upload(study, ("sound.vtt", VTT)))["sound.vtt"]["transcript"]
    assert (told["shape"], told["turns"], told["named"], told["duration_ms"]) == ("vtt", 2, True, 9000)
    speakers = {s["name"]: s for s in told["speakers"]}
    assert (speakers["Ann"]["role"], speakers["Bea"]["role"]) == ("interviewer", "participant")
    assert (speakers["Ann"]["pseudonym"], speakers["Bea"]["pseudonym"]) == (None, "P1")
    assert sum(s["share"] for s in speakers.values()) == pytest.approx(1.0, abs=1e-3)
    assert house.get(f"/transcripts/{told['id']}") == told
    assert house.get(f"/transcripts/{told['id']}/speakers")["items"] == told["speakers"]


def test_the_canonical_text_is_plain_text(house, study):
    told = outcomes(house.upload(study, ("sound.vtt", VTT)))["sound.vtt"]["transcript"]
    answer = house.script.get(f"/api/v1/transcripts/{told['id']}/text")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "How was the first week?\n\nI waited for forty minutes on hold."


def test_a_file_too_large_is_refused_by_name_with_its_true_size_and_the_others_are_read(make_house):
    house = make_house(max_upload_mb=1)
    study = house.study()
    answer = house.upload(study, ("huge.txt", b"Ann: hello there.\n" * 90_000), talk("Bea"))
    told = outcomes(answer)
    assert answer.status_code == 207
    assert (told["huge.txt"]["status"], told["bea.txt"]["status"]) == ("refused", "stored")
    assert "huge.txt has 2 MB; the limit is 1 MB" in told["huge.txt"]["error"]


def test_sixty_megabytes_are_refused_and_nothing_else_is(house, study):
    told = outcomes(house.upload(study, ("huge.txt", b"word " * 12_000_000), talk("Bea")))
    assert "huge.txt has 60 MB; the limit is 50 MB" in told["huge.txt"]["error"]
    assert told["bea.txt"]["status"] == "stored"


def test_an_upload_that_is_too_large_as_a_whole_or_has_too_many_files_is_refused_with_the_way_out(make_house):
    house = make_house(max_upload_mb=1, max_upload_files=3)
    study = house.study()
    answer = house.upload(study, *((f"{n}.txt", b"x" * 900_000) for n in range(12)))
    assert answer.status_code == 413
    assert "fewer or smaller files" in answer.json()["detail"]
    answer = house.upload(study, *((f"{n}.txt", b"x") for n in range(4)))
    assert answer.status_code == 413
    assert "at most 3 files" in answer.json()["detail"]
    many = {"files": [{"file_name": f"{n}.txt", "text": "x"} for n in range(4)]}
    assert house.script.post(f"/api/v1/studies/{study}/transcripts", json=many).status_code == 413
    assert house.get(f"/studies/{study}/transcripts")["items"] == []


def test_the_same_file_twice_is_recognised_also_under_another_name(house, study):
    name, data = talk("Bea")
    first = outcomes(house.upload(study, (name, data)))[name]
    again = outcomes(house.upload(study, (name, data), ("copy.txt", data)))
    assert [o["status"] for o in again.values()] == ["known", "known"]
    assert {o["transcript"]["id"] for o in again.values()} == {first["transcript"]["id"]}
    assert house.get(f"/studies/{study}")["transcripts"] == 1


def test_a_file_without_names_is_taken_as_one_unnamed_speaker_and_says_so(house, study):
    told = outcomes(house.upload(study, ("plain.txt", UNNAMED)))["plain.txt"]
    assert told["status"] == "stored"
    assert told["transcript"]["named"] is False
    assert [s["name"] for s in told["transcript"]["speakers"]] == ["speaker unknown"]
    page = house.browser.get(f"/studies/{study}").text
    assert "No speaker names were found" in page


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\talk.txt", "talk.txt"),
        ("<script>alert(1)<%2fscript>.txt", "<script>alert(1)<%2fscript>.txt"),
        ("=cmd|' /C calc'!A0.txt", "C calc'!A0.txt"),
        ("a\x00b\x1b[31m.txt", "ab[31m.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("x" * 400 + ".txt", "x" * 116 + ".txt"),
        ("наука 會議 🎤.vtt", "наука 會議 🎤.vtt"),
    ],
)
def test_a_hostile_file_name_is_only_a_name(house, study, hostile, shown):
    text = talk("Bea")[1].decode()
    answer = house.script.post(f"/api/v1/studies/{study}/transcripts", json={"files": [{"file_name": hostile, "text": text}]})
    assert list(outcomes(answer)) == [shown]
    page = house.browser.get(f"/studies/{study}").text
    assert "<script>alert(1)" not in page


def test_file_names_come_through_multipart_in_any_script(house, study):
    assert list(outcomes(house.upload(study, ("наука “會議” 🎤.txt", talk("Bea")[1])))) == ["наука “會議” 🎤.txt"]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "multipart/form-data; boundary=x", "broke off"),
        (b"--x\r\nrubbish", "multipart/form-data; boundary=x", "broke off"),
        (b"--x--\r\n", "multipart/form-data; boundary=x", "no file came"),
        (b"text", "text/plain", "multipart/form-data"),
        (b"text", "multipart/form-data", "multipart/form-data"),
        (b"[]", "application/json", "should be an object"),
        (b"{}", "application/json", "files"),
        (b'{"files": []}', "application/json", "files"),
        (b'{"files": [{"file_name": "a.txt", "text": "\\ud800"}]}', "application/json", "no valid JSON"),
    ],
)
def test_an_upload_that_is_none_is_refused_in_words(house, study, content, kind, said):
    answer = house.script.post(f"/api/v1/studies/{study}/transcripts", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 422
    assert said in answer.text


def test_an_unknown_study_is_told_before_any_file_is_read(house):
    answer = house.upload("unknown", talk("Bea"))
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:throughline:problem:not-found")


def test_participants_csv_says_who_everybody_is(house, study):
    table = b"file,speaker,role,personas,plan\nbea.txt,Bea,participant,Careful;Loyal,Quill\n"
    told = outcomes(house.upload(study, talk("Bea"), ("participants.csv", table)))
    assert told["participants.csv"]["status"] == "applied"
    (person,) = house.get(f"/studies/{study}/participants")["items"]
    assert person["attributes"] == {"plan": "Quill"}
    assert [p["name"] for p in house.get(f"/studies/{study}/personas")["items"]] == ["Careful", "Loyal"]


def test_a_participants_csv_that_fits_nobody_names_its_line_and_the_transcripts_stay(house, study):
    told = outcomes(house.upload(study, talk("Bea"), ("participants.csv", b"file,speaker\nbea.txt,Nobody\n")))
    assert told["bea.txt"]["status"] == "stored"
    assert "line 2" in told["participants.csv"]["error"]


def test_a_transcript_that_is_erased_leaves_no_words_behind_and_the_map_is_drawn_again(house):
    study = house.drawn("Bea", "Carl")
    bea, carl = house.get(f"/studies/{study}/transcripts")["items"]
    of_bea = house.get(f"/studies/{study}/quotes", params={"participant": "P1", "limit": 200})["items"]
    assert house.script.delete(f"/api/v1/transcripts/{bea['id']}").status_code == 204
    drawn = house.get(f"/studies/{study}/map")
    assert [p["pseudonym"] for p in drawn["participants"]] == ["P2"]
    assert {q["transcript_id"] for q in drawn["quotes"].values()} == {carl["id"]}
    assert "Bea-town" not in str(drawn)
    assert house.script.get(f"/api/v1/quotes/{of_bea[0]['id']}").status_code == 404
    assert house.script.get(f"/api/v1/transcripts/{bea['id']}/text").status_code == 404
    with house.app.store.read() as repo:
        assert not repo.cache.known_vectors([sha256(q["text"]) for q in of_bea if "Bea-town" in q["text"]], "fake/1")
