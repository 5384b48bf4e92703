import pytest


@pytest.fixture(scope="module")
def quotes(house, drawn):
    return house.get(f"/studies/{drawn}/quotes", params={"limit": 200})["items"]


def test_an_annotation_finds_the_words_again_by_their_place_and_by_themselves(house, quotes):
    for quote in quotes[:5]:
        answer = house.script.get(f"/api/v1/quotes/{quote['id']}/annotation")
        assert answer.headers["content-type"] == "application/ld+json"
        told = answer.json()
        assert (told["@context"], told["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
        assert told["id"] == str(answer.url)
        (target,) = told["target"]
        words, place = target["selector"]
        text = house.script.get(target["source"]).text
        assert (words["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert text[place["start"] : place["end"]] == words["exact"] == quote["text"]
        assert words["prefix"] + words["exact"] + words["suffix"] in text


def test_an_annotation_says_how_the_words_were_judged_and_leads_to_their_page(house, quotes):
    quote = next(q for q in quotes if q["experience"] == "pain" and q["theme_id"])
    told = house.get(f"/quotes/{quote['id']}/annotation")
    page, *bodies = told["body"]
    assert house.browser.get(page["id"]).status_code == 200
    values = {(b["purpose"], b["value"]) for b in bodies}
    assert ("tagging", f"emotion: {quote['emotion']}") in values
    assert ("tagging", "experience: pain") in values
    assert any(purpose == "classifying" for purpose, _ in values)
    assert not any(value.endswith((": none", ": neutral", ": None")) for _, value in values)


def test_a_redacted_annotation_names_nobody_and_counts_in_the_text_without_names(house, quotes):
    transcript = quotes[0]["transcript_id"]
    house.script.patch(f"/api/v1/transcripts/{transcript}", json={"recording": "https://media.example/bea.mp3"})
    whole, redacted = (
        [house.get(f"/quotes/{q['id']}/annotation", params={"redact": hidden}) for q in quotes if q["transcript_id"] == transcript]
        for hidden in (False, True)
    )
    assert "Bea-town" in str(whole)
    assert "Bea" not in str(redacted)
    assert "media.example" not in str(redacted)
    last = redacted[-1]["target"][0]["selector"]
    assert last[1]["end"] - last[1]["start"] == len(last[0]["exact"])
    house.script.patch(f"/api/v1/transcripts/{transcript}", json={"recording": None})


def test_a_recording_is_set_shown_and_taken_away_again(house, drawn):
    transcript = house.get(f"/studies/{drawn}/transcripts")["items"][0]["id"]
    address = "https://media.example/talk.mp3"
    told = house.script.patch(f"/api/v1/transcripts/{transcript}", json={"recording": address})
    assert (told.status_code, told.json()["recording"]) == (200, address)
    assert house.get(f"/transcripts/{transcript}")["recording"] == address
    assert house.script.patch(f"/api/v1/transcripts/{transcript}", json={"recording": None}).json()["recording"] is None


@pytest.mark.parametrize(
    "wrong", [{"recording": "javascript:alert(1)"}, {"recording": "ftp://x.example/a"}, {}, {"recording": 7}, {"name": "a"}]
)
def test_what_is_no_address_is_refused(house, drawn, wrong):
    transcript = house.get(f"/studies/{drawn}/transcripts")["items"][0]["id"]
    assert house.script.patch(f"/api/v1/transcripts/{transcript}", json=wrong).status_code == 422


def test_coverage_adds_up_and_names_each_skipped_sentence_by_its_reason(house, drawn):
    for transcript in house.get(f"/studies/{drawn}/transcripts")["items"]:
        told = house.get(f"/transcripts/{transcript['id']}/coverage")
        assert told["used"] + told["unplaced"] + told["gap"] + told["skipped"] == told["sentences"]
        assert sum(told["reasons"].values()) == told["skipped"] == 1
        assert told["segments"][0]["start"] == 0
        assert told["segments"][-1]["end"] == told["length"] == len(house.script.get(f"/api/v1/transcripts/{transcript['id']}/text").text)
        skipped = house.get(f"/studies/{drawn}/quotes", params={"state": "skipped", "transcript": transcript["id"]})["items"]
        assert [s["place"] for s in told["segments"] if s["state"] == "skipped"] == [q["id"] for q in skipped]


def test_there_is_no_coverage_before_a_run(house):
    study = house.study()
    house.upload(study, ("bea.txt", b"Ann: How was it, really?\n\nBea: It was fine, I would say, but slow.\n"))
    transcript = house.get(f"/studies/{study}/transcripts")["items"][0]["id"]
    answer = house.script.get(f"/api/v1/transcripts/{transcript}/coverage")
    assert answer.status_code == 404
    assert "start a run" in answer.json()["detail"]
