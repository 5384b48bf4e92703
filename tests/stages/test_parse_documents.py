"""Documents are opened to the text or rows that they show; what is left out is said, and what cannot be opened is refused aloud."""

import io
import zlib
from datetime import time, timedelta

import openpyxl
import pytest
from containers import PDF_PAGE, docx, odt, packed, pdf_of

from app.errors import NotSpeech, TooLarge, UnreadableFile
from app.stages.parse import OPENERS, parse


def opened(data):
    return next(opener for opener in OPENERS if opener.matches(data)).open(data)


def turns(data):
    canonical = parse(data, "talk").canonical
    return [(turn.speaker, canonical.text[turn.start : turn.end]) for turn in canonical.turns]


def p(*runs, style=""):
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{looks}{''.join(run if run.startswith('<') else r(run) for run in runs)}</w:p>"


def r(text, looks=""):
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def bold(text):
    return r(text, "<w:b/>")


def table(*rows):
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


STYLES = (
    b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    b'<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift1"/></w:style>'
    b'<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
)
TALK = [
    ("Anna", "So, why did you call them that day?"),
    ("Ben", "Because nothing else worked for us."),
    ("Anna", "And what happened then?"),
]


def test_a_word_document_with_labels_is_read_as_its_text_would_be():
    assert turns(docx("".join(p(f"{name}: {said}") for name, said in TALK))) == TALK


def test_teams_header_and_words_in_one_paragraph_are_a_turn():
    old = docx("".join(p(r(f"{n}   0:0{i}"), "<w:r><w:br/></w:r>", r(said)) for i, (n, said) in enumerate(TALK, 1)))
    picture = "<w:r><w:drawing/></w:r>"
    new = docx(
        p(bold("Anna Lee"), r(" started transcription"))
        + "".join(p(picture, bold(n), r(f"   0:0{i}"), "<w:r><w:br/></w:r>", r(said)) for i, (n, said) in enumerate(TALK, 1))
        + p(bold("Anna Lee"), r(" stopped transcription"))
    )
    assert turns(old) == turns(new) == TALK
    assert any("started or stopped" in w for w in parse(new, "talk").warnings)


def test_the_cues_of_early_teams_documents_are_turns():
    data = docx(
        "".join(p(f"0:0:{i}.0 --> 0:0:{i}.950", "<w:r><w:br/></w:r>", n, "<w:r><w:br/></w:r>", s) for i, (n, s) in enumerate(TALK, 1))
    )
    assert turns(data) == TALK
    assert parse(data, "talk").canonical.marks[0].ms == 1000


def test_words_own_transcribe_form_is_read():
    body = p("Audio file") + p("talk.mp3") + p("Transcript", style="berschrift1")
    data = docx(body + "".join(p(f"00:00:0{i} {n}") + p(s) for i, (n, s) in enumerate(TALK)), extra={"word/styles.xml": STYLES})
    assert turns(data) == TALK


def test_in_meets_notes_only_the_part_under_transcript_is_speech():
    notes = p("Notes", style="berschrift1") + p("Summary", style="Mine") + p(bold("Anna:"), " talked about the bill.") * 3
    spoken = p("00:00:00", style="berschrift1") + "".join(p(bold(f"{name}: "), said) for name, said in TALK)
    data = docx(notes + p("📖 Transcript", style="berschrift1") + spoken, extra={"word/styles.xml": STYLES})
    assert turns(data) == TALK
    assert any("5 paragraphs before the heading “Transcript”" in w for w in parse(data, "talk").warnings)


def test_headings_keep_their_level_from_any_language_of_word_and_a_table_of_contents_is_no_text():
    found = opened(
        docx(p("Overview", style="Mine") + p("1 Overview … 3", style="TOC1") + p("Hello there"), extra={"word/styles.xml": STYLES})
    )
    assert found.text == "# Overview\n\nHello there"
    assert found.warnings == ("1 line of a table of contents was left out",)


def test_deleted_text_is_left_out_and_inserted_text_is_read():
    deleted = '<w:del w:id="1"><w:r><w:delText>never</w:delText></w:r></w:del>'
    found = opened(docx(p("It was ", deleted, '<w:ins w:id="2"><w:r><w:t>always</w:t></w:r></w:ins>', " so.")))
    assert found.text == "It was always so."
    assert found.warnings == ("1 tracked deletion was left out",)


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    mark = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">One </w:t></w:r></w:p>'
    assert opened(docx(mark + p("sentence."))).text == "One sentence."


