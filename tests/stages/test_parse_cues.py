"""WebVTT and SRT."""

from app.domain.transcript import UNKNOWN_SPEAKER
from app.stages.parse import parse


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def marks(text):
    return [(m.offset, m.ms) for m in read(text).canonical.marks]


def vtt(*payloads):
    return "WEBVTT\n\n" + "\n\n".join(f"00:{i:02}.000 --> 00:{i:02}.900\n{p}" for i, p in enumerate(payloads))


def srt(*payloads):
    return "".join(f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},900\n{p}\n\n" for i, p in enumerate(payloads, 1))


def test_consecutive_cues_of_one_voice_become_one_turn():
    assert turns(vtt("<v Anna>So I</v>", "<v Anna>called them.</v>", "<v Ben>And?")) == [("Anna", "So I called them."), ("Ben", "And?")]


def test_several_voices_in_one_cue_become_several_turns():
    assert turns(vtt("<v Anna>Hello.</v>\n<v Ben>Hi.</v>\n<v Anna>Sit down")) == [("Anna", "Hello."), ("Ben", "Hi."), ("Anna", "Sit down")]


def test_a_voice_may_have_classes_and_entities_and_no_closing_tag():
    assert turns(vtt("<v.loud.first Anna &amp; Co>Hi <i>there</i>")) == [("Anna & Co", "Hi there")]


def test_a_cue_without_a_voice_continues_the_last_one():
    assert turns(vtt("<v Anna>I was", "going to say", "<v Ben>Yes?")) == [("Anna", "I was going to say"), ("Ben", "Yes?")]


def test_cues_before_the_first_voice_are_of_an_unknown_speaker_and_it_is_said():
    text = vtt("Is it on?", "<v Anna>It is.")
    assert turns(text) == [(UNKNOWN_SPEAKER, "Is it on?"), ("Anna", "It is.")]
    assert any("before the first name" in w for w in read(text).warnings)


def test_names_before_a_colon_are_speakers_and_unnamed_cues_continue():
    text = vtt("Anna Lee: So what", "happened then?", "Ben Moe: Well.", "It broke.", "Anna Lee: I see.", "Ben Moe: Yes.")
    assert turns(text) == [
        ("Anna Lee", "So what happened then?"),
        ("Ben Moe", "Well. It broke."),
        ("Anna Lee", "I see."),
        ("Ben Moe", "Yes."),
    ]


def test_a_name_may_be_wrapped_within_its_cue():
    text = vtt("Anna\nLee-Smith: So what", "Ben: Well.", "Anna Lee-Smith: I see.", "Ben: Yes.")
    assert turns(text)[0] == ("Anna Lee-Smith", "So what")


def test_a_short_answer_above_a_labelled_line_is_no_part_of_the_name():
    text = srt("Anna: Ready?", "Yes\nBen: So am I", "Anna: Good.", "Ben: Go.")
    assert turns(text) == [("Anna", "Ready? Yes"), ("Ben", "So am I"), ("Anna", "Good."), ("Ben", "Go.")]


def test_two_labelled_lines_of_a_cue_are_two_turns():
    assert turns(srt("- Anna: Ready?\n- Ben: Ready.", "Anna: Good.", "Ben: Go.")) == [
        ("Anna", "Ready?"),
        ("Ben", "Ready."),
        ("Anna", "Good."),
        ("Ben", "Go."),
    ]


def test_a_sentence_with_a_colon_is_no_speaker_in_captions_without_names():
    payloads = ["So we went in.", "One thing: it was cold.", "Rome: what a city.", *["And on it went."] * 30, "One thing: it was late."]
    text = srt(*payloads)
    assert [speaker for speaker, _ in turns(text)] == [UNKNOWN_SPEAKER]
    assert "One thing: it was cold. Rome: what a city." in read(text).canonical.text
    assert any("no speaker names" in w for w in read(text).warnings)


def test_a_sentence_with_a_colon_is_no_speaker_beside_real_ones():
    text = vtt("Anna: Tell me.", "One thing: it was slow.", "Ben: It was.", "Okay: what else?", "Anna: Go on.", "Ben: That is all.")
    assert {speaker for speaker, _ in turns(text)} == {"Anna", "Ben"}
    assert "One thing: it was slow." in read(text).canonical.text


def test_header_comments_styles_regions_and_cue_settings_are_no_words():
    text = (
        "WEBVTT - a title\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE\nnobody\nsaid this\n\n"
        "intro\n01:02.000 --> 01:03.000 align:start position:0%\n<v Anna>Only this.\n\nNOTE and not this\n"
    )
    assert turns(text) == [("Anna", "Only this.")]
    assert marks(text) == [(0, 62_000), (10, 63_000)]


