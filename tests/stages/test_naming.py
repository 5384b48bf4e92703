import numpy as np
import pytest

from app.stages.naming import UNNAMED, Namer, Said, label_theme

EMAIL = [
    "Yeah, so, um, the verification email just never came, it sat in the spam folder.",
    "I kind of gave up on the verification email, Carly had to look in the spam folder for me.",
    "You know, it was the spam folder again, the verification email was in there all along.",
    "The verification email took, like, two days, I mean, come on.",
]
OTHER = [
    "The engineer came on the Tuesday and he was lovely, I made him a tea.",
    "I paid the invoice twice because the button did nothing the first time.",
    "My neighbour told me about it over the fence.",
    "I just, yeah, I kind of like it, you know, I use it every morning.",
]


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_label_is_a_clause_that_somebody_said_about_what_the_quotes_share():
    name = label_theme(EMAIL, OTHER)
    assert {"verification email", "spam folder"} == set(name.keyphrases[:2])
    assert "verification email" in name.label.lower() or "spam folder" in name.label.lower()
    assert any(name.label.lower() in text.lower() for text in EMAIL)
    assert len(name.label.split()) >= 4


def test_keyphrases_hold_no_fillers_or_stop_words():
    heard = " ".join([*label_theme(EMAIL, OTHER).keyphrases, *label_theme(OTHER, EMAIL).keyphrases]).split()
    assert not {"yeah", "um", "kind", "just", "like", "the", "know", "mean", "came", "again"} & set(heard)


def test_people_do_not_appear_in_names_whether_or_not_anybody_listed_them():
    texts = ["Then Carly Pemberton rang carly pemberton about the parcel.", "It was Zofia and the parcel, Zofia, always Zofia."] * 2
    name = label_theme(texts, OTHER, exclude=["Carly Pemberton"])
    assert not {"carly", "pemberton", "zofia"} & set(" ".join([name.label, *name.keyphrases]).lower().split())


def test_mail_addresses_do_not_become_keyphrases():
    texts = ["Write to me at nadeem.brooks@example.org about the charger.", "It was nadeem.brooks@example.org and the charger."]
    assert label_theme(texts, OTHER).keyphrases == ("charger",)


def test_a_name_does_not_depend_on_the_order_of_quotes():
    assert label_theme(EMAIL[::-1], OTHER[::-1]) == label_theme(EMAIL, OTHER)


def test_with_vectors_neither_order_nor_place_changes_a_name():
    said = [Said(text, f"P{i % 3}") for i, text in enumerate(EMAIL + OTHER)]
    rows = unit(np.random.default_rng(3).normal(size=(8, 12)) + np.repeat(np.eye(2, 12), 4, axis=0) * 6)
    order = [5, 0, 7, 2, 1, 6, 3, 4]
    shuffled = Namer([said[i] for i in order], rows[order]).name([order.index(i) for i in (3, 1, 0, 2)])
    assert shuffled == Namer(said, rows).name([0, 1, 2, 3])


def test_a_label_comes_from_somebody_who_feels_as_most_do():
    texts = ["I never had any trouble with batteries", "the batteries always died on me", "I hate those tiny batteries so much"]
    felt = ["delight", "pain", "pain"]
    said = [Said(t, f"P{i}", "en", e) for i, (t, e) in enumerate(zip(texts, felt, strict=True))] + [Said(t) for t in OTHER]
    assert "never had any trouble" not in Namer(said).name([0, 1, 2]).label


def test_what_one_person_repeats_weighs_less_than_what_several_say():
    texts = ["my anorak got wet at noon", "my anorak leaks in winter", "the platform was far too cold", "nobody on the platform"]
    said = [Said(t, who) for t, who in zip(texts, ["P1", "P1", "P2", "P3"], strict=True)]
    assert Namer([*said, *map(Said, OTHER)]).name([0, 1, 2, 3]).keyphrases == ("platform", "anorak")


def test_of_a_large_study_the_same_sample_is_read_whatever_the_order(monkeypatch):
    monkeypatch.setattr("app.stages.naming.BACKGROUND_TEXTS", 3)
    said = [Said(text, f"P{i}") for i, text in enumerate(EMAIL + OTHER)]
    forth, back = Namer(said), Namer(said[::-1])
    assert forth.name([0, 1]) == back.name([7, 6])
    assert forth._counts == back._counts


@pytest.mark.parametrize("texts", [[], ["Yeah.", "Um, okay."]])
def test_quotes_without_content_still_get_a_label(texts):
    assert label_theme(texts, []).label == UNNAMED
    assert label_theme(texts, []).keyphrases == ()


def test_equal_quotes_with_equal_vectors_are_named_like_any_others():
    said = [Said("I waited on hold for an hour", "P1")] * 5
    assert Namer(said, unit(np.ones((5, 4)))).name(range(5)).label == "I waited on hold for an hour"


def test_japanese_phrases_and_labels_are_found_between_no_blanks():
    theme = [
        "パスワードを忘れてしまって、電話で三十分も待たされました。",
        "電話が全然つながらなくて、パスワードの再設定ができませんでした。",
    ]
    others = ["アプリの画面はとても見やすいと思います。", "配送はとても早かったです。"]
    name = Namer([Said(t, f"P{i}", "ja") for i, t in enumerate(theme + others)]).name([0, 1])
    assert {"パスワード", "電話"} <= set(name.keyphrases)
    assert any(name.label in text for text in theme)


def test_chinese_phrases_are_found_without_knowing_words():
    theme = ["我忘记密码了，客服电话等了半个小时。", "客服电话一直打不通，密码也没有办法重置。"]
    others = ["这个应用的界面很好看。", "快递送得非常快。"]
    name = Namer([Said(t, f"P{i}", "zh") for i, t in enumerate(theme + others)]).name([0, 1])
    assert "客服电话" in name.keyphrases
    assert "密码" in name.keyphrases


def test_a_phrase_that_one_of_several_quotes_holds_does_not_speak_for_them():
    said = [Said(t, f"P{i}") for i, t in enumerate(["camomile tea at midnight", "a loud moustache", "the crooked window latch"])]
    assert Namer(said).name([0, 1, 2]).keyphrases == ()


def test_short_quotes_without_a_clause_are_named_by_one_of_them():
    said = [Said("Endless queues!", "P1"), Said("Broken kiosk.", "P2"), Said("Dreadful acoustics.", "P3")]
    assert Namer(said).name([0, 1, 2]).label in {"Endless queues!", "Broken kiosk", "Dreadful acoustics"}