def test_links_controls_and_smart_tags_keep_their_words():
    link = '<w:hyperlink r:id="rId7"><w:r><w:t>the site</w:t></w:r></w:hyperlink>'
    body = (
        f"<w:sdt><w:sdtContent>{p('On ', link, ' I saw ', '<w:smartTag><w:r><w:t>Paris</w:t></w:r></w:smartTag>')}</w:sdtContent></w:sdt>"
    )
    assert opened(docx(body)).text == "On the site I saw Paris"


def test_what_stands_beside_the_text_is_left_out_and_counted():
    box = "<w:r><w:pict><w:txbxContent>" + p("boxed") + "</w:txbxContent></w:pict></w:r>"
    body = p("Said.", "<w:r><w:commentReference/></w:r>", "<w:r><w:footnoteReference/></w:r>", box, r("unseen", "<w:vanish/>"))
    header = b'<w:hdr xmlns:w="x"><w:p><w:r><w:t>Acme</w:t></w:r></w:p></w:hdr>'
    found = opened(docx(body, extra={"word/header1.xml": header}))
    assert found.text == "Said."
    left = ("1 comment", "1 footnote", "1 text box", "1 hidden piece of text", "1 page margin with text (header, footer)")
    assert found.warnings == tuple(f"{what} was left out" for what in left)


def test_asterisks_and_number_signs_that_were_typed_stay_words():
    data = docx(
        p("Overview", style="berschrift1")
        + p("Anna: it is *really* 5 * 3 and _so_.")
        + p("Ben: ok")
        + p("#1 on my list")
        + p("Anna: so")
        + p("Ben: yes"),
        extra={"word/styles.xml": STYLES},
    )
    assert turns(data) == [("Anna", "it is *really* 5 * 3 and _so_."), ("Ben", "ok #1 on my list"), ("Anna", "so"), ("Ben", "yes")]


def test_a_bold_name_without_a_colon_is_kept_as_a_label():
    assert opened(docx(p(bold("Anna Lee"), " why did you call?") + p(bold("Really important"), " it was"))).text == (
        "**Anna Lee** why did you call?\n\nReally important it was"
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Speaker", "Text"), *TALK], [(n, "", "", s) for n, s in TALK]),
        (
            [("Time", "Name", "Transcript"), *((f"0:0{i}", n, s) for i, (n, s) in enumerate(TALK))],
            [(n, f"0:0{i}", "", s) for i, (n, s) in enumerate(TALK)],
        ),
        (TALK, [(n, "", "", s) for n, s in TALK]),
        ([(f"{i}", f"[0:0{i}]", f"{n}:", s) for i, (n, s) in enumerate(TALK)], [(n, f"0:0{i}", "", s) for i, (n, s) in enumerate(TALK)]),
        ([("Speaker", "Text"), ("Anna", "Hi there."), ("", "And more.")], [("Anna", "", "", "Hi there."), ("Anna", "", "", "And more.")]),
    ],
)
def test_a_table_with_a_row_a_turn_becomes_rows(rows, expected):
    found = opened(docx(p("Interview 3") + table(*rows)))
    assert found.rows == (("speaker", "start", "end", "text"), *expected)
    assert found.warnings == ("1 paragraph outside the table of turns was left out",)


def test_a_table_of_turns_is_read_to_the_end():
    assert turns(docx(table(("Speaker", "Text"), *TALK))) == TALK


def test_one_table_a_turn_is_one_talk():
    assert opened(docx("".join(table(row) + "<w:p/>" for row in TALK))).rows[1:] == tuple((n, "", "", s) for n, s in TALK)


def test_a_table_of_facts_is_left_out_and_said():
    found = opened(docx(table(("Participant", "P7"), ("Date", "3 May"), ("Place", "Bonn")) + "".join(p(f"{n}: {s}") for n, s in TALK)))
    assert found.rows == ()
    assert "Bonn" not in found.text
    assert found.warnings == ("1 table without columns for speaker and words was left out",)


def test_a_table_that_only_places_text_is_read_as_paragraphs():
    assert opened(docx(table(("menu", "ANNA: " + "so it went on " * 10)))).text.startswith("menu\n\nANNA: so it went")


def test_a_few_turns_in_a_table_among_many_paragraphs_become_labels_in_place():
    found = opened(docx(p("Ben: " + "it went on and on " * 20) + table(*TALK) + p("Ben: bye")))
    assert found.rows == ()
    assert "\n\nAnna: So, why did you call them that day?\n\n" in found.text


def test_sentences_that_an_export_cut_at_a_width_are_whole_again():
    words = "there was nothing else that we could do about the verification of the account so we waited for another week"
    cut = [p(f"{words[:79]}") + p(f"{words[79:]}") + "<w:p/>" for _ in range(3)]
    found = opened(docx("".join(cut)))
    assert found.text.split("\n\n") == [words] * 3
    assert any("joined again" in w for w in found.warnings)