def test_identifiers_are_no_words_and_long_ones_are_named():
    text = (
        "WEBVTT\n\n7f3a-11/5-0\n00:01.000 --> 00:02.000\n<v Anna>Hi.\n\na long title here, chapter\n00:02.000 --> 00:03.000\n<v Anna>Bye."
    )
    assert turns(text) == [("Anna", "Hi. Bye.")]
    assert any("1 cue title was left out (line 7)" in w for w in read(text).warnings)


def test_text_that_lost_its_time_line_is_kept_and_named():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Hi.\n\nand a lost\nsentence\n\n00:02.000 --> 00:03.000\n<v Anna>Bye."
    assert turns(text) == [("Anna", "Hi. and a lost sentence Bye.")]
    assert any("without a time code on line 6" in w for w in read(text).warnings)


def test_hours_are_optional_and_times_become_marks():
    assert marks("WEBVTT\n\n00:01.500 --> 00:02.000\nhey you\n\n01:00:00.000 --> 01:00:01.250\nstill here") == [
        (0, 1500),
        (7, 2000),
        (8, 3_600_000),
        (18, 3_601_250),
    ]


def test_markup_goes_and_words_in_angle_brackets_stay():
    text = vtt("<v Anna><c.yellow>Is</c> a<00:00:00.500> &lt; b&nbsp;and b > c? <laughs> &amp;amp;")
    assert turns(text) == [("Anna", "Is a < b and b > c? <laughs> &amp;")]


def test_rolling_captions_are_said_once():
    text = vtt(
        " \nso today<00:00:00.100><c> we</c>",
        "so today we\n ",
        "so today we\nlook<00:00:02.100><c> at</c><c> maps</c>",
        "look at maps\n ",
        "look at maps\nno",
        "no\nno",
    )
    assert turns(text) == [(UNKNOWN_SPEAKER, "so today we look at maps no no")]
    assert any("rolling captions" in w for w in read(text).warnings)


def test_a_line_said_twice_is_kept_twice_in_captions_that_do_not_roll():
    assert turns(vtt("<v Anna>No.", "<v Anna>No.", "<v Anna>I said no.")) == [("Anna", "No. No. I said no.")]


def test_srt_is_read_with_dots_without_indices_and_without_blank_lines():
    text = "00:00:01.000 --> 00:00:02.000\nAnna: Hi\n00:00:02.000 --> 00:00:03.000\nBen: 12\n00:00:03.000 --> 00:00:04.000\n42\nAnna: no\n"
    assert turns(text) == [("Anna", "Hi"), ("Ben", "12 42"), ("Anna", "no")]


def test_bracketed_names_are_speakers_and_sounds_are_not():
    text = srt("[Anna] Hi there.", "[Laughter]", "(Ben) Hello.", "[Anna] [laughs] So.", "(Ben) Yes.", "[Laughter]")
    assert turns(text) == [("Anna", "Hi there. [Laughter]"), ("Ben", "Hello."), ("Anna", "[laughs] So."), ("Ben", "Yes. [Laughter]")]


def test_subtitle_codes_and_tags_are_removed():
    assert turns(srt("{\\an8}<b>Anna:</b> Hi", "<i>Anna: ho</i>")) == [("Anna", "Hi ho")]


def test_a_cue_with_a_broken_time_keeps_its_words_and_names_the_line():
    text = srt("Anna: One.", "Ben: Two.", "Anna: Three.").replace("00:00:02,000", "00:0x:02,000")
    assert turns(text) == [("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")]
    assert marks(text) == [(0, 1000), (4, 1900), (12, 3000), (18, 3900)]
    assert any("1 cue with a broken time code on line 6" in w for w in read(text).warnings)


def test_srt_with_nothing_but_broken_times_is_still_read():
    parsed = read("1\n00:00:aa,000 --> 00:00:bb\nHello there.\n\n2\n00:99:99,000 --> \nGood bye.\n")
    assert parsed.shape == "srt"
    assert parsed.canonical.text == "Hello there. Good bye."
    assert parsed.canonical.marks == ()
    assert any("broken time code on lines 2, 6" in w for w in parsed.warnings)


def test_a_cue_whose_time_line_is_missing_keeps_its_words_but_not_its_index():
    text = srt("One.", "Two.", "Three.").replace("00:00:02,000 --> 00:00:02,900\n", "")
    assert read(text).canonical.text == "One. Two. Three."
    assert any("without a time code on line 5" in w for w in read(text).warnings)


def test_times_that_run_backwards_are_named():
    assert any("backwards on line 6" in w for w in read(srt("One.", "Two.").replace("00:00:02,000", "00:00:00,000")).warnings)


def test_a_caption_file_is_told_by_its_content():
    assert read(vtt("<v Anna>Hi.")).shape == "vtt"
    assert read(vtt("<v Anna>Hi.").removeprefix("WEBVTT\n\n")).shape == "vtt"
    assert read(srt("Hi.")).shape == "srt"
    assert read(srt("Hi.")).reader == "srt/2"
