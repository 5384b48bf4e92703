"""Tokens of the tagging prompt in force by o200k; tests/slow/test_small_tokenizer.py has a small model's tokenizer."""

from dataclasses import replace

import numpy as np
import pytest
from ask import collect
from exchange import count_tokens
from prompt_sizes import FIXTURES, STUDIES, sizes_of

from app.adapters.gold_folder import read_gold
from app.adapters.prompts import load_prompt
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.ports import Encoding, Example
from app.stages.tag import MAX_EXAMPLES, tag_context


@pytest.mark.parametrize("study", STUDIES)
def test_a_fixture_study_costs_no_more_tokens_than_promised(study):
    sizes = sizes_of(study, lambda texts: [count_tokens(text) for text in texts])
    assert sizes.fixed <= 3000
    assert sizes.read_a_quote <= 160
    assert sizes.written_a_quote <= 45
    assert sizes.written_an_hour <= 12_000


def test_the_longest_examples_still_leave_a_quote_within_its_share():
    asked = collect(read_gold(FIXTURES / "gold" / "train" / "sleeper-train"), None)
    tags = Tags(
        "none", Channel.IN_PERSON, "waiting room at the far end", Kind.ACTION, Emotion.DISAPPOINTMENT, 2, Experience.PAIN, None, 1.0
    )
    taught = tuple(Example(f"e{i}", "so then we went over there " * 20, "and what happened after that " * 20, tags, None) for i in range(9))
    rows = Encoding(np.eye(9, 16, dtype=np.float32), np.zeros((9, 1), np.float16))
    own = Encoding(np.zeros((1, 16), np.float32), np.zeros((1, 1), np.float16))
    windows = [replace(w, examples=taught, examples_encoding=rows, encoding=own, product="x " * 40) for w in asked.windows]
    users = [load_prompt("tag_quotes").request(tag_context(window), 1).user for window in windows]
    assert all(user.count("<q s=") == MAX_EXAMPLES for user in users)
    assert sum(map(count_tokens, users)) / sum(len(window.quotes) for window in windows) <= 160
