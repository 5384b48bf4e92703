"""Who speaks in captions that name nobody in a voice span, or name people with badges, marks and odd labels."""

import pytest

from app.domain.transcript import UNKNOWN_SPEAKER
from app.errors import TooLarge
from app.stages.parse import parse


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def says(text, what):
    return any(what in w for w in read(text).warnings)


def vtt(*payloads):
    return "WEBVTT\n\n" + "\n\n".join(f"00:{i:02}.000 --> 00:{i:02}.900\n{p}" for i, p in enumerate(payloads))


def srt(*payloads):
    return "".join(f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},900\n{p}\n\n" for i, p in enumerate(payloads, 1))


@pytest.mark.parametrize(
    "badge", ["(Guest)", "(External)", "(Unverified)", "(Gast)", "(Invité)", "(Guest, Unverified)", "(she/her)", "[Contoso]", "(外部)"]
)
def test_teams_badges_are_no_part_of_a_name_and_both_spellings_are_one_speaker(badge):
    text = vtt(
        f"<v Anna Kowalski {badge}>So</v>", "<v Anna Kowalski>it was.</v>", "<v Ben>Yes?</v>", f"<v anna kowalski {badge}>It was.</v>"
    )
    assert turns(text) == [("Anna Kowalski", "So it was."), ("Ben", "Yes?"), ("Anna Kowalski", "It was.")]


def test_a_company_or_role_in_brackets_stays_with_the_name():
    assert turns(vtt("<v Ben (Acme)>Hi", "<v Ben (Zebra)>Ho"))[0] == ("Ben (Acme)", "Hi")


def test_teams_cue_ids_are_no_words_and_two_lines_of_a_voice_are_one_sentence():
    text = (
        "WEBVTT\n\n3f2b6f0e-1c2d-4e5f-8a9b-1234567890ab/12-0\n00:00:01.000 --> 00:00:02.000\n<v Anna>So\nit is</v>\n\n"
        "3f2b6f0e-1c2d-4e5f-8a9b-1234567890ab/12-1\n00:00:02.000 --> 00:00:03.000\n<v Anna>again</v>\n"
    )
    assert turns(text) == [("Anna", "So it is again")]
    assert read(text).warnings == ()


@pytest.mark.parametrize("mark", [">>", "&gt;&gt;", ">> "])
def test_chevrons_without_names_cut_turns_and_it_is_said_that_nobody_is_named(mark):
    text = vtt(f"{mark}So how did", "it go?", f"{mark}Slow. {mark}And?", "Slow.")
    assert turns(text) == [(UNKNOWN_SPEAKER, words) for words in ("So how did it go?", "Slow.", "And? Slow.")]
    assert says(text, "mark where the speaker changes but name nobody")


def test_chevrons_with_names_are_speakers_also_within_a_line():
    text = vtt(">> ANNA: So how did", "it go?", ">> BEN: Slow. >> ANNA: How slow?", ">> BEN: An hour.", ">> And me?", "I waited.")
    assert turns(text) == [
        ("ANNA", "So how did it go?"),
        ("BEN", "Slow."),
        ("ANNA", "How slow?"),
        ("BEN", "An hour."),
        (UNKNOWN_SPEAKER, "And me? I waited."),
    ]
    assert says(text, "1 change of speaker without a name was kept as “speaker unknown”")


def test_dashes_in_a_cue_of_two_people_cut_turns():
    text = srt("- Are you ready?\n- Yes.", "I am.", "– Then go.\n– Ok.", "It was -\nwell - late.")
    assert turns(text) == [(UNKNOWN_SPEAKER, words) for words in ("Are you ready?", "Yes. I am.", "Then go.", "Ok. It was - well - late.")]
    assert says(text, "mark where the speaker changes")


def test_a_dash_where_no_cue_has_two_is_speech():
    assert turns(srt("So it was", "- and I mean it - slow.", "Yes.")) == [(UNKNOWN_SPEAKER, "So it was - and I mean it - slow. Yes.")]


def test_names_in_brackets_behind_the_words_are_speakers():
    text = srt("Did you call? (BEN)", "Yes, I did. (ANNA)", "And it went", "on and on. (BEN)", "(laughs) Fine. (ANNA)")
    assert turns(text) == [
        ("BEN", "Did you call?"),
        ("ANNA", "Yes, I did."),
        ("BEN", "And it went on and on."),
        ("ANNA", "(laughs) Fine."),
    ]
    assert says(text, "1 cue without a name was given to the name that follows")


