import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from app.adapters.offline import cues, net
from app.adapters.offline.tagger import OfflineTagger, coherence, heed_words, is_english, place_stages
from app.adapters.offline.train import TrainedNet
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.domain.stages import CUSTOMER_EXPERIENCE, THREE_STAGE, Stage, stages_from
from app.domain.tags import BASE_VALENCE, DEFAULT_STAGE_KEYS, Channel, Emotion, Experience
from app.errors import AssetError
from app.ports import Example, Window, WindowQuote

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
QUOTES_PATH = Path(net.__file__).with_name("data") / "quotes.jsonl"
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


HOW = (
    "nobody picked up",
    "waited in the queue",
    "she put me through",
    "they hung up",
    "a man explained it",
    "got the recorded voice",
    "had to spell my name",
    "they said to ring later",
)


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
    assert tags[5].intensity >= 2
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


def test_damaged_weights_are_named_with_the_way_out(tmp_path):
    (tmp_path / "weights.npz").write_bytes(b"PK nothing")
    with pytest.raises(AssetError, match="make train"):
        net.load_nets(tmp_path / "weights.npz")


def test_the_prompt_names_the_weights_that_judged(tagger):
    assert tagger.prompt == f"weights-2@{net.load_nets().sha256[:8]}"
    assert net.WEIGHTS_PATH.stat().st_size < 10_000_000


def test_the_question_and_the_neighbours_decide_what_a_bare_answer_is_about(tagger, embedder):
    def stage_of(question, before, after):
        told = [(before, "And then?"), ("Twenty minutes, something like that.", question), (after, "And then?")]
        quotes = tuple(WindowQuote(n, f"q{n}", text, asked, "P1") for n, (text, asked) in enumerate(told, 1))
        alone = Window("w", "en", "study", None, STAGES, quotes, embedder.encode([text for text, _ in told]))
        return KEYS[tagger.tag(alone).tags[2].stage]

    set_up = stage_of(
        "How long did it take you to set it up?", "The box came on the Monday and I unpacked it.", "Then it wanted my password."
    )
    on_hold = stage_of(
        "How long were you on hold?", "So I rang the helpline about the fault.", "Then the girl said she'd send an engineer."
    )
    assert (set_up, on_hold) == ("onboarding", "support")


def test_what_is_shipped_computes_what_was_fitted():
    torch.manual_seed(1)
    classes = dict.fromkeys(net.FIELDS, ("a", "b"))
    fitted = TrainedNet(7, classes).eval()
    arrays = fitted.arrays(0) | {"nets": 1, "mean": np.zeros(0), "scale": np.ones(0)}
    arrays |= {f"{field}.classes": np.array(names) for field, names in classes.items()} | {
        f"{field}.temperature": 1.0 for field in net.FIELDS
    }
    features = np.random.default_rng(1).normal(size=(9, 7)).astype(np.float32)
    layers = net._nets(arrays, "").nets[0]
    states = layers.states(np.maximum(features @ layers.inner.weights + layers.inner.bias, 0))
    with torch.no_grad():
        expected = fitted(torch.from_numpy(features)[None], torch.ones(1, 9))["stage"][0].numpy()
    assert np.allclose(states @ layers.heads["stage"].weights + layers.heads["stage"].bias, expected, atol=0.02)


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
    allowed = coherence(emotions, experiences)
    emotion, experience = np.full((2, 3), 1 / 3, np.float32), np.full((2, 3), 1 / 3, np.float32)
    heed_words(emotion, experience, [{Emotion.ANGER}, {Emotion.ANGER, Emotion.DELIGHT}], emotions, allowed)
    assert (emotions[emotion[0].argmax()], experiences[experience[0].argmax()]) == ("anger", "pain")
    assert np.allclose(experience.sum(axis=1), 1)
    assert np.allclose(experience[1], 1 / 3)


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


def test_what_reviewers_of_a_study_decided_shifts_what_comes_next_and_only_that(tagger, embedder):
    rang = [f"I rang them {when} and {how}." for when in ("on Monday", "twice") for how in HOW]
    other = [f"{what} and {how}." for what in ("I paid at the counter", "I got an email") for how in ("it was fine", "went home", "left")]
    known = window(embedder, rang + other)
    shown = tagger.tag(known).tags
    decided = {n: replace(tags, channel=Channel.CHAT) if n <= len(rang) else tags for n, tags in shown.items()}
    examples = tuple(Example(q.quote_id, q.text, None, decided[q.number], shown[q.number]) for q in known.quotes)
    asked = window(embedder, ["I rang them on Friday and a woman looked it up for me.", "I paid by card at the counter in the shop."])
    learned = replace(asked, examples=examples, examples_encoding=known.encoding)
    before, after = (tagger.tag(w).tags for w in (asked, learned))
    assert (before[1].channel, after[1].channel) == (Channel.PHONE, Channel.CHAT)
    assert after[2].channel is before[2].channel


def test_what_the_answers_rest_on_comes_with_them(tagger, embedder):
    answer = tagger.tag(window(embedder, QUOTES))
    stages = answer.grounds.values["stage"]
    assert stages == (*(stage.id for stage in STAGES), "none")
    assert answer.grounds.chances["stage"].shape == (len(QUOTES), len(stages))
    assert [stages[row.argmax()] for row in answer.grounds.chances["stage"]] == [answer.tags[n].stage for n in range(1, len(QUOTES) + 1)]
    assert len(answer.grounds.states) == len(QUOTES)
