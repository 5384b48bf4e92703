"""The forms in which tools and people write transcripts as text: who speaks, what stands beside the speech, what is said of the talk."""

import pytest

from app.domain.transcript import QUOTED_SPEAKER, UNKNOWN_SPEAKER
from app.stages.parse import parse

SAID = ["So what happened?", "It broke, and I waited.", "Go on.", "I left it there.", "Why?", "It was late."]


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def times(text):
    return [m.ms for m in read(text).canonical.marks]


def says(text, what):
    return any(what in w for w in read(text).warnings)


def talk(form, names=("Anna Lee", "Ben")):
    return "".join(form.format(name=names[i % 2], words=words, i=i, n=i + 1) for i, words in enumerate(SAID))


def expected(names=("Anna Lee", "Ben")):
    return [(names[i % 2], words) for i, words in enumerate(SAID)]


@pytest.mark.parametrize(
    "form",
    [
        "**{name}** {words}\n\n",
        "**{name}** {words}\n",
        "__{name}__ {words}\n\n",
        "*{name}* {words}\n\n",
        "**{name}** [0:0{i}] {words}\n\n",
        "[0:0{i}] **{name}** {words}\n\n",
        "[{name}] {words}\n",
        "({name}) {words}\n",
        "{name} [00:00:0{i}] {words}\n\n",
        "{name} 00:00:0{i} {words}\n\n",
        "{name} - {words}\n\n",
        "{name} — {words}\n",
        "{name}\t{words}\n",
        "{name}   {words}\n",
    ],
)
def test_a_name_set_apart_without_a_colon_names_the_speaker(form):
    assert read(talk(form)).shape in {"set-apart", "table"}
    assert turns(talk(form)) == expected()
    assert times(talk(form)) == ([i * 1000 for i in range(6)] if "{i}" in form else [])


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("{name} {words}\n\n", ("ANNA", "BEN")),
        ("{name}. {words}\n\n", ("ANNA", "BEN")),
        ("{name}. {words}\n", ("Q", "A")),
        ("{name}\t{words}\n", ("I", "P1")),
        ("{name} {words}\n", ("P01", "R1")),
        ("{name}: {words}\n", ("I", "P")),
        ("{name}: {words}\n\n", ("INT", "P01")),
        ("{name}: {words}\n\n", ("INTERVIEWER", "R1")),
        ("{name}: {words}\n\n", ("MS LEE", "DR. MOE")),
        ("{name}: {words}\n\n", ("Speaker #1", "Speaker #2")),
    ],
)
def test_capitals_and_the_shorthand_of_researchers_are_labels(form, names):
    assert turns(talk(form, names)) == expected(names)


@pytest.mark.parametrize("form", ["{n} {name}: {words}\n", "{n}. {name}: {words}\n\n", "{n}) **{name}** {words}\n\n"])
def test_numbers_before_turns_are_left_out(form):
    assert turns(talk(form)) == expected()
    assert says(talk(form), "numbers before 6 lines were left out")


def test_numbers_before_every_line_are_left_out_and_lines_rejoin():
    text = "1  Anna: So what happened\n2  when you came home?\n3  Ben: It broke\n4  at 7 and 8.\n5\n6  Anna: Go on.\n7  Ben: No.\n"
    assert turns(text) == [
        ("Anna", "So what happened when you came home?"),
        ("Ben", "It broke at 7 and 8."),
        ("Anna", "Go on."),
        ("Ben", "No."),
    ]


def test_numbers_that_are_spoken_stay():
    assert turns("Anna: How many?\n12 or so?\nBen: 3\n7 maybe\nAnna: Oh.\nBen: 9\n")[0] == ("Anna", "How many? 12 or so?")


@pytest.mark.parametrize(
    "form",
    [
        "{name}\n{words}\n\n",
        "{name}\n\n{words}\n\n",
        "{name}:\n{words}\n\n",
        "**{name}**\n{words}\n\n",
        "{name}\n{words}\n",
        "{name}\n00:00:0{i}\n{words}\n\n",
        "{name}\n00:00:0{i}\n{words}\n",
        "00:0{i}\n{name}\n{words}\n\n",
        "[{name}] 10:15:0{i}\n{words}\n\n",
        "{name} 0 minutes {i} seconds\n{words}\n\n",
        "{name}\n{name} 0 minutes {i} seconds\n{words}\n\n",
        "{name}\n0 minutes {i} seconds0:0{i}\n{name} 0 minutes {i} seconds\n{words}\n\n",
        "0:0{i} - {name}\n  {words}\n\n",
        "[00:00:0{i}.000] - {name}\n{words}\n\n",
        "00:00:0{i} {name}\n{words}\n",
        "[{name}](https://example.org/share?t={i}) (00:0{i}):\n{words}\n\n",
    ],
)
def test_a_name_on_a_line_of_its_own_names_the_speaker_of_the_text_below(form):
    assert read(talk(form)).shape in {"header", "inline"}
    assert turns(talk(form)) == expected()
    assert times(talk(form)) == ([i * 1000 for i in range(6)] if "{i}" in form else [])


