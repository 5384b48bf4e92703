import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from app.adapters.redaction import LayeredRedactor, entities, lexicon
from app.domain.render import Audience, render
from app.domain.transcript import Span
from app.errors import ThroughlineError

ROOT = Path(__file__).resolve().parents[2]
RULES = LayeredRedactor(model=False)


def redacted(text: str, *names: str, language: str = "en") -> str:
    return render(text, Span(0, len(text)), Audience.MODEL, RULES.find(text, names, language))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to jo@zielinskijoinery.example. Or ring", "write to [email]. Or ring"),
        ("farah.nadeem+x@mail.example.co.uk, please", "[email], please"),
        ("I'm on 0161 496 0733.", "I'm on [phone]."),
        ("the mobile, +32 470 55 18 23. Nobody", "the mobile, [phone]. Nobody"),
        ("(020) 7946 0958 or 555-123-4567 or 0049.30.123456", "[phone] or [phone] or [phone]"),
        ("the card, 4111 1111 1111 1111, was", "the card, [card], was"),
        ("ending in 4242, expiry 08/27, CVV 731", "ending in [card], expiry [card], CVV [card]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19 then", "IBAN [account] then"),
        ("account 48213099 and KD-48213", "account [account] and [account]"),
        ("policy MM-20-559317. I’ve", "policy [account]. I’ve"),
        ("sort code 20-45-61", "sort code [account]"),
        ("my national insurance number is QQ 12 34 56 C", "my national insurance number is [id]"),
        ("at 42 Acacia Avenue, Leeds LS6 2AB, since", "at [address], since"),
        ("PO Box 2291, Dunedin.", "[address]."),
    ],
)
def test_written_data_is_replaced_by_its_kind(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it’s helene dot marchetti at example dot com, no accents", "it’s [email], no accents"),
        ("oh seven seven double oh nine one two three", "[phone]"),
        ("it's zero one six one, uh, four nine six, um, oh seven three three", "it's [phone]"),
        ("the card ending four two four two. It", "the card ending [card]. It"),
        ("account number three one nine two six eight one nine", "account number [account]"),
        ("booking reference foxtrot three kilo nine nine two", "booking reference [account]"),
        ("we moved to forty two acacia avenue in may", "we moved to [address] in may"),
        ("flat nine, um, twelve marlowe road, and", "[address], and"),
    ],
)
def test_data_that_is_read_out_is_found_with_what_stands_in_between(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("de", "ich heiße Katrin und wohne Hauptstraße 5, 10115 Berlin.", "ich heiße [name] und wohne [address]."),
        ("de", "jana punkt weber ät gmx punkt de", "[email]"),
        ("fr", "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit", "[phone]"),
        ("fr", "ma collègue Fatoumata, 12 rue des Lilas, 69003 Lyon", "ma collègue [name], [address]"),
        ("es", "me llamo Nahia, calle de los olivos número doce", "me llamo [name], [address]"),
        ("nl", "meneer van der Meulen, Keizersgracht 112, 1015 CV Amsterdam", "meneer [name], [address]"),
        ("pt", "Rua das Flores, 45, 4050-262 Porto", "[address]"),
        ("it", "giulia punto ferrante chiocciola gmail punto com", "[email]"),
        ("ja", "田中と申します。鈴木さんの電話は090-1234-5678です。", "[name]と申します。[name]さんの電話は[phone]です。"),
    ],
)
def test_other_languages_have_rules_of_their_own(language, text, shown):
    assert redacted(text, language=language) == shown