@pytest.mark.parametrize("namespace", ["http://purl.oclc.org/ooxml/wordprocessingml/main"])
def test_strict_word_documents_and_those_with_macros_are_read(namespace):
    body = docx("".join(p(f"{name}: {said}") for name, said in TALK), extra={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 9})
    assert turns(body) == TALK
    strict = packed({
        "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{p("Anna: hi")}{p("Ben: ho")}</w:body></w:document>'.encode()
    })  # fmt: skip
    assert turns(strict) == [("Anna", "hi"), ("Ben", "ho")]


def test_an_opendocument_text_is_read_with_its_blanks_breaks_and_lists():
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
        "<text:p>Anna: one<text:s/>two<text:tab/>three"
        "<text:note><text:note-body><text:p>beside</text:p></text:note-body></text:note> four</text:p>"
        "<text:list><text:list-item><text:p>Ben:\n   well<text:line-break/>then</text:p></text:list-item></text:list>"
        "<text:h text:outline-level='2'>Part two</text:h>"
        "<text:p>Anna: <text:span>bye<office:annotation><text:p>x</text:p></office:annotation>!</text:span></text:p>"
    )
    found = opened(odt(body))
    assert found.text == "Anna: one two   three four\n\nBen: well\nthen\n\n## Part two\n\nAnna: bye!"
    assert found.warnings == ("1 tracked deletion was left out", "1 footnote was left out", "1 comment was left out")


def test_a_table_of_turns_in_opendocument_becomes_rows():
    rows = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{c}</text:p></table:table-cell>' for c in row)}</table:table-row>"
        for row in TALK
    )
    assert turns(odt(f"<table:table>{rows}</table:table>")) == TALK


def rtf(body, head=r"\ansi\ansicpg1252"):
    return f"{{\\rtf1{head}{{\\fonttbl{{\\f0\\fcharset0 Arial;}}{{\\f1\\fcharset204 Arial;}}}}{{\\info{{\\title Talk}}}}\n{body}}}".encode(
        "latin-1"
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"Anna: caf\'e9 \u8220?fine\u8221? \emdash  ok\par Ben: \uc2\u233''x\par", "Anna: café “fine” — ok\n\nBen: éx"),
        (r"One\line two\tab three\par", "One\ntwo   three"),
        (r"seen {\v hidden}\deleted gone\deleted0  too\par", "seen  too"),
        (r"{\*\unknown x}{\pict\pngblip 89504e}{\header h}a {\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\par", "a link"),
        (r"{\f1\'cf\'f0\'e8} \u-10179?\u-8704?\par", "При 😀"),
        (r"\{curly\} back\\slash\par", r"{curly} back\slash"),
        (r"{\b Anna Lee} why?\par\outlinelevel0 Part\par\pard Anna\par", "**Anna Lee** why?\n\n# Part\n\nAnna"),
    ],
)
def test_rich_text_is_read_as_it_shows(body, text):
    assert opened(rtf(body)).text == text


def test_a_table_in_rich_text_becomes_rows():
    body = "".join(rf"\trowd\cellx1\cellx2\pard\intbl {n}\cell {s}\cell\row " for n, s in TALK)
    assert turns(rtf(body + r"\pard\par")) == TALK


def test_rich_text_that_was_cut_off_is_read_and_said():
    assert "cut off" in opened(rtf(r"Anna: hi\par Ben: ho\par")[:-1]).warnings[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<html><head><title>T</title><style>p{}</style></head><body><script>x()</script><p><b>Anna:</b> so\n  it <i>was</i></p>",
            "Anna: so it was",
        ),
        ("<html><body>Anna: hi<br>Ben: ho<br><br>Anna: bye", "Anna: hi\nBen: ho\n\nAnna: bye"),
        ("<html><dl><dt>Anna<dd>Why?<dt>Ben:<dd>Because.</dl>", "Anna: Why?\n\nBen: Because."),
        ('<html><p class="speaker">Anna</p><p>Why?</p><p class="speaker">Ben</p><p>Because.</p>', "Anna: Why?\n\nBen: Because."),
        ('<html><div><span class="speaker-name">Anna</span> <span>0:05</span></div><div>Why?</div>', "Anna  0:05\n\nWhy?"),
        ("<html><h2>Part</h2><p>a &lt;b&gt; &amp; c</p><p hidden>x</p><nav>menu</nav>", "## Part\n\na <b> & c"),
        ("<!-- saved --><!DOCTYPE HTML><html><pre>Anna: hi\nBen: ho</pre>", "Anna: hi\nBen: ho"),
    ],
)
def test_pages_are_read_as_a_browser_shows_them(html, text):
    assert opened(html.encode()).text == text


