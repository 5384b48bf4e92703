import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.adapters.offline import cues, heads
from app.adapters.offline.tagger import OfflineTagger, is_english, place_stages
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.domain.stages import CUSTOMER_EXPERIENCE, THREE_STAGE, Stage, stages_from
from app.domain.tags import BASE_VALENCE, DEFAULT_STAGE_KEYS, Channel, Emotion, Experience, Kind
from app.errors import AssetError
from app.ports import Window, WindowQuote

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
QUOTES_PATH = Path(heads.__file__).with_name("data") / "quotes.jsonl"
KEYS = {stage.id: stage.key for stage in STAGES} | {"none": "none"}
QUOTES = [
    "I first heard of them from an advert on the side of a bus, with a singing dog.",
    "I had six tabs open comparing prices and reading reviews, and I closed the laptop none the wiser.",
    "I paid with my card on the website and the confirmation was there in a second.",
    "The first evening I set it all up, it asked me to install an update and pair it with my phone.",
    "I rang the support line about the fault, waited an hour on hold, and then they cut me off. I was absolutely furious.",
    "It's been five years and it has never let me down, my sister has bought one because of me, I love it.",
    "I grew up in Leeds, my dad had a butcher's shop, we were four brothers.",
]


@pytest.fixture(scope="module")
def embedder():
    return MiniLmEmbedder()


@pytest.fixture(scope="module")
def tagger(embedder):
    return OfflineTagger(embedder)


def labelled():
    return [json.loads(line) for line in QUOTES_PATH.read_text(encoding="utf-8").splitlines()]


def window(embedder, texts, stages=STAGES, language="en"):
    quotes = tuple(WindowQuote(n, f"q{n}", text, None, "P1") for n, text in enumerate(texts, 1))
    return Window("w", language, "study", None, stages, quotes, embedder.encode(texts))


@pytest.fixture(scope="module")
def tags(tagger, embedder):
    return tagger.tag(window(embedder, QUOTES)).tags


def test_every_quote_of_the_window_gets_one_tag_set(tags):
    assert sorted(tags) == list(range(1, len(QUOTES) + 1))
    assert all(tag.gist is None for tag in tags.values())


def test_plain_cases_are_judged_as_a_person_would(tags):
    assert [KEYS[tags[n].stage] for n in (1, 2, 5, 6, 7)] == ["awareness", "consideration", "support", "loyalty", "none"]
    assert tags[1].channel is Channel.AD
    assert tags[5].channel is Channel.PHONE
    assert tags[5].experience is Experience.PAIN
    assert tags[5].emotion in {Emotion.ANGER, Emotion.FRUSTRATION}
    assert tags[5].intensity == 3
    assert tags[5].touchpoint == "support line"
    assert tags[6].experience is Experience.DELIGHT


def test_feeling_and_experience_never_contradict_each_other(tagger, embedder):
    texts = [row["text"] for row in labelled()[:60]]
    for tag in tagger.tag(window(embedder, texts)).tags.values():
        base = BASE_VALENCE[tag.emotion]
        assert {Experience.PAIN: base <= 0, Experience.DELIGHT: base >= 0, Experience.NEUTRAL: base == 0}[tag.experience]


def test_a_window_without_quotes_gives_no_tags(tagger, embedder):
    assert tagger.tag(window(embedder, [])).tags == {}


def test_the_same_window_gives_the_same_tags_from_a_new_tagger(tags, embedder):
    assert OfflineTagger(embedder).tag(window(embedder, QUOTES)).tags == tags


def test_other_languages_are_tagged_with_little_confidence(tagger, embedder):
    judged = tagger.tag(window(embedder, ["Ich habe drei Mal angerufen und niemand ging ran."], language="de-AT")).tags
    assert judged[1].confidence <= 0.3
    assert is_english("en-GB")
    assert not is_english("de")


def test_stages_with_a_base_take_over_what_the_default_stages_get(tagger, embedder):
    three = stages_from(THREE_STAGE, "study")
    judged = tagger.tag(window(embedder, QUOTES, three)).tags
    key = {stage.id: stage.key for stage in three} | {"none": "none"}
    assert [key[judged[n].stage] for n in (1, 2, 5, 6, 7)] == ["before", "before", "after", "after", "none"]


def test_stages_without_a_base_are_matched_by_definition_and_said_to_be_unsure(tagger, embedder):
    stages = (
        Stage("a", "waiting", "Waiting on the phone", "Ringing the support line, being on hold, in a queue, cut off."),
        Stage("b", "telling", "Telling others", "Recommending it to friends, renewing for another year."),
    )
    judged = tagger.tag(window(embedder, QUOTES, stages)).tags
    assert judged[5].stage == "a"
    assert judged[6].stage == "b"
    assert max(judged[n].confidence for n in (5, 6)) <= 0.35


def test_stages_that_share_a_base_are_told_apart_by_their_definitions():
    stages = (
        Stage("bot", "bot", "Bot", "Talking to a machine", ("support",)),
        Stage("repair", "repair", "Repair", "It is mended", ("support",)),
    )
    states = np.zeros((2, 8), np.float32)
    states[:, DEFAULT_STAGE_KEYS.index("support")] = 0.9
    states[:, -1] = 0.1
    vectors = np.eye(2, dtype=np.float32)
    placed = place_stages(states, stages, vectors, lambda _: vectors)
    assert placed.argmax(axis=1).tolist() == [0, 1]
    assert np.allclose(placed.sum(axis=1), 1)