def test_times_of_the_wall_clock_are_counted_from_the_first_and_it_is_said():
    assert says(talk("[{name}] 10:15:0{i}\n{words}\n\n"), "clock on the wall")


def test_short_answers_on_lines_of_their_own_are_no_names():
    text = "So did it work?\n\nYes\n\nAnd you kept it?\n\nSure\n\nEven then?\n\nYes\n\nReally?\n\nSure\n\nAnd you paid?\n\nYes\n"
    assert read(text).canonical.speakers() == (UNKNOWN_SPEAKER,)


def test_bold_words_in_speech_are_no_speakers():
    text = "**Anna:** It was **Monday** night.\n\n**Monday** was late.\n\n**Ben:** Right.\n\n**Anna:** Yes.\n\n**Ben:** Ok.\n"
    assert read(text).canonical.speakers() == ("Anna", "Ben")


def test_what_a_transcriber_notes_is_kept_within_the_turn():
    text = (
        "Anna: So [inaudible] what?\n\nBen: (laughs) Well [crosstalk 00:01:02] no.\n\n[pause]\n\n(phone rings)\n\nAnna: Ok.\n\nBen: Yes.\n"
    )
    assert turns(text)[:2] == [("Anna", "So [inaudible] what?"), ("Ben", "(laughs) Well [crosstalk 00:01:02] no. [pause] (phone rings)")]


def test_a_label_in_tags_is_a_label_and_an_odd_one_that_stands_alone_is_named():
    text = "Anna: hi\n\nBob <u>: yes\n\nAnna: right\n\nBob: two\n\nCarl|Ops: so\n\nAnna: ok\n"
    assert turns(text)[1] == ("Bob", "yes")
    assert says(text, "may open with a speaker's label that is not read as one (line 9)")


def test_the_heads_of_exports_are_kept_out_of_speech():
    otter = (
        "Interview with Ben\nFri, Apr 19, 2024 3:02PM • 45:10\n\nSUMMARY KEYWORDS\n\nphone, app, refund\n\nSPEAKERS\n\nAnna Lee, Ben\n\n"
        "Anna Lee  00:03\nSo?\n\nBen  00:10\nWell.\n\nAnna Lee  00:15\nOk.\n\nTranscribed by https://otter.ai\n"
    )
    assert turns(otter) == [("Anna Lee", "So?"), ("Ben", "Well."), ("Anna Lee", "Ok.")]
    word = "Audio file\nYour Recording 3.wav\n\nTranscript\n00:00:03 Speaker 1\nSo?\n00:00:10 Speaker 2\nWell.\n00:00:15 Speaker 1\nOk.\n"
    assert turns(word) == [("Speaker 1", "So?"), ("Speaker 2", "Well."), ("Speaker 1", "Ok.")]
    assert says(word, "3 lines outside the heading “Transcript” were left out (lines 1, 2, 4)")


def test_front_matter_is_read_as_facts_about_the_talk():
    text = (
        "---\nTitle: Talk with Ben\nparticipant: P3\ntags: [new, mobile]\ndate: 2024-05-03\nnested: {a: b}\nempty:\nrecorded: true\n---\n\n"
        "Anna: So?\n\nBen: Well.\n\nAnna: Ok.\n"
    )
    assert read(text).about == {
        "title": "Talk with Ben",
        "participant": "P3",
        "tags": "new; mobile",
        "date": "2024-05-03",
        "recorded": "true",
    }
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well."), ("Anna", "Ok.")]


@pytest.mark.parametrize(
    "matter",
    [
        "title: [a, b\nother: {",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: &a {k: v}\nb: {<<: *a}",
        f"deep: {'[' * 600}",
        "date: 2024-99-99\ntitle: x",
        f"title: {'x' * 30_000}",
        "!!python/object/apply:os.getcwd []\n: x",
    ],
)
def test_broken_or_hostile_front_matter_is_a_warning_and_the_talk_is_read(matter):
    text = f"---\n{matter}\n---\n\nAnna: So?\n\nBen: Well.\n\nAnna: Ok.\n"
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well."), ("Anna", "Ok.")]
    assert says(text, "front matter")


def test_a_talk_between_two_rules_is_no_front_matter():
    text = "---\nAnna Lee: So what was it?\nBen: It broke.\nAnna Lee: Go on.\nBen: I left.\n---\n"
    assert turns(text)[0] == ("Anna Lee", "So what was it?")


def test_fields_above_the_talk_are_facts_and_no_speech():
    text = (
        "Participant: P3\n**Persona:** New user\nSegment: SMB\nDatum: 3 May 2024\nStimmung: gut\n\nAnna: So?\n\nBen: Well.\n\nAnna: Ok.\n"
    )
    assert read(text).about == {"participant": "P3", "persona": "New user", "segment": "SMB", "date": "3 May 2024"}
    assert [speaker for speaker, _ in turns(text)] == ["Anna", "Ben", "Anna"]


