"""The same talk in two files is known by its words; two talks never are."""

import itertools
import random
from pathlib import Path

import pytest

from app.domain.names import bare_name, is_label, may_be_same
from app.domain.transcript import Utterance, render_canonical
from app.stages.pairing import Sketch, advantage, contradict, overlap, same_talk, share_of_words, sketch, telling
from app.stages.parse import parse

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "transcripts"
TALKS = {path.name: parse(path.read_bytes(), path.name).canonical for path in sorted(FIXTURES.glob("*/0*"))}


def altered(text, share, seed=0):
    """A text with so many of its words left out, replaced or added, as between a caption and a tidied record."""
    rng = random.Random(seed)  # noqa: S311 - the same words on every call
    words = text.split()
    out = []
    for word in words:
        chance = rng.random() / share if share else 1
        if chance < 1 / 3:
            continue
        if chance < 2 / 3:
            out.append(rng.choice(words))
        elif chance < 1:
            out += [word, rng.choice(words)]
        else:
            out.append(word)
    return " ".join(out)


@pytest.mark.parametrize("name", TALKS)
def test_a_talk_with_a_tenth_of_its_words_changed_is_the_same_talk(name):
    for seed in range(3):
        other = sketch(altered(TALKS[name].text, 0.1, seed))
        assert same_talk(sketch(TALKS[name].text), other, alike_stem=False)


@pytest.mark.parametrize("name", TALKS)
def test_under_a_name_that_is_alike_a_fifth_may_differ(name):
    assert same_talk(sketch(TALKS[name].text), sketch(altered(TALKS[name].text, 0.2)), alike_stem=True)


def test_two_interviews_of_one_study_by_one_interviewer_are_never_the_same_talk():
    sketches = {name: sketch(talk.text) for name, talk in TALKS.items()}
    worst = max(overlap(sketches[a], sketches[b]) for a, b in itertools.combinations(sketches, 2))
    assert worst < 0.05
    assert not any(same_talk(sketches[a], sketches[b], alike_stem=True) for a, b in itertools.combinations(sketches, 2))


def test_the_beginning_of_a_talk_is_the_same_talk():
    text = TALKS["01-ines.vtt"].text
    assert same_talk(sketch(text), sketch(text[: len(text) // 4]), alike_stem=False)


def test_capitals_punctuation_accents_fillers_and_paragraphs_make_no_difference():
    text = TALKS["01-ines.vtt"].text
    other = text.upper().replace("\n\n", " ").replace(",", "").replace(". ", " um, ").replace("Ê", "E")
    assert overlap(sketch(text), sketch(other)) > 0.95


def test_a_script_without_blanks_is_compared_by_its_characters():
    talk = "昨日は電車で東京に行きましたがとても混んでいて座れませんでしたそれで次の駅で降りてバスに乗り換えました"
    other = "先週の日曜日に友達と映画を見てから新しいレストランで晩ご飯を食べましたが料理があまり美味しくなかったです"
    assert same_talk(sketch(talk), sketch(talk[:40]), alike_stem=False)
    assert not same_talk(sketch(talk), sketch(other), alike_stem=True)


def test_of_a_sentence_or_two_only_the_very_same_is_the_same():
    a, b = sketch("I rang them twice and nobody answered at all."), sketch("I rang them twice and nobody answered at night.")
    assert not same_talk(a, b, alike_stem=True)
    assert same_talk(a, a, alike_stem=False)
    assert not same_talk(Sketch(), Sketch(), alike_stem=True)


def test_a_sketch_is_small_and_depends_on_the_words_alone():
    text = TALKS["01-ines.vtt"].text
    assert sketch(text) == sketch(text)
    assert len(sketch(text * 3).hashes) == 256
    assert max(sketch(text).hashes) < 2**48


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        (["Anna"], ["Bea"], True),
        (["Anna"], ["Anna Kowalski"], False),
        (["Anna K."], ["Kowalski, Anna (Guest)"], False),
        (["Anna"], ["Speaker 2"], False),
        (["P1"], ["P2"], False),
        ([], ["Anna"], False),
        (["Anna", "Bo"], ["Bo Li"], False),
    ],
)
def test_names_contradict_where_both_files_name_people_and_none_could_be_the_same(mine, theirs, said):
    assert contradict(mine, theirs) is said
    assert contradict(theirs, mine) is said


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("Anna Kowalski", "anna kowalski", True),
        ("Anna K.", "Anna Kowalski", True),
        ("Anna", "Anna Kowalski", True),
        ("A. Kowalski", "Anna Kowalski", True),
        ("Zoë Müller", "Zoe Muller (Guest)", True),
        ("Anna Maria Kowalski", "Anna Kowalski", True),
        ("Anna Kowalski", "Anna Nowak", False),
        ("Anna", "Hanna", False),
        ("Kowalski", "Anna Kowalski", False),
        ("A", "Anna", False),
    ],
)
def test_names_that_may_be_the_same_persons(a, b, said):
    assert may_be_same(bare_name(a), bare_name(b)) is said
    assert may_be_same(bare_name(b), bare_name(a)) is said


@pytest.mark.parametrize(
    "label", ["Speaker 2", "SPEAKER_00", "P1", "Participant", "participant 12", "A", "Speaker A", "spk_1", "speaker unknown"]
)
def test_a_label_names_nobody(label):
    assert is_label(label)


@pytest.mark.parametrize("name", ["Bo", "Al", "Li", "Anna", "MEL", "Dr. Who", "Guest House", "Participante Ana", "Sam 2"])
def test_a_name_is_no_label(name):
    assert not is_label(name)


def told(*turns, warnings=0):
    return telling(render_canonical(Utterance(*turn) for turn in turns), warnings)


def test_the_file_that_names_its_speakers_tells_more_than_the_one_with_times():
    docx = told(("Ann", "How was it?"), ("Bea", "Good."))
    vtt = told(("Speaker 1", "How was it?", 0, 10), ("Speaker 2", "Good, it was really good.", 10, 20))
    flat = told((None, "How was it? Good, it was really good."))
    assert docx.rank > vtt.rank > flat.rank
    assert advantage(docx, vtt) == "names the speakers"
    assert advantage(vtt, flat) == "tells the speakers apart"
    assert advantage(told(("Ann", "Hello", 0, 1)), told(("Ann", "Hello you"))) == "has the times"
    assert advantage(told(("Ann", "Hello you two")), told(("Ann", "Hello you"))) == "has 1 more word"
    assert advantage(told(("Ann", "Hello")), told(("Ann", "Hello"), warnings=1)) == "reads with fewer warnings"


def test_the_share_of_words_counts_each_as_often_as_it_occurs():
    assert share_of_words("a b b c", "a b c d") == 0.75
    assert share_of_words("", "") == 0.0
