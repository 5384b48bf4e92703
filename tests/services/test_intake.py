"""Taking files in: the same talk twice, archives, who is who, and what is foreseen without storing."""

import io
import random
import zipfile

import pytest
from services.conftest import NAMES, talk

from app.domain.people import Role
from app.errors import Conflict, NotFound
from app.services.ingest import Upload


def listed(words):
    return words.split()


TOWNS = listed("Oslo Bergen Turin Porto Gdansk Leeds Lyon Graz Basel Split Malmo Ghent Cork Bath Bonn Nice Vigo Pisa Bari Como")
THINGS = listed("ticket drawer kettle ladder invoice garden window letter boiler bicycle saddle receipt pillow carpet basket candle")
DEEDS = listed("lost found mended painted carried measured borrowed returned ordered cancelled wrapped counted opened sorted")


def sentences(seed, number=40):
    rng = random.Random(seed)  # noqa: S311 - the same words on every call
    for _ in range(number):
        yield (
            f"I {rng.choice(DEEDS)} the {rng.choice(THINGS)} in {rng.choice(TOWNS)} before they {rng.choice(DEEDS)} my "
            f"{rng.choice(THINGS)} near the {rng.choice(THINGS)} shop."
        )


def interview(seed, interviewer="Ann Interviewer", participant="Bea Larsson"):
    """Turns of a talk: (name, words)."""
    said = list(sentences(seed))
    turns = []
    for i in range(0, len(said), 4):
        turns += [(interviewer, f"And what happened then, number {i}?"), (participant, " ".join(said[i : i + 4]))]
    return turns


def as_text(turns):
    return "\n\n".join(f"{name}: {words}" for name, words in turns).encode()