def test_what_no_stage_claims_is_in_no_stage():
    stages = (Stage("s", "support", "Support", "Help", ("support",)),)
    states = np.zeros((1, 8), np.float32)
    states[0, DEFAULT_STAGE_KEYS.index("purchase")] = 1
    placed = place_stages(states, stages, np.ones((1, 3), np.float32), lambda _: pytest.fail("no tie to settle"))
    assert placed.tolist() == [[0, 1]]


def test_neighbouring_quotes_settle_an_undecided_one():
    prior, undecided = np.full(8, 1 / 8, np.float32), np.full((1, 8), 0.01, np.float32)
    undecided[0, 4], undecided[0, 5] = 0.46, 0.48
    sure = np.full((1, 8), 0.01, np.float32)
    sure[0, 4] = 0.93
    smoothed = heads.smooth(np.vstack([sure, undecided, sure]), prior, heads.stage_transitions())
    assert smoothed.argmax(axis=1).tolist() == [4, 4, 4]
    assert np.allclose(smoothed.sum(axis=1), 1, atol=1e-5)
    assert heads.smooth(undecided, prior, heads.stage_transitions()).argmax() == 5


def test_people_stay_rather_than_move_and_move_on_rather_than_back():
    table = heads.stage_transitions()
    assert np.allclose(table.sum(axis=1), 1)
    assert table[3, 3] > table[3, 4] > table[3, 2]
    assert table[3, 4] > table[3, 5]


def test_damaged_weights_are_named_with_the_way_out(tmp_path):
    (tmp_path / "weights.npz").write_bytes(b"PK nothing")
    with pytest.raises(AssetError, match="make train"):
        heads.load_heads(tmp_path / "weights.npz")


def test_the_prompt_names_the_weights_that_judged(tagger):
    assert tagger.prompt == f"weights-1@{heads.load_heads().sha256[:8]}"
    assert heads.WEIGHTS_PATH.stat().st_size < 1_000_000


def test_saved_heads_read_back_the_same(tmp_path):
    stored = heads.load_heads()
    heads.save_heads(stored.by_field, tmp_path / "weights.npz")
    assert heads.load_heads(tmp_path / "weights.npz").sha256 == stored.sha256


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        ("I was absolutely furious.", {Emotion.ANGER}),
        ("I was not angry about it.", set()),
        ("Oh, brilliant, another password.", set()),
        ("It was confusing, but I love it now.", {Emotion.CONFUSION, Emotion.DELIGHT}),
        ("I opened the app.", set()),
    ],
)
def test_feelings_said_in_so_many_words_are_heard_unless_denied_or_ironic(text, felt):
    assert cues.feelings(text) == felt


def test_a_feeling_in_so_many_words_outweighs_a_guess_and_two_of_both_signs_do_not():
    emotions, experiences = ("anger", "delight", "neutral"), ("delight", "neutral", "pain")
    allowed = heads.coherence(emotions, experiences)
    emotion, experience = np.full((2, 3), 1 / 3, np.float32), np.full((2, 3), 1 / 3, np.float32)
    heads.heed_words(emotion, experience, [{Emotion.ANGER}, {Emotion.ANGER, Emotion.DELIGHT}], emotions, allowed)
    assert (emotions[emotion[0].argmax()], experiences[experience[0].argmax()]) == ("anger", "pain")
    assert np.allclose(experience.sum(axis=1), 1)
    assert np.allclose(experience[1], 1 / 3)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("It was absolutely awful.", 3),
        ("Never again!", 3),
        ("It was a bit slow.", 1),
        ("It was okay, I suppose.", 1),
        ("I opened the app.", 2),
    ],
)
def test_intensity_follows_graded_words(text, level):
    assert cues.intensity(text) == level


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I rang them on the Monday.", Kind.ACTION),
        ("Rang them on the Monday, got nowhere.", Kind.ACTION),
        ("I thought it would be cheaper.", Kind.THOUGHT),
        ("Is that even legal?", Kind.THOUGHT),
        ("I wish it just told me.", Kind.NEED),
        ("It would be nice to get a message.", Kind.NEED),
        ("The room was cold.", Kind.OTHER),
    ],
)
def test_the_kind_of_a_remark_follows_its_wording(text, kind):
    assert cues.kind(text) is kind


@pytest.mark.parametrize(
    ("text", "channel", "phrase"),
    [
        ("So the verification email never arrived.", Channel.EMAIL, "verification email"),
        ("They sent me the really long emails again.", Channel.EMAIL, "email"),
        ("It said so on the hotel room page.", Channel.WEBSITE, "hotel room page"),
        ("Then they call me back.", Channel.PHONE, None),
        ("So the verification email never arrived.", Channel.PHONE, None),
        ("It was nice.", Channel.NONE, None),
    ],
)
def test_a_touchpoint_is_a_noun_phrase_that_fits_the_channel(text, channel, phrase):
    assert cues.touchpoint(text, channel) == phrase


def test_the_labelled_quotes_use_the_closed_sets():
    rows = labelled()
    assert len(rows) == 640
    assert {row["stage"] for row in rows} == {*DEFAULT_STAGE_KEYS, "none"}
    assert all(Channel(row["channel"]) and Emotion(row["emotion"]) and Experience(row["experience"]) for row in rows)
    assert set(Counter(row["field"] for row in rows).values()) == {32}
