"""SBV, TTML, YouTube's XML and ASS."""

import pytest

from app.domain.transcript import UNKNOWN_SPEAKER
from app.errors import NotSpeech, TooLarge, UnreadableFile
from app.stages.parse import parse


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def marks(text):
    return [(m.offset, m.ms) for m in read(text).canonical.marks]


SBV = (
    "0:00:01.000,0:00:03.000\nANNA: So how was\nthe trip?\n\n0:00:03.000,0:00:05.500\nBEN: Slow.[br]We waited.\n\n"
    "0:00:05.500,0:00:06.000\nANNA: How long?\n\n0:00:06.000,0:00:08.000\nBEN: An hour.\n"
)
AGENTS = (
    '<ttm:agent xml:id="a1" type="person"><ttm:name type="full">Anna Lee (Guest)</ttm:name></ttm:agent>'
    '<ttm:agent xml:id="a2" type="person"><ttm:name type="given">Ben</ttm:name><ttm:name type="family">Moe</ttm:name></ttm:agent>'
)


def ttml(body, head=AGENTS, attributes=""):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- exported --><tt xmlns="http://www.w3.org/ns/ttml" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en" '
        f"{attributes}><head><metadata><ttm:title>A talk</ttm:title>{head}</metadata></head><body>{body}</body></tt>"
    )


def test_sbv_is_read_with_its_times_and_labels():
    assert turns(SBV) == [("ANNA", "So how was the trip?"), ("BEN", "Slow. We waited."), ("ANNA", "How long?"), ("BEN", "An hour.")]
    assert marks(SBV)[:3] == [(0, 1000), (20, 3000), (22, 3000)]
    assert read(SBV).shape == "sbv"


def test_an_sbv_cue_with_a_broken_time_keeps_its_words_and_names_the_line():
    text = SBV.replace("0:00:03.000,0:00:05.500", "0:00:0x.000,0:00:05.500")
    assert ("BEN", "Slow. We waited.") in turns(text)
    assert any("1 cue with a broken time code on line 5" in w for w in read(text).warnings)


def test_a_chat_that_a_meeting_tool_saves_as_sbv_is_no_speech():
    chat = "00:01:02.100,00:01:05.100\nAnna Lee: hi all\n\n00:02:10.300,00:02:13.300\nBen: hello!\n\n00:03:00.000,00:03:03.000\nBen: bye\n"
    with pytest.raises(NotSpeech, match="chat export"):
        read(chat)


def test_ttml_agents_are_speakers_under_their_names_without_badges():
    text = ttml(
        '<div><p begin="1s" end="2s" ttm:agent="a1">So<br/>how was <span><span>it?</span></span></p></div>'
        '<div><p begin="2s" end="3s" ttm:agent="a2">Slow &amp; cold&nbsp;too.</p><p begin="3s" end="4s" ttm:agent="a3">And I?</p></div>'
    )
    assert turns(text) == [("Anna Lee", "So how was it?"), ("Ben Moe", "Slow & cold too."), ("a3", "And I?")]
    assert read(text).about == {"title": "A talk", "language": "en"}


def test_several_agents_in_one_ttml_paragraph_are_several_turns():
    text = ttml('<div><p begin="1s" end="2s"><span ttm:agent="a1">Yes?</span><br/><span ttm:agent="a2">No.</span></p></div>')
    assert turns(text) == [("Anna Lee", "Yes?"), ("Ben Moe", "No.")]


def test_ttml_without_agents_is_read_by_the_labels_in_its_words():
    body = "".join(
        f'<p begin="{i}s" dur="1s">{t}</p>' for i, t in enumerate(["ANNA: So?<br/>BEN: Well.", "It was slow.", "ANNA: I see.", "BEN: Yes."])
    )
    assert turns(ttml(f"<div>{body}</div>", head="")) == [
        ("ANNA", "So?"),
        ("BEN", "Well. It was slow."),
        ("ANNA", "I see."),
        ("BEN", "Yes."),
    ]


@pytest.mark.parametrize(
    ("attributes", "begin", "ms"),
    [
        ("", "00:01:02.500", 62_500),
        ("", "62.5s", 62_500),
        ("", "250ms", 250),
        ("", "2m", 120_000),
        ("", "1h", 3_600_000),
        ('ttp:frameRate="25"', "00:00:02:10", 2400),
        ('ttp:frameRate="25"', "50f", 2000),
        ('ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', "30f", 1001),
        ('ttp:tickRate="10000000"', "25000000t", 2500),
    ],
)
def test_ttml_times_of_every_kind_are_read(attributes, begin, ms):
    assert marks(ttml(f'<div><p begin="{begin}">hello there</p></div>', attributes=attributes)) == [(0, ms)]


def test_ttml_times_count_from_the_element_around_and_dur_from_the_begin():
    assert marks(ttml('<div begin="10s"><p begin="1s" dur="2s">hello</p></div>')) == [(0, 11_000), (5, 13_000)]


