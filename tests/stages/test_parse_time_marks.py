"""Times in the many forms that tools and people write stand beside the text, never in it; what nobody says is left out and told."""

import pytest

from app.errors import NotSpeech
from app.stages.parse import parse

SAID = ["So what happened then?", "It broke, and I waited.", "Go on please.", "I left it there.", "Why was it?", "It was late."]
NAMES = ("Rosa Diaz", "Ben")
SECONDS = [1, 2, 3, 4, 5, 6]


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def marks(text):
    canonical = read(text).canonical
    return [(m.offset, m.ms) for m in canonical.marks]


def starts(text):
    return [t.start for t in read(text).canonical.turns]


def ends(text):
    return [t.end for t in read(text).canonical.turns]


def says(text, what):
    return any(what in w for w in read(text).warnings)


def talk(form):
    return "".join(form.format(name=NAMES[i % 2], words=words, n=i + 1, m=i + 2) for i, words in enumerate(SAID))


EXPECTED = [(NAMES[i % 2], words) for i, words in enumerate(SAID)]
PLAIN = talk("{name}: {words}\n\n")


@pytest.mark.parametrize("time", ["00:0{n}.000 --> 00:0{m}.000", "00:00:0{n}.000 --> 00:00:0{m}.000"])
def test_lines_of_whispers_console_are_cues(time):
    text = "Detected language: English\n" + talk(f"[{time}]  {{words}}\n")
    assert turns(text) == [("speaker unknown", " ".join(SAID))]
    assert [ms for _, ms in marks(text)] == sorted([*(s * 1000 for s in SECONDS), *((s + 1) * 1000 for s in SECONDS)])


@pytest.mark.parametrize("label", ["[{name}] ", "{name}: "])
def test_a_name_behind_whispers_times_speaks(label):
    assert turns(talk(f"[00:00:0{{n}}.000 --> 00:00:0{{m}}.000]  {label}{{words}}\n")) == EXPECTED


def test_words_behind_whispers_times_stay_where_they_end_with_a_number_or_are_one():
    text = talk("[00:0{n}.000 --> 00:0{m}.000]  {words}\n") + "[00:07.000 --> 00:08.000]  in 2019\n[00:08.000 --> 00:09.000]  42.\n"
    assert read(text).canonical.text.endswith("in 2019 42.")


def test_a_time_range_above_the_words_of_a_name_is_a_heading():
    assert turns(talk("[00:00:0{n}.000 --> 00:00:0{m}.000] {name}\n{words}\n\n")) == EXPECTED


@pytest.mark.parametrize(
    ("form", "tenths"),
    [
        ("{name}: {words} #00:00:0{n}-6#\n\n", 6),
        ("{name}: {words}#00:00:0{n}-6#\n", 6),
        ("{name}: {words} #00:00:0{n}.6#\n", 6),
        ("{name}: {words} #0:00:0{n}#\n", 0),
        ("{name}: {words}\n#0:00:0{n}#\n\n", 0),
        ("{name}: {words} [{n}.6s]\n", 6),
    ],
)
def test_a_time_at_the_end_of_a_paragraph_is_when_it_ends(form, tenths):
    assert turns(talk(form)) == EXPECTED
    assert marks(talk(form)) == [(at, s * 1000 + tenths * 100) for at, s in zip(ends(talk(form)), SECONDS, strict=True)]


@pytest.mark.parametrize(
    ("form", "unit", "rest"),
    [
        ("#00:00:0{n}-3# {name}: {words}\n", 1000, 300),
        ("#00:00:0{n}-3#\n{name}: {words}\n\n", 1000, 300),
        ("{name}: #00:00:0{n}-3# {words}\n", 1000, 300),
        ("{name}: #00:00:0{n}-3#\n{words}\n", 1000, 300),
        ("{name}: (00:0{n})\n{words}\n\n", 1000, 0),
        ("{name}: 00:00:0{n}\n{words}\n", 1000, 0),
        ("**{name}** `00:00:0{n}`\n{words}\n\n", 1000, 0),
        ("**{name}** `00:00:0{n}` {words}\n\n", 1000, 0),
        ("**{name}:** `00:00:0{n}` {words}\n\n", 1000, 0),
        ("{{00:00:0{n}}} {name}: {words}\n", 1000, 0),
        ("[{n}m 3s] {name}: {words}\n", 60_000, 3000),
        ("[{n}m 3s - {n}m 9.5s] {name}: {words}\n", 60_000, 3000),
        ("{name} [00:00:0{n}:12]: {words}\n", 1000, 480),
        ("({n}.03) {name}: {words}\n", 60_000, 3000),
        ("00:00:0{n}:12 - 00:00:0{m}:03\n{name}\n{words}\n\n", 1000, 480),
        ("00;00;0{n};12 - 00;00;0{m};03\n{name}\n{words}\n\n", 1000, 480),
        ("00:00:0{n}:12 - 00:00:0{m}:03\n\n{name}\n\n{words}\n\n", 1000, 480),
    ],
)
def test_a_time_before_the_words_is_when_they_begin(form, unit, rest):
    assert turns(talk(form)) == EXPECTED
    assert marks(talk(form)) == [(at, s * unit + rest) for at, s in zip(starts(talk(form)), SECONDS, strict=True)]


def test_premieres_unknown_speaker_is_no_word():
    text = talk("00;00;0{n};12 - 00;00;0{m};03\nUnknown\n{words}\n\n")
    assert read(text).canonical.text == " ".join(SAID)
    assert len(marks(text)) == len(SAID)


