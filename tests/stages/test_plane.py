import math

import numpy as np
import pytest

from app.stages.plane import chosen, lay_out


def study(quotes, themes, *, loose=0.2, seed=0, dimensions=24):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(max(themes, 1), dimensions))
    vectors, placed = {}, {}
    for n in range(quotes):
        theme = int(rng.integers(max(themes, 1)))
        vectors[f"q{n}"] = (middles[theme] + rng.normal(size=dimensions) / 2).astype(np.float32)
        if themes and rng.random() > loose:
            placed[f"q{n}"] = f"t{theme}"
    return vectors, placed, {theme: f"What {theme} finds, in several words" for theme in placed.values()}


def box(disc):
    widest = max(len(line) for line in disc.lines)
    half = max(disc.radius, widest * 3.5)
    return disc.x - half, disc.x + half, disc.y - disc.radius, disc.y + disc.radius + 15 * len(disc.lines)


@pytest.mark.parametrize(("quotes", "themes"), [(300, 14), (60, 6), (20, 2), (7, 1), (5, 0), (1, 1), (1, 0)])
def test_every_quote_stands_in_the_circle_of_its_own_theme_and_in_no_other(quotes, themes):
    vectors, placed, labels = study(quotes, themes)
    plane = lay_out(vectors, placed, labels)
    assert plane.spots.keys() == vectors.keys()
    for quote, (x, y) in plane.spots.items():
        around = {d.theme_id for d in plane.discs if math.dist((x, y), (d.x, d.y)) <= d.radius}
        assert around == ({placed[quote]} if quote in placed else set())


@pytest.mark.parametrize(("quotes", "themes"), [(300, 14), (60, 6), (20, 2), (12, 0)])
def test_no_two_marks_touch_and_everything_is_within_the_frame(quotes, themes):
    plane = lay_out(*study(quotes, themes))
    at = list(plane.spots.values())
    left, top, width, height = plane.frame
    assert min(math.dist(a, b) for i, a in enumerate(at) for b in at[:i]) > 0.8 * plane.spacing
    assert all(left < x < left + width and top < y < top + height for x, y in at)


def test_no_label_covers_another_theme_even_where_there_are_many():
    plane = lay_out(*study(400, 40))
    boxes = [box(d) for d in plane.discs]
    assert len(boxes) == 40
    for i, (left, right, top, bottom) in enumerate(boxes):
        assert not [b for b in boxes[:i] if left < b[1] and b[0] < right and top < b[3] and b[2] < bottom]


def test_the_order_in_which_quotes_come_changes_nothing():
    vectors, placed, labels = study(120, 7)
    plane = lay_out(vectors, placed, labels)
    shuffled = [f"q{n}" for n in np.random.default_rng(3).permutation(len(vectors))]
    assert lay_out({q: vectors[q] for q in shuffled}, dict(reversed(placed.items())), dict(reversed(labels.items()))) == plane


def test_themes_about_alike_things_stand_nearer_to_each_other():
    rng = np.random.default_rng(1)
    bank, till, hold = np.eye(8)[:3]
    near = {"bank": bank, "till": bank * 0.9 + till * 0.4, "hold": hold, "queue": hold * 0.9 + till * 0.4}
    vectors = {f"{t}{n}": (middle + rng.normal(size=8) / 20).astype(np.float32) for t, middle in near.items() for n in range(12)}
    placed = {q: q.rstrip("0123456789") for q in vectors}
    at = {d.theme_id: (d.x, d.y) for d in lay_out(vectors, placed, {t: t for t in near}).discs}
    assert math.dist(at["bank"], at["till"]) < math.dist(at["bank"], at["hold"])
    assert math.dist(at["hold"], at["queue"]) < math.dist(at["hold"], at["bank"])


def test_the_more_typical_a_quote_the_nearer_to_the_middle_it_stands():
    rng = np.random.default_rng(2)
    middle = np.eye(12)[0]
    vectors = {f"q{n:02}": (middle + rng.normal(size=12) * n / 60).astype(np.float32) for n in range(40)}
    plane = lay_out(vectors, dict.fromkeys(vectors, "t"), {"t": "One"})
    (disc,) = plane.discs
    away = [math.dist(plane.spots[q], (disc.x, disc.y)) for q in sorted(vectors)]
    assert sum(away[:10]) < sum(away[-10:]) / 2


def test_quotes_that_are_all_the_same_sentence_still_have_places_of_their_own():
    vectors = {f"q{n}": np.ones(8, np.float32) for n in range(9)}
    plane = lay_out(vectors, {"q1": "a", "q2": "a", "q3": "b"}, {"a": "A", "b": "B"})
    assert len(set(plane.spots.values())) == 9


def test_without_quotes_there_is_an_empty_plane():
    plane = lay_out({}, {}, {})
    assert plane.spots == {}
    assert plane.discs == ()


def test_a_sample_depends_on_nothing_but_the_ids_and_stays_when_quotes_are_added():
    ids = [f"q{n}" for n in range(500)]
    sample = chosen(ids, 100)
    assert len(sample) == 100
    assert chosen(ids[::-1], 100) == sample
    assert len(set(sample) & set(chosen([*ids, "new one", "new two"], 100))) >= 98
    assert chosen(ids[:30], 100) == tuple(sorted(ids[:30]))