def test_ttml_sounds_and_descriptions_are_left_out_and_named():
    text = ttml('<div><p begin="1s" ttm:agent="a1">Hi.</p>\n<p begin="2s" ttm:role="sound">a door slams</p></div>')
    assert turns(text) == [("Anna Lee", "Hi.")]
    assert any("1 caption marked as sound, music or description was left out (line 3)" in w for w in read(text).warnings)


def test_a_ttml_time_that_cannot_be_read_is_named_and_its_words_stay():
    text = ttml('<div><p begin="soon" ttm:agent="a1">Hi.</p></div>')
    assert turns(text) == [("Anna Lee", "Hi.")]
    assert any("unreadable time on line 2" in w for w in read(text).warnings)


def test_ttml_that_breaks_off_keeps_what_came_before_and_says_where():
    text = ttml('<div><p begin="1s" ttm:agent="a1">Hi there.</p>\n<p begin="2s" ttm:agent="a2">And so we we')[: -len("</body></tt>")]
    assert turns(text) == [("Anna Lee", "Hi there."), ("Ben Moe", "And so we we")]
    assert any("broken at line 3" in w for w in read(text).warnings)
    with pytest.raises(UnreadableFile, match="broken at line 1"):
        read("<tt><body><<")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tt [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE tt [<!ENTITY out SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE tt SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_xml_with_a_document_type_or_entities_is_refused_with_the_way_out(doctype):
    text = f'<?xml version="1.0"?>{doctype}<tt><body><div><p begin="0s">hello &b; &out;</p></div></body></tt>'
    with pytest.raises(UnreadableFile, match=r"document type or entities.*export the captions as WebVTT or SRT"):
        read(text)


def test_xml_that_nests_without_end_is_too_large():
    with pytest.raises(TooLarge, match="nests deeper"):
        read(f"<tt><body>{'<div>' * 100_000}")


def test_xml_of_too_many_elements_is_too_large():
    with pytest.raises(TooLarge, match="elements"):
        read(f"<tt><body><div>{'<br/>' * 250_000}</div></body></tt>")


def test_youtube_xml_is_read_with_its_double_entities_and_marks_of_a_change():
    text = (
        '<?xml version="1.0" encoding="utf-8" ?><transcript><text start="0.5" dur="2.1">&amp;gt;&amp;gt; I&amp;#39;m here</text>'
        '<text start="2.6" dur="1">and &lt;i&gt;you&lt;/i&gt;</text><text start="3.6" dur="1">&amp;gt;&amp;gt; so am I</text></transcript>'
    )
    assert turns(text) == [(UNKNOWN_SPEAKER, "I'm here and you"), (UNKNOWN_SPEAKER, "so am I")]
    assert marks(text)[:2] == [(0, 500), (8, 2600)]


def test_youtube_timedtext_is_read_in_milliseconds():
    text = '<timedtext format="3"><body><p t="500" d="900"><s>so</s><s t="100"> it</s></p><p t="1500" d="500">went</p></body></timedtext>'
    assert turns(text) == [(UNKNOWN_SPEAKER, "so it went")]
    assert marks(text) == [(0, 500), (5, 1400), (6, 1500), (10, 2000)]


def ass(*dialogue, columns="Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"):
    return (
        f"[Script Info]\nTitle: talk\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: D,Arial\n\n[Events]\nFormat: {columns}\n"
        + "\n".join(dialogue)
    )


def test_ass_dialogue_is_read_with_the_name_field_as_speaker():
    text = ass(
        "Dialogue: 0,0:00:01.00,0:00:02.50,D,Anna,0,0,0,,So, {\\i1}how{\\i0} was\\Nit?",
        "Comment: 0,0:00:02.00,0:00:03.00,D,Ben,0,0,0,,nobody says this",
        "Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}",
        "Dialogue: 0,0:0x:04.00,0:00:05.00,D,Ben,0,0,0,,Slow.",
        "Dialogue: 0,0:00:05.00,0:00:06.00,D,Ben",
    )
    assert turns(text) == [("Anna", "So, how was it?"), ("Ben", "Slow.")]
    assert marks(text) == [(0, 1000), (15, 2500)]
    assert any("broken time code on line 13" in w for w in read(text).warnings)
    assert any("1 line without all fields was left out (line 14)" in w for w in read(text).warnings)


def test_ass_without_names_is_read_by_labels():
    text = ass(
        *(
            f"Dialogue: 0,0:00:0{i}.00,0:00:0{i}.50,D,,0,0,0,,{t}"
            for i, t in enumerate(["Anna: So?", "Ben: Well.", "Anna: Oh.", "Ben: Yes."])
        )
    )
    assert [speaker for speaker, _ in turns(text)] == ["Anna", "Ben", "Anna", "Ben"]