def test_an_old_page_is_read_in_the_encoding_it_names():
    page = '<HTML><META http-equiv=content-type content="text/html; charset=iso-8859-1"><BODY>Anna: caf\xe9 \x93so\x94<BR>Ben: ok'
    assert opened(page.encode("latin-1")).text.startswith("Anna: café “so”")
    assert opened("<html><meta charset=windows-1251><p>Анна: да".encode("cp1251")).text == "Анна: да"
    assert opened("<html><p>Anna: café".encode("utf-16")).text == "Anna: café"


def test_markdown_with_a_tag_at_its_top_is_no_page():
    data = b'<p align="center">logo</p>\n\n**Anna:** Hi\n\n**Ben:** Ho\n\n**Anna:** So?\n\n**Ben:** Yes\n'
    assert not any(opener.matches(data) for opener in OPENERS)


def workbook(**sheets):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_the_sheet_that_looks_like_a_transcript_is_read_with_its_times_as_clock_times():
    rows = [("Speaker", "Start", "Text"), *((n, [time(0, 0, 5), timedelta(seconds=3725), 7.0][i], s) for i, (n, s) in enumerate(TALK))]
    found = opened(workbook(Codes=[("code", "n"), ("price", 3)], Talk=rows))
    assert [row[1] for row in found.rows] == ["Start", "0:00:05", "1:02:05", "7"]
    assert found.warnings == ("the sheet “Talk” was read; 1 other sheet was left out: “Codes”",)


def test_a_workbook_without_speech_is_refused():
    with pytest.raises(NotSpeech, match="no sheet of it holds speech"):
        parse(workbook(Codes=[("code", "n"), ("price", 3)]), "codes.xlsx")


def pdf(*pages, font=b"Helvetica"):
    """Pages of (x, y from the bottom, text)."""
    page = PDF_PAGE.replace(b"Helvetica", font)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    for lines in pages:
        shown = b"".join(b"BT /F1 10 Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (x, y, text.encode("cp1252")) for x, y, text in lines)
        objects += [
            page.replace(b"/Contents 4 0 R", b"/Contents %d 0 R" % (len(objects) + 2)),
            b"<</Length %d>>stream\n" % len(shown) + shown + b"\nendstream",
        ]
    kids = b" ".join(b"%d 0 R" % i for i in range(3, len(objects) + 1, 2))
    objects[1] = b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(pages)
    return pdf_of(objects)


def column(lines, x=50, top=800, step=14):
    return [(x, top - step * i, line) for i, line in enumerate(lines)]


LONG = ["Ben: it was then that we saw how very slow the", "new desk had become and that nobody there was", "able to help us."]


def test_lines_that_were_wrapped_are_one_paragraph_and_a_turn_goes_on_over_the_page():
    first, second = (
        column(["Anna: why did you leave?", *LONG[:2]]),
        column([LONG[2], "Anna: and then what did you do about it all?", "Ben: nothing."]),
    )
    assert turns(pdf(first, second)) == [
        ("Anna", "why did you leave?"),
        ("Ben", "it was then that we saw how very slow the new desk had become and that nobody there was able to help us."),
        ("Anna", "and then what did you do about it all?"),
        ("Ben", "nothing."),
    ]
    assert opened(pdf(first, second)).text.count("\n\n") == 3


def test_running_heads_and_page_numbers_are_left_out_and_said():
    pages = [
        [(50, 830, "Acme study 2024"), *column([f"Anna: question {word}?", f"Ben: answer {word}."]), (300, 20, f"Page {i} of 3")]
        for i, word in enumerate(("one", "two", "three"), 1)
    ]
    found = opened(pdf(*pages))
    assert "Acme" not in found.text
    assert "Page" not in found.text
    assert found.warnings == ("6 lines that recur on the pages (running heads, page numbers) were left out",)


def test_a_name_at_the_top_of_every_page_is_no_running_head():
    pages = [column([f"Anna Lee   0:0{i}", f"This is what I said, part {word}."]) for i, word in enumerate(("one", "two", "three"), 1)]
    assert turns(pdf(*pages))[0][1].count("This is what I said") == 3


def test_columns_are_read_one_after_the_other():
    left, right = (
        column(["Anna: the first thing that I", "wanted to know was why."], x=50),
        column(["Ben: the second thing was", "that nobody had called us."], x=320),
    )
    assert turns(pdf(left + right)) == [
        ("Anna", "the first thing that I wanted to know was why."),
        ("Ben", "the second thing was that nobody had called us."),
    ]


def test_a_hyphen_at_the_end_of_a_line_goes_only_where_the_document_writes_the_word_without():
    lines = [
        "Anna: the verification was late and then the verifi-",
        "cation of an e-mail was the thing, or was the e-",
        "mail that I sent you late too, I think it was.",
    ]
    assert "the verification of an e-mail was the thing, or was the e-mail that" in turns(pdf(column([*lines, "Ben: yes."])))[0][1]


def test_names_in_a_column_of_their_own_are_labels():
    lines = [line for i, (n, s) in enumerate(TALK) for line in [(50, 800 - 30 * i, n), (150, 800 - 30 * i, s)]]
    assert turns(pdf(lines)) == TALK


def test_a_bold_name_in_a_pdf_is_a_label():
    assert opened(pdf(column(["Anna Lee"]), font=b"Helvetica-Bold")).text == "Anna Lee"


def test_a_scan_is_refused_with_the_way_to_text():
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 850]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    data = pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            b"<</Length 26>>stream\nq 500 0 0 700 0 0 cm /I Do Q\nendstream",
            image,
        ]
    )
    with pytest.raises(UnreadableFile, match=r"scan\.pdf: this is a PDF, but it holds pictures of text; run text recognition \(OCR\)"):
        parse(data, "scan.pdf")