@pytest.mark.parametrize(
    "text",
    [
        "in 1989, 1994 and 2011 2012",
        "£1 200 000 or 1.200.000 euros or 150000 pounds",
        "from 10.30 - 11.45 on 12/05/2023",
        "row 212, gate B2, ISO 9001, a 20000mAh battery, 50000km",
        "1,234,567 people in the 1990s",
        "look at that dot, I was at home dot and so on",
        "one two three, off we go, four five six seven eight",
        "2 000 000",
        "we waited forty five minutes and paid nine pounds ninety nine",
        "I will mark it as paid in May, the bill rose, with a grace period",
        "Netflix, Amazon, John Lewis and Marks and Spencer in Paris and London",
        "iOS 17.4.1 on an iPhone 15 Pro, build 21E236, error code 0x80070057",
    ],
)
def test_years_prices_brands_towns_and_ordinary_words_stay(text):
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my husband kwame and doctor okafor rang", "my husband [name] and doctor [name] rang"),
        ("Then Will said he will", "Then [name] said he will"),
        ("My colleague Rose rose early", "My colleague [name] rose early"),
        ("spelled S-I-O-B-H-A-N, right", "spelled [name], right"),
        ("J. R. Okonjo's team", "[name]'s team"),
        ("I emailed Kaveh, and Nkechi answered", "I emailed [name], and [name] answered"),
        ("that was when Hyun-woo joined", "that was when [name] joined"),
    ],
)
def test_third_people_are_found_by_lists_and_by_the_words_beside_them(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Farah Khan's bag", "[name]'s bag"),
        ("then farah khan rang and FARAH said Khan", "then [name] rang and [name] said [name]"),
        ("O’Brien’s and o'brien", "[name]’s and [name]"),
        ("I will, she may, mark it, said Will", "I will, she may, mark it, said [name]"),
        ("Ken and Maureen went, MAUREEN too", "[name] and [name] went, [name] too"),
        ("jan van dijk, Mr Dijk, a van", "[name], Mr [name], a van"),
        ("the interviewer asked the participant", "the interviewer asked the participant"),
        ("Anne-Marie and Zielińska", "[name] and [name]"),
        ("so zielinska rang", "so [name] rang"),
        ("她叫王伟吗", "她叫[name]吗"),
    ],
)
def test_known_names_are_replaced_and_common_words_stay(text, shown):
    names = (
        "Farah Khan",
        "O'Brien",
        "Will",
        "May Mark",
        "Ken and Maureen",
        "Interviewer",
        "Participant 2",
        "Anne-Marie",
        "Joanne Zielińska",
        "王伟",
        "Jan van Dijk",
    )
    assert redacted(text, *names) == shown


def test_overlapping_findings_become_one():
    text = "mail farah.khan@example.com now"
    findings = RULES.find(text, ["Farah Khan", "Khan"])
    assert [(text[f.start : f.end], f.kind) for f in findings] == [("farah.khan@example.com", "email")]


def test_findings_are_in_order_and_never_overlap():
    text = "Khan 0161 496 0733 Khan a@b.example KD-48213, 4111 1111 1111 1111 Khan"
    findings = RULES.find(text, ["Farah Khan"])
    assert all(a.end <= b.start for a, b in pairwise(findings))
    assert [f.kind for f in findings] == ["name", "phone", "name", "email", "account", "card", "name"]


def test_offsets_are_code_points_after_letters_beyond_the_basic_plane():
    text = "😀𝒳 שלום e\u0301 Farah 👩‍👩‍👧 0161 496 0733"
    assert [text[f.start : f.end] for f in RULES.find(text, ["Farah"])] == ["Farah", "0161 496 0733"]


def test_the_same_names_in_another_order_find_the_same():
    text = "Anne Marie met Anne and Marie Curie"
    names = ["Anne Marie", "Marie Curie"]
    assert RULES.find(text, names) == RULES.find(text, names[::-1])


@pytest.mark.slow
def test_the_model_sees_people_that_no_list_has_and_findings_are_the_same_in_another_process():
    text = "Then Zorvanka Plimtree called me about the invoice. I rang the bank.\n\nMy number is 0161 496 0733."
    search = f"LayeredRedactor().find({text!r}, ())"
    code = f"from app.adapters.redaction import LayeredRedactor\nprint([(f.start, f.end, f.kind) for f in {search}])"
    shown = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        shown.add(done.stdout)
    assert len(shown) == 1
    assert str((text.index("Zorvanka"), text.index(" called"), "name")) in shown.pop()


@pytest.mark.parametrize(
    "unit",
    ["a", "1 ", "a.", "one ", "A-1", "dot a ", "+", "AB12 ", "a at b dot ", "12-", "(", "a@", "Flat 1, ", "12 Elm ", "road ", "S-",
     "Anna ", "mr ", "uh ", "three, uh, ", "〇一", "ア", "アット", "rue de ", "my ", "A. ", "at ", "the corner of ", "john lewis "],
)  # fmt: skip
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_takes_time_in_proportion_to_its_length(unit, language):
    started = time.perf_counter()
    RULES.find(unit * (30_000 // len(unit)), ["Farah Khan"], language)
    assert time.perf_counter() - started < 8


def test_a_missing_list_is_named_with_the_way_out(monkeypatch, tmp_path):
    monkeypatch.setattr(lexicon, "DATA", tmp_path)
    with pytest.raises(ThroughlineError, match=r"names\.tsv\.gz .* make install"):
        LayeredRedactor(model=False).check()


def test_a_missing_model_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setattr(entities, "PACKAGE", "no_such_model")
    with pytest.raises(ThroughlineError, match=r"no_such_model.* make install"):
        LayeredRedactor().check()


def test_words_that_are_always_capital_and_a_web_address_are_no_personal_data():
    redactor = LayeredRedactor()
    talk = (
        "Sure. My name is Jackie Z. I'm a member. I think I'm good. I like it. I like it. I was there. You can find us at hitsave.org now."
    )
    assert [talk[f.start : f.end] for f in redactor.find(talk, [])] == ["Jackie Z"]