def test_premieres_blocks_without_speakers_keep_words_and_times():
    text = "".join(f"00:00:{i:02}:12 - 00:00:{i + 1:02}:03\n{SAID[i % 6]} And then we talked on for a while.\n\n" for i in range(1, 8))
    assert read(text).canonical.text.count("we talked on") == 7
    assert "00:" not in read(text).canonical.text
    assert len(marks(text)) == 7


def test_paragraph_signs_with_numbers_are_left_out():
    assert turns(talk("¶{n} {name}: {words}\n")) == EXPECTED
    assert says(talk("¶{n} {name}: {words}\n"), "numbers before 6 lines were left out")


@pytest.mark.parametrize(
    "words",
    ["10:30", "10:30 we left", "(3s) well", "I paid (1.03) for it", "[3s] I see", "[unv. 00:12:03] I see", "I was number #12# there"],
)
def test_what_is_said_now_and_then_stays_among_the_words(words):
    assert turns(f"{PLAIN}Rosa Diaz: When?\n\nBen: {words}\n")[-1] == ("Ben", words)


@pytest.mark.parametrize("note", ["(inaudible 00:12:03)", "[inaudible at 12:03]", "[unv. 00:12:03]"])
def test_a_note_with_a_time_names_nobody(note):
    text = "".join(f"Rosa Diaz  0:0{n}\nSo what happened?\n\nBen  0:0{n}\n{note}\nIt broke.\n\n" for n in range(1, 6))
    assert {speaker for speaker, _ in turns(text)} == set(NAMES)
    assert turns(text)[1] == ("Ben", f"{note} It broke.")


@pytest.mark.parametrize(
    "note",
    [
        "Anna Kowalski started transcription",
        "Anna Kowalski hat die Transkription beendet",
        "Anna Kowalski a arrêté la transcription",
        "Anna Kowalski ha detenido la transcripción",
        "Anna Kowalski heeft de transcriptie gestopt",
        "Anna Kowalski interrompeu a transcrição",
        "Anna Kowalski ha interrotto la trascrizione",
        "Anna Kowalski が文字起こしを停止しました",
        "[END OF AUDIO FILE 1]",
        "[BEGIN AUDIO FILE 2]",
    ],
)
def test_notes_on_the_recording_are_left_out_and_told(note):
    assert turns(f"{PLAIN}{note}\n\n{PLAIN}") == EXPECTED * 2
    assert says(f"{PLAIN}{note}\n\n{PLAIN}", "1 line on when the recording or the transcription began or ended was left out: line 13")


@pytest.mark.parametrize("words", ["We stopped the recording", "Then I started recording", "Please end the recording"])
def test_talk_about_a_recording_is_speech(words):
    assert turns(f"{PLAIN}{words}\n\n{PLAIN}")[5] == ("Ben", f"It was late. {words}")


def test_notes_behind_the_end_are_left_out_but_not_speech_that_goes_on():
    text = f"{PLAIN}[End of interview]\n\nNotes: she was nice.\nShe smiled.\n"
    assert turns(text) == EXPECTED
    assert says(text, "2 lines of notes behind the end of the interview were left out: lines 15, 16")
    assert turns(f"{PLAIN}[End of interview]\n\nNotes: one more.\n\nRosa Diaz: Wait.\n")[-1] == ("Rosa Diaz", "Wait.")


def test_what_a_meeting_assistant_adds_is_left_out():
    text = f"{PLAIN}ACTION ITEM: Send the mail - WATCH: https://example.org/z?t=1\n\n{PLAIN}"
    assert turns(text) == EXPECTED * 2
    assert says(text, "1 line that a meeting assistant added")


@pytest.mark.parametrize(
    "page", ["Interview P3 - Confidential   Page {n} of 5", "{n}", "- {n} -", "Seite {n}", "\f{n}", "Acme study / {n}"]
)
def test_page_furniture_is_left_out_and_told(page):
    assert turns(talk("{name}: {words}\n\n" + page + "\n\n")) == EXPECTED
    assert says(talk("{name}: {words}\n\n" + page + "\n\n"), "6 lines of page headers, footers or numbers were left out: lines 3, 7, 11")


@pytest.mark.parametrize("words", ["Yeah", "Oh my God", "12", "We have 2 cats"])
def test_what_somebody_repeats_is_no_page_furniture(words):
    assert sum(text.count(words) for _, text in turns(talk("{name}: {words}\n\n" + words + "\n\n"))) == 6


def test_speakers_that_count_up_are_no_page_furniture():
    text = "".join(f"Speaker {n}\n\n{words}\n\n" for n, words in enumerate(SAID, 1)) * 2
    assert [speaker for speaker, _ in turns(text)] == [f"Speaker {n}" for n in (*range(1, 7), *range(1, 7))]


def captions(*cues):
    return "WEBVTT\n\n" + "".join(f"00:{m:02}:00.000 --> 00:{m:02}:30.000\n{words}\n\n" for m, words in cues)


def test_a_cue_without_a_name_long_after_the_last_named_one_is_told():
    named = ((0, "Rosa: So what happened?"), (1, "Ben: It broke."), (2, "Rosa: Go on."), (3, "Ben: I left."))
    text = captions(*named, (7, "and so on"), (9, "I went home."), (11, "Then I slept."))
    assert says(text, "no name for more than 5 minutes before line 18: the words are given to the speaker named last")
    assert not says(captions(*named, (7, "and so on")), "no name for more")
    assert not says(captions((0, "It broke."), (9, "I left.")), "no name for more")


def test_a_line_full_of_time_codes_is_refused_in_plain_words():
    with pytest.raises(NotSpeech):
        read("00:00:00:00 - " * 2000)