def test_fields_right_above_the_first_turn_are_no_speech():
    text = "Title: Talk\nDate: 3 May\nAnna: So?\nBen: Well.\nAnna: Ok.\nBen: Yes.\n"
    assert [speaker for speaker, _ in turns(text)] == ["Anna", "Ben", "Anna", "Ben"]
    assert read(text).about == {"title": "Talk", "date": "3 May"}


def test_fields_above_prose_without_names_are_facts_and_no_speech():
    text = "Participant: P3\nPersona: New user\n\nSo I went to the shop. It was fine.\n\nThen it broke.\n"
    assert read(text).canonical.text == "So I went to the shop. It was fine. Then it broke."
    assert read(text).about == {"participant": "P3", "persona": "New user"}


NOTES = {
    "en": ("Summary", "Next steps", "Transcript"),
    "de": ("Zusammenfassung", "Nächste Schritte", "Transkript"),
    "fr": ("Résumé", "Étapes suivantes suggérées", "Transcription"),
    "es": ("Resumen", "Próximos pasos", "Transcripción"),
    "nl": ("Samenvatting", "Actiepunten", "Transcriptie"),
    "pt": ("Resumo", "Próximos passos", "Transcrição"),
    "it": ("Riepilogo", "Prossimi passi", "Trascrizione"),
}


@pytest.mark.parametrize("mark", ["", "## ", "**"])
@pytest.mark.parametrize("language", NOTES)
def test_of_meeting_notes_only_what_stands_under_transcript_is_speech(language, mark):
    summary, steps, transcript = (f"{mark}{title}{mark.strip('# ')}" for title in NOTES[language])
    text = (
        f"Weekly call\n\n{summary}\n\nAnna: said refunds are slow. Ben: agreed.\n\n{steps}\n\n- Anna: call Ben\n- Ben: fix it\n\n"
        f"{transcript}\n\n00:00:00\n\nAnna Lee: So?\n\nBen: Well.\n\nAnna Lee: Ok.\n\nTranscription ended after 00:10:00\n"
    )
    assert turns(text) == [("Anna Lee", "So?"), ("Ben", "Well."), ("Anna Lee", "Ok.")]
    assert says(text, f"outside the heading “Transcript” were left out, among them “{NOTES[language][0].lower()}”")
    assert times(text) == [0]


def test_a_meet_document_of_notes_is_read_from_its_transcript_on():
    text = (
        "# 📝 Notes\n\nMay 3, 2024\n\n## Weekly\n\nInvited Anna Lee, Ben\n\n### Summary\n\nThe team spoke.\n\n### Details\n\n"
        "* Anna Lee: will call\n* Ben: will write\n\n# 📖 Transcript\n\nMay 3, 2024\n\n## Weekly - Transcript\n\n### 00:00:00\n\n"
        "**Anna Lee:** So?\n\n**Ben:** Well.\n\n### 00:05:00\n\n**Anna Lee:** Ok.\n\n### Transcription ended after 00:10:00\n"
    )
    assert turns(text) == [("Anna Lee", "So?"), ("Ben", "Well."), ("Anna Lee", "Ok.")]
    assert times(text) == [0, 300_000]


def test_notes_below_the_transcript_are_left_out_too():
    text = talk("{name}: {words}\n\n") + "Action items\n\n- Anna: call\n- Ben: write\n"
    text = f"Transcript\n\n{text}"
    assert turns(text) == expected()
    assert says(text, "“action items”")


def test_a_list_of_who_was_there_ends_with_its_paragraph():
    text = "# Call - 2024/11/21 15:51 GMT - Transcript\n### Attendees\nAnna Lee, Ben, Carl\n\n#### _Made by a computer._\n\n" + talk(
        "{name}: {words}\n\n"
    )
    assert turns(text) == expected()


def test_the_word_transcript_alone_in_speech_changes_nothing():
    text = "Anna: What is it?\n\nBen: Well.\n\nTranscript\n\nAnna: So?\n\nBen: Yes.\n\nAnna: Oh.\n\nBen: It is long.\n"
    spoken = " ".join(words for _, words in turns(f"{talk('{name}: {words}{name}', ('Anna', 'Ben'))[:0]}{text}"))
    assert "So? Yes. Oh. It is long." in spoken


def test_headings_about_the_talk_in_speech_of_one_person_stay_speech():
    text = talk("{name}: {words}\n\n") + "Summary\n\n" + talk("{name}: {words}\n\n")
    assert len(turns(text)) == 12


def test_quoted_passages_are_nobodys_words_in_the_interview():
    text = "**Anna:** hi\n\n**Ben:** he said\n\n> four score\n> and seven\n\nwell\n\n**Anna:** ok\n"
    assert turns(text)[2] == (QUOTED_SPEAKER, "four score and seven")
    assert says(text, "quoted passages (“>”) are kept as “quoted text”, not as the speaker's words: lines 5, 6")
