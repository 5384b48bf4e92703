import pytest

from app.domain.render import Audience, Finding, render
from app.domain.terms import People, Person, Vocabulary, folded, lay, mentions, occurs, term_id
from app.domain.transcript import Span


def at(text, words, kind="name", nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Finding(start, start + len(words), kind)


def shown(text, found=(), **decided):
    decided = {term.replace("_", " "): kind for term, kind in decided.items()}
    return render(text, Span(0, len(text)), Audience.SHARE, lay(text, found, decided))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Dental", "ACME  dental"),
        ("Anna's", "anna"),
        ("Anna’s", "Anna"),
        ("O’Brien", "O'Brien"),
        ("“Monzo”,", "Monzo"),
        ("Straße", "STRASSE"),
        ("İbrahim", "ibrahim"),
    ],
)
def test_spellings_of_one_term_are_one_term(one, other):
    assert folded(one) == folded(other)
    assert term_id("study", one) == term_id("study", other)


def test_the_same_term_of_another_study_has_another_id():
    assert term_id("one", "Acme") != term_id("two", "Acme")


def test_a_term_that_people_hide_is_hidden_wherever_it_stands_as_whole_words():
    text = "Acme Dental rang. I like ACME dental's chairs, acme\tdental too, but not Acme Dentalware or Macme Dental."
    told = shown(text, acme_dental="other")
    assert told == "[other] rang. I like [other]'s chairs, [other] too, but not Acme Dentalware or Macme Dental."


def test_letters_that_grow_when_folded_are_still_found():
    assert shown("Sie wohnt in der STRAßE, nicht der Strasse.", strasse="address") == "Sie wohnt in der [address], nicht der [address]."
    assert shown("Dr. İbrahim ist da.", ibrahim="name") == "Dr. [name] ist da."


def test_words_of_scripts_without_blanks_are_found_inside_longer_runs():
    assert shown("昨日田中さんに会った", 田中="name") == "昨日[name]さんに会った"


def test_a_number_is_not_found_inside_a_longer_one():
    assert shown("4711 and 147112", **{"4711": "id"}) == "[id] and 147112"


def test_the_longest_term_wins():
    assert shown("Ann Smith and Ann", ann="other", ann_smith="name") == "[name] and [other]"


def test_nothing_reaches_over_the_end_of_a_turn():
    text = "I went to Acme\n\nDental work hurts"
    assert shown(text, acme_dental="other") == text
    assert shown(text, [Finding(10, 22, "name")]) == "I went to [name]\n\n[name] work hurts"


def test_what_people_call_not_personal_is_shown_wherever_it_was_found():
    text = "I use Monzo. Monzo's app, says Ann."
    found = [at(text, "Monzo"), at(text, "Monzo's"), at(text, "Ann")]
    assert shown(text, found, monzo=None) == "I use Monzo. Monzo's app, says [name]."


def test_showing_a_term_leaves_a_longer_one_hidden():
    text = "Jordan, and Jordan Smith"
    assert shown(text, [at(text, "Jordan"), at(text, "Jordan Smith")], jordan=None) == "Jordan, and [name]"


def test_a_kind_that_people_chose_stands_in_place_of_the_detectors_everywhere():
    text = "call AB-12345 or ab-12345"
    assert shown(text, [at(text, "AB-12345", "account")], **{"ab-12345": "id"}) == "call [id] or [id]"


def test_what_overlaps_becomes_one_finding_of_the_kind_people_gave():
    text = "at Acme Dental Clinic"
    assert shown(text, [at(text, "Dental Clinic", "address")], acme_dental="other") == "at [other]"
    assert lay(text, [at(text, "Dental Clinic", "address")], {"acme dental": "other"}) == (Finding(3, 21, "other"),)


def test_mentions_count_each_place_once_and_say_who_decided():
    text = "Ann rang Ann Lee, then Bob"
    found = [at(text, "Ann"), at(text, "Ann Lee"), at(text, "Bob")]
    told = [(m.term, m.hidden, m.decided) for m in mentions(text, found, {"bob": None, "ann": "name"})]
    assert told == [("ann", True, True), ("ann lee", True, False), ("bob", False, True)]


def test_a_term_that_is_shown_is_counted_also_where_nobody_found_it():
    told = [(m.term, m.hidden) for m in mentions("Acme here, Acme Dental there", [], {"acme": None, "acme dental": "other"})]
    assert told == [("acme", False), ("acme dental", True), ("acme", False)]


def test_hiding_a_part_counts_more_than_showing_the_whole():
    text = "Ann Smith"
    assert shown(text, [at(text, "Ann Smith")], ann="name", ann_smith=None) == "[name] Smith"


def test_a_term_occurs_or_not():
    assert occurs("acme dental", "the ACME Dental's door")
    assert not occurs("acme dental", "the acme, dental")


def test_the_vocabulary_finds_words_only_as_they_were_written():
    vocabulary = Vocabulary({"Will": "name", "020 7946": "phone", "田中": "name"})
    assert vocabulary.occurrences("I will ask Will, Willa, on 020 7946 or 田中さん") == [
        Finding(27, 35, "phone"),
        Finding(11, 15, "name"),
        Finding(39, 41, "name"),
    ]


PEOPLE = People(
    [
        Person("Anna Kowalski", "P1", frozenset({"t1"})),
        Person("Bea", "P2", frozenset({"t2"})),
        Person("Anna Lee", None, frozenset({"t2"})),
        Person("Carl Otto Osei", "P3", frozenset({"t3"})),
        Person("Carl Otto Osei", "P4", frozenset({"t4"})),
    ]
)


@pytest.mark.parametrize(
    ("words", "transcript", "pseudonym"),
    [
        ("Anna Kowalski", None, "P1"),
        ("anna kowalski's", "t2", "P1"),
        ("Mrs Kowalski", "t1", "P1"),
        ("Anna", "t1", "P1"),
        ("Anna", "t3", None),  # somebody's daughter, for all we know
        ("Anna", "t2", None),  # the interviewer there
        ("Anna Lee", None, None),
        ("Bea", "t2", "P2"),
        ("Bea", None, None),
        ("Carl Osei", "t1", None),  # one of two
        ("Carl", "t3", "P3"),
        ("Nobody Known", "t1", None),
        ("Mrs", "t1", None),
    ],
)
def test_a_name_is_a_participants_only_where_there_is_no_doubt(words, transcript, pseudonym):
    assert PEOPLE.pseudonym(words, transcript) == pseudonym