def as_captions(turns, *, names=True):
    cues = [
        f"00:{i // 60:02}:{i % 60:02}.000 --> 00:{i // 60:02}:{i % 60:02}.900\n{f'<v {name}>' if names else ''}{words}\n"
        for i, (name, words) in enumerate(turns)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def told(outcomes):
    return {o.file_name: o.status for o in outcomes}


@pytest.fixture
def made(bench):
    return bench()


def participants(made):
    return made.app.people.participants(made.study.id)[0]


# The same talk in two files


def test_of_two_files_of_a_talk_the_one_that_names_the_speakers_is_used_in_whatever_order_they_come(bench):
    captions = Upload("p1.vtt", as_captions(interview(1), names=False))
    document = Upload("p1.md", as_text(interview(1)))
    for name, uploads in (("there", (captions, document)), ("back", (document, captions))):
        made = bench(name)
        outcomes = {o.file_name: o for o in made.upload(*uploads)}
        assert {n: o.status for n, o in outcomes.items()} == {"p1.vtt": "paired", "p1.md": "stored"}
        assert outcomes["p1.vtt"].note == "the same talk as p1.md, which is used: it names the speakers"
        assert outcomes["p1.vtt"].transcript.id == outcomes["p1.md"].transcript.id
        assert [t.file_name for t in made.app.studies.transcripts(made.study.id)] == ["p1.md"]
        assert [p.pseudonym for p in participants(made)] == ["P1"]


def test_of_two_files_that_name_everybody_the_one_with_times_is_used(made):
    outcomes = made.upload(Upload("a.txt", as_text(interview(1))), Upload("b.vtt", as_captions(interview(1))))
    assert told(outcomes) == {"a.txt": "paired", "b.vtt": "stored"}
    assert "it has the times" in outcomes[0].note


def test_a_hand_edited_record_with_a_tenth_of_the_words_changed_is_the_same_talk(made):
    rng = random.Random(5)  # noqa: S311 - same
    edited = [(name, " ".join(w for w in words.split() if rng.random() > 0.1)) for name, words in interview(1)]
    assert told(made.upload(Upload("raw.vtt", as_captions(interview(1), names=False)), Upload("tidy.txt", as_text(edited)))) == {
        "raw.vtt": "paired",
        "tidy.txt": "stored",
    }


def test_interviews_of_one_series_are_kept_apart_also_where_the_questions_and_much_of_the_answers_are_the_same(made):
    assert set(told(made.upload(*map(talk, NAMES))).values()) == {"stored"}
    others = [Upload(f"{seed}.txt", as_text(interview(seed, participant=f"Speaker {seed}"))) for seed in (1, 2, 3)]
    assert set(told(made.upload(*others)).values()) == {"stored"}


def test_what_is_stored_stays_and_a_better_file_of_the_talk_is_told_what_to_do(made):
    made.upload(Upload("p1.vtt", as_captions(interview(1), names=False)))
    (outcome,) = made.upload(Upload("p1.docx.txt", as_text(interview(1))))
    assert outcome.status == "paired"
    assert outcome.transcript.file_name == "p1.vtt"
    assert "p1.vtt (" in outcome.note
    assert "this one names the speakers. To use it, delete the other first" in outcome.note
    assert [t.file_name for t in made.app.studies.transcripts(made.study.id)] == ["p1.vtt"]


def test_a_corrected_copy_is_no_second_interview_and_says_how_near_it_is(made):
    made.upload(Upload("p1.txt", as_text(interview(1))))
    corrected = as_text(interview(1)).replace(b"number 8", b"number eight")
    (outcome,) = made.upload(Upload("p1.txt", corrected))
    assert outcome.status == "paired"
    assert outcome.note.startswith("nearly the same as p1.txt (9")
    assert "To use the new text, delete the one in the study first" in outcome.note
    assert len(made.app.studies.transcripts(made.study.id)) == 1


def test_a_file_in_which_only_the_names_changed_says_which(made):
    made.upload(Upload("p1.txt", as_text(interview(1, "Speaker 1", "Speaker 2"))))
    (outcome,) = made.upload(Upload("p1.txt", as_text(interview(1, "Ann", "Bea"))))
    assert outcome.status == "known"
    assert "“Speaker 1” there is “Ann” here, “Speaker 2” there is “Bea” here" in outcome.note
    assert "rename people under Participants" in outcome.note
    assert [p.name for p in participants(made)] == ["Speaker 2"]


def test_a_copy_that_comes_along_is_known(made):
    outcomes = made.upload(Upload("a.txt", as_text(interview(1))), Upload("b.txt", as_text(interview(1))))
    assert told(outcomes) == {"a.txt": "stored", "b.txt": "known"}
    assert outcomes[1].note == "the same words as a.txt, which came with it"
    assert outcomes[1].transcript.id == outcomes[0].transcript.id


def test_a_transcript_from_before_there_were_sketches_is_recognised_too(made):
    made.upload(Upload("p1.vtt", as_captions(interview(1))))
    with made.app.store.db.engine.begin() as connection:
        connection.exec_driver_sql("update transcript set sketch = '{}'")
    assert told(made.upload(Upload("other.txt", as_text(interview(1))[:-200]))) == {"other.txt": "paired"}


def test_a_third_file_of_a_stored_talk_points_to_the_stored_one(made):
    made.upload(Upload("p1.txt", as_text(interview(1))))
    cut = as_text(interview(1))[:-300]
    outcomes = made.upload(Upload("p1.vtt", as_captions(interview(1))[:-300]), Upload("copy.txt", cut))
    assert {o.status for o in outcomes} == {"paired"}
    assert {o.transcript.file_name for o in outcomes} == {"p1.txt"}


# Archives


def test_an_archive_is_taken_in_file_by_file_with_its_table(made):
    table = b"file,speaker,personas\nbea.txt,Bea Larsson,Careful\n"
    bea, carl = talk(NAMES[0]), talk(NAMES[1])
    data = zipped(("in/bea.txt", bea.data), ("in/carl.txt", carl.data), ("in/participants.csv", table), ("in/bad.vtt", b""))
    outcomes = made.upload(Upload("talks.zip", data))
    assert told(outcomes) == {"bad.vtt": "refused", "bea.txt": "stored", "carl.txt": "stored", "participants.csv": "applied"}
    assert {o.archive for o in outcomes} == {"talks.zip"}
    assert [p.name for p in made.app.people.personas(made.study.id)] == ["Careful"]


def test_an_archive_that_cannot_be_used_costs_no_other_file(made):
    outcomes = made.upload(Upload("talks.zip", zipped(("a.txt", b"Ann: Hi?"))[:50]), talk(NAMES[0]))
    assert told(outcomes) == {"bea.txt": "stored", "talks.zip": "refused"}
    assert "talks.zip" in outcomes[1].error.message


def test_files_that_share_a_name_are_told_apart_by_their_folder(made):
    data = zipped(("Monday/captions.vtt", as_captions(interview(1))), ("Tuesday/captions.vtt", as_captions(interview(2))))
    assert told(made.upload(Upload("zoom.zip", data))) == {"Monday – captions.vtt": "stored", "Tuesday – captions.vtt": "stored"}


# What is foreseen


def test_a_preview_stores_nothing_and_foresees_what_the_upload_does(made):
    made.upload(talk(NAMES[0]))
    files = [
        talk(NAMES[0]),
        talk(NAMES[1]),
        Upload("p.vtt", as_captions(interview(1), names=False)),
        Upload("p.txt", as_text(interview(1))),
        Upload("bad.vtt", b""),
    ]
    foreseen = {f.understood.file_name: f.status for f in made.app.ingest.preview(made.study.id, files)}
    assert foreseen == {"bad.vtt": "refused", "bea.txt": "known", "carl.txt": "new", "p.txt": "new", "p.vtt": "paired"}
    assert [t.file_name for t in made.app.studies.transcripts(made.study.id)] == ["bea.txt"]
    became = {name: status.replace("stored", "new") for name, status in told(made.upload(*files)).items()}
    assert became == foreseen


# Who is who


def test_a_table_may_have_other_separators_capitals_encodings_and_name_the_participant_alone(made):
    made.upload(*map(talk, NAMES[:2]))
    rows = "Participant;Personas;Âge\r\nBea Larsson;Vorsichtige Käuferin;41\r\nP2;Neu;52\r\n"
    for data in (rows.encode("cp1252"), rows.encode("utf-16"), rows.replace(";", "\t").encode("utf-8-sig")):
        (outcome,) = made.upload(Upload("Participants.CSV", data))
        assert (outcome.status, outcome.note) == ("applied", None)
        assert [p.attributes for p in participants(made)] == [{"âge": "41"}, {"âge": "52"}]
    assert [p.name for p in made.app.people.personas(made.study.id)] == ["Neu", "Vorsichtige Käuferin"]


def test_a_table_names_a_file_that_was_not_used_itself(made):
    table = b"file,speaker,role\np1.vtt,Bea Larsson,observer\n"
    made.upload(Upload("p1.vtt", as_captions(interview(1))), Upload("notes.txt", as_text(interview(1))), Upload("participants.csv", table))
    (transcript,) = made.app.studies.transcripts(made.study.id)
    assert {s.name: s.role for s in transcript.speakers}["Bea Larsson"] is Role.OBSERVER


def test_a_table_without_a_usable_first_line_or_a_fitting_row_is_refused(made):
    made.upload(talk(NAMES[0]))
    for data, said in (
        (b"a,b\n1,2\n", "needs the columns"),
        (b"file,speaker\nx.txt,Bea\n", "line 2: there is no file x.txt"),
        (b"", "nothing"),
    ):
        (outcome,) = made.upload(Upload("participants.csv", data))
        assert outcome.status == "refused"
        assert said in outcome.error.message


def test_several_participants_in_one_file_are_several_people(made):
    turns = [("Ann Interviewer", "How was it for you all?")]
    for i, words in enumerate(sentences(9, 30)):
        turns.append((("Bea", "Carl", "Dina")[i % 3], words))
        if i % 6 == 5:
            turns.append(("Ann Interviewer", f"And what else, after {i}?"))
    (outcome,) = made.upload(Upload("group.txt", as_text(turns)))
    assert {s.name: s.role.value for s in outcome.transcript.speakers} == {
        "Ann Interviewer": "interviewer",
        **dict.fromkeys(("Bea", "Carl", "Dina"), "participant"),
    }
    made.run()
    assert made.map()["of_participants"] == 3
    assert {q["participant"] for q in made.map()["quotes"].values()} == {"P1", "P2", "P3"}


def two_annas(made):
    made.upload(
        Upload("1.txt", as_text(interview(1, participant="Anna Kowalski"))),
        Upload("2.txt", as_text(interview(2, participant="Anna K."))),
        Upload("3.txt", as_text(interview(3, participant="Carl Osei"))),
    )
    return {p.name: p for p in participants(made)}


def test_names_that_may_be_one_persons_are_suggested_and_never_joined_by_themselves(made):
    people = two_annas(made)
    alike = made.app.people.who_is_who(made.study.id).alike
    assert {key: [p.name for p in found] for key, found in alike.items()} == {people["Anna K."].id: ["Anna Kowalski"]}
    assert len(people) == 3


def test_two_that_speak_in_one_file_are_not_suggested(made):
    turns = interview(1, participant="Anna Kowalski") + interview(2, participant="Anna K.")
    made.upload(Upload("1.txt", as_text(turns)))
    assert made.app.people.who_is_who(made.study.id).alike == {}


def test_two_participants_joined_are_counted_as_one_on_the_map_at_once_and_apart_again_after(made):
    people = two_annas(made)
    made.run()
    assert made.map()["of_participants"] == 3
    made.app.people.join(people["Anna K."].id, people["Anna Kowalski"].id)
    made.app.maps.redraw(made.study.id)
    assert made.map()["of_participants"] == 2
    assert {q["participant"] for q in made.map()["quotes"].values()} == {"P1", "P3"}
    (joined,) = [p for p in participants(made) if p.joined]
    assert [(j.pseudonym, j.name) for j in joined.joined] == [("P2", "Anna K.")]
    made.app.people.separate(people["Anna K."].id)
    made.app.maps.redraw(made.study.id)
    assert made.map()["of_participants"] == 3
    assert {p.name: p.pseudonym for p in participants(made)} == {"Anna Kowalski": "P1", "Anna K.": "P2", "Carl Osei": "P3"}


def test_a_joined_participant_brings_facts_and_personas_and_takes_them_along(made):
    people = two_annas(made)
    table = "participant,personas,plan\nAnna Kowalski,Loyal,Quill\nAnna K.,Careful,Pen\n"
    made.upload(Upload("participants.csv", table.encode()))
    one = made.app.people.join(people["Anna K."].id, people["Anna Kowalski"].id)
    assert one.attributes == {"plan": "Quill"}
    assert len(one.persona_ids) == 2
    other = made.app.people.separate(people["Anna K."].id)
    assert (other.attributes, len(other.persona_ids)) == ({"plan": "Pen"}, 1)


def test_the_number_of_a_joined_participant_is_not_given_again_and_their_name_leads_to_the_one_who_stays(made):
    people = two_annas(made)
    made.app.people.join(people["Anna K."].id, people["Anna Kowalski"].id)
    made.upload(
        Upload("4.txt", as_text(interview(4, participant="Anna K."))), Upload("5.txt", as_text(interview(5, participant="Dina Haddad")))
    )
    assert {p.name: p.pseudonym for p in participants(made)} == {"Anna Kowalski": "P1", "Carl Osei": "P3", "Dina Haddad": "P4"}
    assert len(made.app.people.participants(made.study.id)[1][people["Anna Kowalski"].id]) == 3


def test_joins_of_joins_come_apart_one_by_one(made):
    people = two_annas(made)
    anna_k, anna, carl = (people[name].id for name in ("Anna K.", "Anna Kowalski", "Carl Osei"))
    made.app.people.join(anna_k, anna)
    one = made.app.people.join(anna, carl)
    assert [j.pseudonym for j in one.joined] == ["P1", "P2"]
    made.app.people.separate(anna)
    assert [[j.pseudonym for j in p.joined] for p in participants(made)] == [["P2"], []]
    made.app.people.separate(anna_k)
    assert len(participants(made)) == 3


def test_what_cannot_be_joined_or_separated_says_so(made):
    people = two_annas(made)
    anna_k, anna, carl = (people[name].id for name in ("Anna K.", "Anna Kowalski", "Carl Osei"))
    with pytest.raises(Conflict, match="only two participants"):
        made.app.people.join(anna, anna)
    with pytest.raises(Conflict, match="was not joined"):
        made.app.people.separate(anna)
    made.app.people.join(anna_k, anna)
    with pytest.raises(Conflict, match="joined to somebody already"):
        made.app.people.join(anna_k, carl)
    with pytest.raises(NotFound):
        made.app.people.join("unknown", anna)


def test_a_speaker_of_the_same_name_can_be_somebody_else(made):
    made.upload(Upload("1.txt", as_text(interview(1, participant="Anna"))), Upload("2.txt", as_text(interview(2, participant="Anna"))))
    (anna,) = participants(made)
    voices = made.app.people.who_is_who(made.study.id).voices[anna.id]
    assert [(name, file) for _, name, file in voices] == [("Anna", "1.txt"), ("Anna", "2.txt")]
    other = made.app.people.separate_speaker(voices[1][0])
    assert (other.pseudonym, other.name) == ("P2", "Anna")
    with pytest.raises(Conflict, match="of their own already"):
        made.app.people.separate_speaker(voices[0][0])


def test_erasing_the_last_words_of_a_joined_participant_erases_their_name(made):
    people = two_annas(made)
    made.app.people.join(people["Anna K."].id, people["Anna Kowalski"].id)
    by_name = {t.file_name: t.id for t in made.app.studies.transcripts(made.study.id)}
    made.app.studies.delete_transcript(by_name["2.txt"])
    with made.app.store.read() as repo:
        assert {p.name for p in repo.people.participants(made.study.id, speaking=False)} == {"Anna Kowalski", "Carl Osei"}
    made.app.studies.delete_transcript(by_name["1.txt"])
    with made.app.store.read() as repo:
        assert {p.name for p in repo.people.participants(made.study.id, speaking=False)} == {"Carl Osei"}