def test_pages_without_text_are_named():
    assert opened(pdf(column(["Anna: hi", "Ben: ho"]), [])).warnings == ("1 of 2 pages hold no text (blank, or a picture): 2",)


def nested_forms(depth, times):
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects += [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 6>>stream\n/X Do \nendstream",
    ]
    for i in range(depth):
        form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>>>stream\n" % (6 + i)
        objects.append(form + b"/X Do " * times + b"\nendstream")
    return pdf_of(objects)


def flate(times):
    packed_twice = zlib.compress(zlib.compress(b"(x) Tj " * times, 9), 9)
    return pdf_of([b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(packed_twice) + packed_twice + b"\nendstream"])


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (flate(5_000_000), TooLarge, "unpack to far more"),
        (nested_forms(9, 9), TooLarge, "unpack to far more"),
        (pdf(*[[]] * 401), TooLarge, "401 pages, the limit is 400"),
        (docx(" " * 60_000_000), TooLarge, "unpacks to 60 MB"),
        (docx("<w:p/>" * 900_000), TooLarge, "more text and formatting"),
        (docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 70_000), TooLarge, "60,000 paragraphs"),
        (docx("<w:p/>", doctype='<!DOCTYPE x [<!ENTITY a "b">]>'), UnreadableFile, "entities"),
        (docx("<w:sdt>" * 2000 + "</w:sdt>" * 2000), UnreadableFile, "damaged"),
        (odt("<text:p/>")[:-200], UnreadableFile, "damaged"),
        (packed({"word/document.xml": b"x", "../../etc/passwd": b""}), UnreadableFile, "names that no document has"),
        (packed({"word/document.xml": b"x", **{f"{i}": b"" for i in range(2500)}}), TooLarge, "2,000 parts"),
        (
            packed({"content.xml": b"<a/>", "META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
            UnreadableFile,
            "locked with a password",
        ),
        (b"<html>" + b"<b>" * 450_000, TooLarge, "400,000 elements"),
        (b"{\\rtf1" + b"\\b1" * 510_000, TooLarge, "more formatting"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            UnreadableFile,
            "locked with a password",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            UnreadableFile,
            r"old Word document \(\.doc\); open it",
        ),
        (packed({"ppt/presentation.xml": b"<a/>"}), UnreadableFile, "presentation"),
        (packed({"Index/Document.iwa": b"x"}), UnreadableFile, "Pages"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bombs_damage_and_locks_are_refused_with_the_way_out(data, error, says):
    with pytest.raises(error, match=rf"(?s)odd: this is .*{says}") as caught:
        parse(data, "odd")
    assert type(caught.value) is error


def test_a_member_that_unpacks_to_more_than_it_says_is_damage():
    data = bytearray(docx(p("Anna: hello there") * 500))
    at = data.rindex(b"word/document.xml") - 46
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="damaged"):
        parse(bytes(data), "lying.docx")


def test_messages_never_hold_words_of_the_document():
    with pytest.raises(UnreadableFile) as caught:
        parse(docx("<w:p><w:r><w:t>a secret remark</w:p>"), "broken.docx")
    assert "secret" not in caught.value.message