def test_words_in_brackets_behind_the_words_are_no_speakers_where_they_are_sounds():
    text = srt("So I went. (laughs)", "And it broke. (applause)", "Then I left. (laughs)", "That was it. (applause)")
    assert [speaker for speaker, _ in turns(text)] == [UNKNOWN_SPEAKER]


@pytest.mark.parametrize("label", ["[{}:]", "[{}]:", "({})", "[{}]"])
def test_names_in_brackets_may_hold_or_be_followed_by_a_colon(label):
    text = srt(*(f"{label.format(name)} {words}" for name, words in [("ANNA", "So?"), ("BEN", "Well."), ("ANNA", "Oh."), ("BEN", "Yes.")]))
    assert turns(text) == [("ANNA", "So?"), ("BEN", "Well."), ("ANNA", "Oh."), ("BEN", "Yes.")]


def test_a_name_in_tags_is_a_name_and_one_with_odd_signs_is_named_where_it_stands_alone():
    text = vtt("Anna: hi", "Bob <u>: yes", "Anna: right", "Bob: two", "Carl|Ops: so", "Anna: so")
    assert turns(text)[:4] == [("Anna", "hi"), ("Bob", "yes"), ("Anna", "right"), ("Bob", "two Carl|Ops: so")]
    assert says(text, "1 line may open with a speaker's label that is not read as one (line 16)")


def test_a_figure_of_speech_with_a_colon_is_not_warned_of():
    text = vtt("Anna: Tell me.", "One thing: it was slow.", "Ben: It was.", "Okay: what else?", "Anna: Go on.", "Ben: That is all.")
    assert read(text).warnings == ()


def test_cues_on_one_line_and_without_blank_lines_keep_their_words():
    text = "1 00:00:01,000 --> 00:00:02,000 Anna: hello there\n"
    text += "2 00:00:02,000 --> 00:00:03,000 Ben: oh\n3 00:00:03,000 --> 00:00:04,000 Anna: yes\n"
    assert turns(text) == [("Anna", "hello there"), ("Ben", "oh"), ("Anna", "yes")]


def test_two_cues_run_together_are_two_cues():
    text = "1\n00:00:01,000 --> 00:00:02,000\nAnna: hi\n2\n00:00:02,000 --> 00:00:03,000\nBen: 40\n"
    text += "3\n00:00:03.000 --> 00:00:04.000\nAnna: oh\n"
    assert turns(text) == [("Anna", "hi"), ("Ben", "40"), ("Anna", "oh")]


def test_the_header_of_a_stream_is_no_speech_wherever_it_stands():
    text = (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:00:01.000 --> 00:00:02.000\nhello there\n\n"
        "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:00:02.000 --> 00:00:03.000\nagain\n\n"
        "WEBVTT\nKind: captions\n\n00:00:03.000 --> 00:00:04.000\nand bye\n"
    )
    assert read(text).canonical.text == "hello there again and bye"


def test_the_language_in_the_header_or_a_note_is_read():
    assert read("WEBVTT\nKind: captions\nLanguage: en\n\n00:01.000 --> 00:02.000\nhi there\n").about == {"language": "en"}
    assert read("WEBVTT\n\nNOTE language:en-us\n\n00:01.000 --> 00:02.000\nhi there\n").about == {"language": "en-us"}


def test_rolling_captions_with_chevrons_are_cut_where_the_speaker_changes():
    text = vtt(
        " \n&gt;&gt; so<00:00:00.100><c> today</c>",
        "&gt;&gt; so today\n ",
        "&gt;&gt; so today\nlook<00:00:02.100><c> &gt;&gt;</c><c> maps</c>",
        "look &gt;&gt; maps\n ",
    )
    assert turns(text) == [(UNKNOWN_SPEAKER, "so today look"), (UNKNOWN_SPEAKER, "maps")]


def test_a_file_of_more_cues_than_any_interview_is_too_large():
    with pytest.raises(TooLarge, match=r"more than 50,000 cues.*split it"):
        parse(("WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n" * 50_001).encode(), "long.vtt")
