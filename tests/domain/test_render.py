from app.domain.render import Audience, Finding, render
from app.domain.transcript import Span

TEXT = "I am Farah Khan, ring 0161 496 0733 or Ken."
FINDINGS = (Finding(5, 15, "name"), Finding(22, 35, "phone"), Finding(39, 42, "name"))


def test_the_owner_reads_the_verbatim_cut():
    assert render(TEXT, Span(5, 35), Audience.OWNER, FINDINGS) == "Farah Khan, ring 0161 496 0733"


def test_others_read_a_placeholder_in_place_of_each_finding():
    for audience in (Audience.MODEL, Audience.SHARE):
        assert render(TEXT, Span(0, len(TEXT)), audience, FINDINGS) == "I am [name], ring [phone] or [name]."


def test_findings_outside_the_span_change_nothing():
    assert render(TEXT, Span(15, 22), Audience.MODEL, FINDINGS) == TEXT[15:22]


def test_a_finding_cut_by_the_span_shows_nothing_of_itself():
    assert render(TEXT, Span(11, 26), Audience.MODEL, FINDINGS) == "[name], ring [phone]"
    assert render(TEXT, Span(23, 30), Audience.MODEL, FINDINGS) == "[phone]"


def test_without_findings_the_text_is_as_it_is():
    assert render(TEXT, Span(0, 4), Audience.SHARE) == "I am"
