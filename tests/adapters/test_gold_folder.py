"""Reading labelled interviews: places are believed only when the words stand there."""

import hashlib
from pathlib import Path

import pytest
from golden import write_rows, write_study

from app.adapters.gold_folder import read_gold
from app.errors import InvalidInput, UsageError

GOLD = Path(__file__).resolve().parents[2] / "fixtures" / "gold"


def test_quotes_are_cut_where_the_labels_say_with_the_question_before_them(tmp_path):
    rows = write_study(tmp_path / "kettle")
    (study,) = read_gold(tmp_path).studies
    assert [quote.text for quote in study.quotes] == [row["text"] for row in rows]
    assert (study.field, study.title, study.product) == ("kitchen things", "Kettle", "a kettle")
    assert study.stages[0].key == "awareness"
    first, second = study.interviews[0].quotes
    assert first.question == second.question == "How did you hear of it?"
    assert (first.quote.speaker, first.second, second.hard) == ("Bea", None, ("implied",))
    assert first.labels["touchpoint"] == ""
    assert second.labels | {"touchpoint": "support line", "intensity": "2"} == second.labels


def test_a_folder_is_searched_to_the_bottom_and_one_study_is_a_gold_standard_too(tmp_path):
    write_study(tmp_path / "test" / "kettle")
    write_study(tmp_path / "test" / "deep" / "kettle")
    assert [study.name for study in read_gold(tmp_path).studies] == ["test/deep/kettle", "test/kettle"]
    assert [study.name for study in read_gold(tmp_path / "test" / "kettle").studies] == ["kettle"]


def test_a_study_without_labels_yet_is_passed_by(tmp_path):
    write_study(tmp_path / "kettle")
    write_study(tmp_path / "toaster")
    (tmp_path / "toaster" / "labels.jsonl").unlink()
    assert [study.name for study in read_gold(tmp_path).studies] == ["kettle"]


def test_transcripts_may_lie_elsewhere(tmp_path):
    rows = write_study(tmp_path / "kettle", about={"transcripts": "../talks"})
    (tmp_path / "talks").mkdir()
    for file in {row["file"] for row in rows}:
        (tmp_path / "kettle" / file).rename(tmp_path / "talks" / file)
    assert len(read_gold(tmp_path).quotes) == len(rows)


def test_the_second_labels_stand_beside_the_first(tmp_path):
    write_study(tmp_path, second=True)
    quotes = read_gold(tmp_path).quotes
    assert [quote.second["stage"] for quote in quotes] == ["awareness", "support", "use", "none", "use"]


def test_the_hash_is_over_the_labels_and_nothing_else(tmp_path):
    rows = write_study(tmp_path / "kettle")
    before = read_gold(tmp_path).sha256
    (tmp_path / "kettle" / "notes.md").write_text("x", encoding="utf-8")
    (tmp_path / "kettle" / "labels.jsonl").write_bytes((tmp_path / "kettle" / "labels.jsonl").read_bytes().replace(b"\n", b"\r\n"))
    assert read_gold(tmp_path).sha256 == before
    rows[0]["stage"] = "use"
    write_rows(tmp_path / "kettle" / "labels.jsonl", rows)
    assert read_gold(tmp_path).sha256 != before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "My brother told me about it on the fax."}, "does not hold this text"),
        ({"end": 9_999}, "does not hold this text"),
        ({"stage": "checkout"}, "stage holds a value that is not listed"),
        ({"emotion": "joy"}, "emotion holds a value that is not listed"),
        ({"intensity": 4}, "intensity holds a value that is not listed"),
        ({"start": "25"}, "file, start and end"),
        ({"file": "../01-bea.txt"}, "file, start and end"),
        ({"file": "03-nobody.txt"}, "there is no transcript"),
        ({"text": ""}, "text must hold"),
    ],
)
def test_a_bad_label_is_named_by_file_and_line_without_the_words(changes, said, tmp_path):
    rows = write_study(tmp_path)
    rows[1] |= changes
    write_rows(tmp_path / "labels.jsonl", rows)
    with pytest.raises(InvalidInput) as error:
        read_gold(tmp_path)
    assert f"{tmp_path / 'labels.jsonl'}:2: " in error.value.message
    assert said in error.value.message
    assert "brother" not in error.value.message


