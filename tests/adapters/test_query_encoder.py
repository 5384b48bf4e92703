import subprocess
import sys

import numpy as np
import pytest

from app.adapters import sentence_transformers
from app.adapters.query_encoder import MiniLmQueryEncoder
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.errors import AssetError

TEXTS = [
    "waiting on hold",
    "Dog.",
    "I rang them on the Monday and sat on hold for forty minutes.",
    "Wie lange hat die Lieferung gedauert?",
    "価格が分からない",
    "The invoice was wrong again and nobody could tell me why, and I had already paid the one before. " * 20,
    "",
]


def test_a_query_lies_where_the_embedder_would_put_it():
    encoder = MiniLmQueryEncoder()
    expected = MiniLmEmbedder().encode(TEXTS).vectors
    for text, vector in zip(TEXTS, expected, strict=True):
        mine = encoder.encode_query(text)
        assert mine.shape == (384,)
        assert mine.dtype == np.float32
        assert mine @ mine == pytest.approx(1, abs=1e-5)
        assert mine @ vector > 0.999, text


def test_the_encoder_of_queries_needs_neither_torch_nor_its_libraries():
    code = (
        "import sys; from app.adapters.query_encoder import MiniLmQueryEncoder as E; E().encode_query('price');"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_missing_model_says_the_way_out(monkeypatch):
    monkeypatch.setattr(sentence_transformers, "PACKAGE", "no_such_package_here")
    with pytest.raises(AssetError, match="make install"):
        MiniLmQueryEncoder().encode_query("price")
