"""The redaction test set keeps its promises and is never edited: benchmarks/redaction/README.md says what they are."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "redaction"
SET = FOLDER / "set.jsonl"
SHA256 = "9ae21144e4fb4ab3584c23ca47d7217415605d6ebf7aa2b3be139e9e70087934"
CLASSES = {"name": 160, "email": 45, "phone": 60, "address": 60, "card": 30, "account": 45, "id": 45}
LANGUAGES = {"en", "de", "fr", "es", "nl", "pt", "it", "ja"}
MARK = re.compile(r"\{\{(name|email|phone|address|card|account|id)\|(easy|hard)\|([^{}|]+)\}\}")
# Counted once each by hand, so that "a third of the hard names is non-Western" is a number and not a wish.
NON_WESTERN = set(
    """
    Mbali|Ayodele|Xiaoming|Chukwuemeka|Obinna|Musa Danjuma|Ebuka|Nakamura|Shabnam|Efua|A-S-A-N-T-E hyphen B-O-A-T-E-N-G
    |Kofi|Ngọc|Minh Châu|Lê
    |Yusra|Al-Khatib|alkatib|Temitope|Sudhir|DESHPANDE ROHAN SUDHAKAR|Gayatri|Bisi|Kelechi|kelechi|Seo-yeon|Onyeka|Tobenna|Ah Beng
    |Chua Boon Keng|Oyelaran|Oluwaseun|Thandiwe|tandiway|Thuy|Kaleikaumaka|Kaleikau|Pualani|Olumide Bankole|Xin Yi|Tireni|Fèyí|Chidinma
    |Akinwunmi|Mai Hoang|Hoang Mai|Thi|Đức|P Quarshie|Swati|Ekwueme|Hu|Ifeoma|Chidi|Ling|Abdulrahman|abdul rahman|Hodan|Nguyễn Thị Hạnh
    |Pavan
    |pavan|Yuki|Yuki S|Yuuki|Morimoto|Muhammad Abdi Warsame|Anjali|Eniola|Srinivas|srini|Lakshmi|Nomvula|Ronke|Folasade|Abdou
    |Sunita Gurung Gurung|Sumita|Tenzin|Ravi Subraman|Subramaniam|Huia|Manaaki|Anahera|Shabana|Xóchitl|Zhang Wei|Nkechi|Dong|Bong|Kwabena
    |Öztürk|Nguyen|Hüseyin|murat k|Aylin|Ousmane|Fatoumata|Benchekroun|Xiadani|Soumaya|Ramdin|Djamila|Iracema|Nguyen Van Long|Wang Li|Emre
    |Tjin-A-Sie|Abdelkader Bouzid|Singh|グエン|かおり|パクジウン|小野寺|田中|チャン
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)


class Mention(NamedTuple):
    passage: str
    language: str
    kind: str
    grade: str
    words: str


def passages():
    return [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def mentions():
    return [Mention(p["id"], p["language"], *found) for p in passages() for found in MARK.findall(p["text"])]


def test_the_set_is_the_one_that_was_committed_before_the_detector():
    assert hashlib.sha256(SET.read_bytes()).hexdigest() == SHA256, "the set is frozen: put it back, and write a second set beside it"


def test_every_passage_has_its_five_fields_and_an_id_of_its_own():
    found = passages()
    assert all(list(p) == ["id", "language", "speaker", "names", "text"] for p in found)
    assert len({p["id"] for p in found}) == len({p["text"] for p in found}) == len(found)
    assert all(re.fullmatch(rf"{p['language']}-\d{{3}}", p["id"]) for p in found)
    assert all(p["speaker"] in p["names"] for p in found)
    assert {p["language"] for p in found} == LANGUAGES


def test_all_markup_parses_and_no_mark_stands_in_another():
    for p in passages():
        plain = MARK.sub("", p["text"])
        assert not re.search(r"[{}|]", plain), p["id"]


def test_marked_words_are_neither_empty_nor_padded():
    assert [m for m in mentions() if m.words != m.words.strip() or not re.search(r"\w", m.words)] == []


def test_there_are_at_least_460_mentions_and_38_percent_of_them_are_hard():
    found = mentions()
    assert len(found) >= 460
    assert sum(m.grade == "hard" for m in found) >= 0.38 * len(found)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_has_enough_mentions_and_both_grades(kind):
    grades = Counter(m.grade for m in mentions() if m.kind == kind)
    assert grades.total() >= CLASSES[kind]
    assert min(grades["easy"], grades["hard"]) >= 15
    assert grades["hard"] >= grades.total() / 3


def test_a_third_of_the_hard_names_is_non_western():
    hard = [m.words for m in mentions() if m.kind == "name" and m.grade == "hard"]
    assert set(hard) >= NON_WESTERN
    assert sum(words in NON_WESTERN for words in hard) >= len(hard) / 3


def test_at_least_60_passages_hold_no_mention_at_all():
    assert sum(not MARK.search(p["text"]) for p in passages()) >= 60


def test_easy_emails_and_easy_cards_are_reserved_or_test_values():
    for m in mentions():
        if m.grade == "easy" and m.kind == "email":
            assert re.search(r"[@.](example|example\.(com|org|net))\Z", m.words), m
        if m.grade == "easy" and m.kind == "card":
            assert luhn(re.sub(r"\D", "", m.words)), m


def luhn(digits):
    doubled = [sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def test_the_readme_names_the_checksum_and_the_counts():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    counts = Counter((m.kind, m.grade) for m in mentions())
    assert SHA256 in readme
    for kind in CLASSES:
        assert f"| {kind} | {counts[kind, 'easy']} | {counts[kind, 'hard']} |" in readme
