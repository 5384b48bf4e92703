"""Arabic and Hebrew read from the right: words carry their own direction, names and times stand apart from it."""

import re
from html.parser import HTMLParser

import pytest
from page_samples import PARTICIPANT, STAGES, STUDY, TRANSCRIPT, TURN, journey, quote

from app.exports.html import map_html
from app.exports.present import STATIC
from app.web.pages import render_page

ARABIC = "وصل الطلب متأخراً ساعتين"
HEBREW = "חיכיתי ארבעים דקות"
VOID = {"meta", "link", "input", "br", "path", "circle", "rect", "img", "hr", "option"}


class Directions(HTMLParser):
    """Collects, for every piece of text that holds `words`, the directions of the elements around it, the closest first."""

    def __init__(self, words):
        super().__init__()
        self.words, self.open, self.found = words, [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.words in data and self.open[-1][0] not in {"title", "desc"}:  # a drawing's tooltips are not laid out by the page
            around = [attrs.get("dir") or ("auto" if tag == "bdi" else None) for tag, attrs in reversed(self.open) if tag != "html"]
            self.found.append([direction for direction in around if direction])


def directions(page, words):
    reader = Directions(words)
    reader.feed(str(page))
    return reader.found


def spoken(page):
    """What is in the page's body, without the head, whose title has no direction."""
    return str(page).partition("</head>")[2]


def map_in(words):
    document = journey() | {"title": words, "scenario": words, "question": words}
    document["quotes"] = {key: {**q, "text": words, "prefix": words, "suffix": words} for key, q in document["quotes"].items()}
    for stage in document["stages"]:
        stage["title"] = words
        for lane, statements in stage["lanes"].items():
            stage["lanes"][lane] = [{**s, "text": f"“{words}” — {words}"} for s in statements]
    document["themes"] = [{**theme, "label": words, "summary": words} for theme in document["themes"]]
    return document


def transcript_page(words, language):
    piece = TURN["pieces"][1] | {"text": words, "experience": "pain"}
    turn = TURN | {"speaker": words, "pieces": [piece, TURN["pieces"][0] | {"text": words}]}
    return render_page("transcript.html", study=STUDY, transcript=TRANSCRIPT | {"language": language}, turns=[turn], focus=None)


@pytest.mark.parametrize("words", [ARABIC, HEBREW])
def test_every_quote_statement_and_label_of_a_map_finds_its_own_direction(words):
    document = map_in(words)
    for page in (map_html(document), render_page("map.html", study=STUDY | {"name": words}, map=document, open=None)):
        found = directions(spoken(page), words)
        assert len(found) > 10
        assert all(around and around[0] == "auto" for around in found)


@pytest.mark.parametrize("words", [ARABIC, HEBREW])
def test_the_list_of_quotes_finds_its_own_direction(words):
    context = {"quotes": [quote(text=words, stage="s1", touchpoint=words)], "stages": [STAGES[0] | {"title": words}]}
    page = render_page(
        "quotes.html", study=STUDY | {"name": words}, filters={}, participants=[PARTICIPANT], total=1, next_cursor=None, **context
    )
    found = directions(spoken(re.sub(r"<option.*?</option>", "", str(page))), words)
    assert len(found) >= 3
    assert all(around and around[0] == "auto" for around in found)


@pytest.mark.parametrize(("words", "language"), [(ARABIC, "ar"), (HEBREW, "he")])
def test_a_transcript_reads_from_the_right_with_its_language_named(words, language):
    page = transcript_page(words, language)
    assert '<ol class="turns" dir="rtl">' in page
    assert f'<p class="turn-words" dir="auto" lang="{language}">' in page
    assert all(around[0] == "auto" for around in directions(spoken(page), words))


def test_english_notes_within_a_turn_do_not_decide_its_direction():
    notes = re.findall(r'<span class="vh"[^>]*>', transcript_page(ARABIC, "ar").partition('<ol class="turns"')[2])
    assert len(notes) == 2
    assert all('dir="ltr"' in note and 'lang="en"' in note for note in notes)


def test_an_english_transcript_keeps_the_names_at_the_left_and_an_unknown_language_is_not_named():
    assert '<ol class="turns">' in transcript_page("Badly.", "en")
    assert 'lang="und"' not in transcript_page("Badly.", "und")


def test_names_and_times_stand_apart_from_the_words_around_them():
    page = transcript_page(ARABIC, "ar")
    assert '<bdi class="pseudonym">P1</bdi>' in page
    assert "<bdi>1:02:03</bdi>" in page
    assert '<bdi class="who">P1</bdi>' in map_html(journey())


def test_the_style_sheet_names_no_side_where_words_may_run_either_way():
    sheet = (STATIC / "throughline.css").read_text(encoding="utf-8")
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|float: (?:left|right)", sheet)
    assert ":dir(rtl)" in sheet
