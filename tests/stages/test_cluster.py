import numpy as np
import pytest

from app.stages.cluster import cluster_features, label_theme, most_telling, propose

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


def vectors(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, 40)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def distance(features, a, b):
    return np.linalg.norm(features[a] - features[b])


def test_quotes_of_one_stage_lie_closer_than_the_same_words_in_another():
    rows = vectors(30)
    rows[1] = rows[2] = rows[0]
    features = cluster_features(rows, ["use", "use", "support", *["use", "support", "none"] * 9])
    assert distance(features, 0, 1) == 0
    assert distance(features, 0, 2) > 1


def test_features_of_a_quote_do_not_depend_on_the_order_of_quotes():
    rows, stages = vectors(50), ["b", "a", "c", "a", "b"] * 10
    order = np.random.default_rng(5).permutation(50)
    shuffled = cluster_features(rows[order], [stages[i] for i in order])
    assert np.array_equal(shuffled, cluster_features(rows, stages)[order])


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_features_of_few_quotes_are_finite(n):
    features = cluster_features(vectors(n), ["use"] * n)
    assert len(features) == n
    assert np.isfinite(features).all()


def test_features_of_equal_quotes_are_equal_and_finite():
    features = cluster_features(np.ones((5, 40), np.float32), ["use"] * 5)
    assert np.isfinite(features).all()
    assert (features == features[0]).all()


def test_a_stage_too_few_is_refused():
    with pytest.raises(ValueError, match="2 vectors but 1 stages"):
        cluster_features(vectors(2), ["use"])


def test_groups_come_largest_first_then_by_first_member_and_noise_is_unplaced():
    proposal = propose(["f", "e", "d", "c", "b", "a", "g"], [4, 4, -1, 7, 7, 2, 2])
    assert proposal.groups == (("a", "g"), ("b", "c"), ("e", "f"))
    assert proposal.unplaced == ("d",)
    assert propose(["f", "e", "d"], [0, 1, 1]).groups == (("d", "e"), ("f",))


def test_a_label_is_made_of_what_the_quotes_share_and_others_do_not():
    name = label_theme(EMAIL, OTHER)
    assert {"verification email", "spam folder"} == set(name.keyphrases[:2])
    assert "verification email" in name.label.lower()
    assert any(name.label.lower() in text.lower() for text in EMAIL)


def test_a_label_holds_no_fillers_or_stop_words():
    heard = " ".join([*label_theme(EMAIL, OTHER).keyphrases, *label_theme(OTHER, EMAIL).keyphrases]).split()
    assert not {"yeah", "um", "kind", "just", "like", "the", "know", "mean", "came", "again"} & set(heard)


def test_people_do_not_appear_in_labels_whether_or_not_anybody_listed_them():
    texts = ["Then Carly Pemberton rang carly pemberton about the parcel.", "It was Zofia and the parcel, Zofia, always Zofia."] * 2
    assert not {"carly", "pemberton", "zofia"} & set(" ".join(label_theme(texts, OTHER, exclude=["Carly Pemberton"]).keyphrases).split())


def test_mail_addresses_do_not_become_keyphrases():
    texts = ["Write to me at nadeem.brooks@example.org about the charger.", "It was nadeem.brooks@example.org and the charger."]
    assert label_theme(texts, OTHER).keyphrases == ("charger",)


def test_a_label_does_not_depend_on_the_order_of_quotes():
    assert label_theme(EMAIL[::-1], OTHER[::-1]) == label_theme(EMAIL, OTHER)


def test_quotes_without_content_still_get_a_label():
    assert label_theme(["Yeah.", "Um, okay."], []).label == "Unnamed theme"
    assert label_theme([], []).keyphrases == ()


def test_the_most_telling_quote_is_central_and_neither_a_scrap_nor_a_ramble():
    texts = [
        "No.",
        "I waited in the queue for an hour and nobody came.",
        "Then we had soup, and it was a good soup I must say.",
        "word " * 80,
    ]
    rows = np.array([[1, 0.1], [1, 0.2], [0, 1], [1, 0.1]], np.float32)
    assert most_telling(texts, rows) == 1
    assert label_theme(texts, [], vectors=rows).telling == 1
    assert most_telling(["No.", "Yes."], np.array([[1, 0], [1, 0]], np.float32)) == 0
