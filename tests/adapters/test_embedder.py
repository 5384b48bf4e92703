import subprocess
import sys

import numpy as np
import pytest

from app.adapters import sentence_transformers
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.errors import AssetError

TEXTS = [
    "I rang them on the Monday and sat on hold for forty minutes.",
    "Yeah.",
    "The verification email went to spam, so I asked for it three times before I looked there.",
    "",
    "Dog.",
    "The invoice was wrong again and nobody could tell me why, and I had already paid the one before, which was wrong as well. " * 3,
    *[f"On day {n} the app told me that my parcel was {n} streets away, and then it was gone." for n in range(40)],
]


@pytest.fixture(scope="module")
def embedder():
    return MiniLmEmbedder()


@pytest.fixture(scope="module")
def together(embedder):
    return embedder.encode(TEXTS)


def same(a, b):
    return np.array_equal(a.vectors, b.vectors) and np.array_equal(a.hidden, b.hidden)


def rows(encoding, picked):
    return type(encoding)(encoding.vectors[picked], encoding.hidden[picked])


def test_vectors_have_unit_length_and_hidden_layers_stand_beside_them(together):
    assert together.vectors.shape == (len(TEXTS), 384)
    assert together.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(together.vectors, axis=1), 1, atol=1e-5)
    assert together.hidden.shape == (len(TEXTS), 3 * 384)
    assert together.hidden.dtype == np.float16
    assert np.isfinite(together.hidden).all()


def test_a_text_alone_has_bit_for_bit_the_vector_it_has_in_company(embedder, together):
    for row in (0, 1, 3, 5, 20):
        assert same(embedder.encode([TEXTS[row]]), rows(together, [row]))


def test_the_order_of_texts_changes_no_vector(embedder, together):
    order = np.random.default_rng(1).permutation(len(TEXTS)).tolist()
    assert same(embedder.encode([TEXTS[i] for i in order]), rows(together, order))


def test_the_number_of_threads_changes_no_vector(together):
    for threads in (1, 3):
        assert same(MiniLmEmbedder(threads=threads).encode(TEXTS), together)


def test_like_meanings_lie_closer_than_unlike_ones(embedder):
    hold, queue, dog = embedder.encode(
        ["I waited on hold for an hour.", "They kept me in the phone queue for ages.", "The dog likes the garden."]
    ).vectors
    assert hold @ queue > hold @ dog + 0.2


def test_no_text_gives_no_rows(embedder):
    nothing = embedder.encode([])
    assert nothing.vectors.shape == (0, 384)
    assert nothing.hidden.shape == (0, 1152)


def test_the_weights_are_the_ones_that_were_released(embedder):
    embedder.check_model()


def test_damaged_weights_are_named_with_the_way_out(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(sentence_transformers, "model_directory", lambda: tmp_path)
    with pytest.raises(AssetError, match=r"damaged.*make install"):
        MiniLmEmbedder().check_model()
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(AssetError, match=r"missing.*make install"):
        MiniLmEmbedder().check_model()


def test_a_missing_package_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setattr(sentence_transformers, "PACKAGE", "no_such_package")
    with pytest.raises(AssetError, match=r"no-such-package.*make install"):
        MiniLmEmbedder().encode(["words"])


def test_importing_and_constructing_the_adapters_loads_no_heavy_library():
    code = (
        "import sys; from app.adapters.sentence_transformers import MiniLmEmbedder; from app.adapters.offline.tagger import OfflineTagger; "
        "from app.adapters.hdbscan import HdbscanClusterer; OfflineTagger(MiniLmEmbedder()); HdbscanClusterer(); "
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'sklearn', 'hdbscan'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