def test_a_place_that_is_labelled_twice_or_by_the_second_only_is_named(tmp_path):
    rows = write_study(tmp_path, second=True)
    write_rows(tmp_path / "labels-second.jsonl", [rows[0], rows[0]])
    with pytest.raises(InvalidInput, match=r"labels-second\.jsonl:2: this quote was labelled before"):
        read_gold(tmp_path)
    write_rows(tmp_path / "labels-second.jsonl", [rows[0]])
    write_rows(tmp_path / "labels.jsonl", rows[1:])
    with pytest.raises(InvalidInput, match=r"labels-second\.jsonl:1: labels\.jsonl has no quote"):
        read_gold(tmp_path)


def test_a_line_that_is_no_json_is_named(tmp_path):
    write_study(tmp_path)
    (tmp_path / "labels.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"labels\.jsonl:1: this is no JSON"):
        read_gold(tmp_path)


@pytest.mark.parametrize("about", [{"field": None}, {"template": "nonsense"}, {"stages": ["before"]}])
def test_a_study_that_says_too_little_of_itself_is_named(about, tmp_path):
    write_study(tmp_path, about=about)
    with pytest.raises(InvalidInput, match=r"study\.json: "):
        read_gold(tmp_path)


def test_a_study_may_have_stages_of_its_own(tmp_path):
    rows = write_study(tmp_path, about={"stages": [{"key": "before", "base": ["awareness"]}, {"key": "after", "title": "Later"}]})
    write_rows(tmp_path / "labels.jsonl", [row | {"stage": "before"} for row in rows])
    (study,) = read_gold(tmp_path).studies
    assert [(stage.key, stage.title, stage.base) for stage in study.stages] == [
        ("before", "before", ("awareness",)),
        ("after", "Later", ()),
    ]


def test_a_file_of_quotes_without_interviews_is_read_each_on_its_own(tmp_path):
    said = [
        {"field": "cars", "text": "I rang the garage and they kept me waiting for an hour.", "stage": "support", "experience": "pain"},
        {"field": "bikes", "text": "It goes like the wind, every single morning.", "stage": "use"},
    ]
    file = tmp_path / "quotes.jsonl"
    write_rows(file, said)
    gold = read_gold(file)
    assert [(study.field, len(study.interviews)) for study in gold.studies] == [("cars", 1), ("bikes", 1)]
    assert [dict(quote.labels) for quote in gold.quotes] == [{"stage": "support", "experience": "pain"}, {"stage": "use"}]
    assert {interview.language for study in gold.studies for interview in study.interviews} == {"en"}


def test_where_there_is_no_gold_it_says_what_would_be(tmp_path):
    with pytest.raises(UsageError, match="holds no gold standard"):
        read_gold(tmp_path)


def test_the_gold_standard_that_ships_can_be_read_and_its_test_part_is_of_other_fields_of_life():
    test, train = read_gold(GOLD / "test"), read_gold(GOLD / "train")
    assert test.name == "gold/test"
    assert {study.field for study in test.studies}.isdisjoint(study.field for study in train.studies)


def test_the_test_part_is_what_was_frozen_before_anything_was_tuned():
    gold = Path(__file__).parents[2] / "fixtures" / "gold"
    frozen = dict(reversed(line.split()) for line in (gold / "test.sha256").read_text(encoding="utf-8").splitlines())
    there = {f"./{p.relative_to(gold / 'test').as_posix()}" for p in (gold / "test").rglob("*") if p.is_file() and "second" not in p.name}
    assert there == set(frozen)
    for path, digest in frozen.items():
        assert hashlib.sha256((gold / "test" / path).read_bytes()).hexdigest() == digest, path
