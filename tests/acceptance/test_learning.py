"""People's corrections and a language model: what is asked again, what is not, and what the model is shown of them."""

import sys
from pathlib import Path

import pytest
from scripted_server import ScriptedServer, quote_lines, sensible

from app.cli import main
from app.services.studies import key_id
from app.settings import load_settings
from app.wiring import build

TALK = """Bartholomew Finch: How did you find the service?

{name}: I saw an advert on the bus and looked at the website that evening. The prices were hard to compare and I nearly gave up.

Bartholomew Finch: What happened then?

{name}: I rang the support line twice and nobody answered, and then Wilhelmina Okonkwo called me back from {town}, which was kind of her.
"""


class Desk:
    """A folder of interviews, the command that works on it, and a person at its database."""

    def __init__(self, server, folder, monkeypatch):
        self.server = server
        self.interviews, self.out = folder / "interviews", folder / "out"
        self.interviews.mkdir()
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("THROUGHLINE_LLM_BASE_URL", server.url)
        monkeypatch.setenv("THROUGHLINE_LLM_MODEL", "scripted")

    def add(self, name, town):
        (self.interviews / f"{name.split()[0].lower()}.txt").write_text(TALK.format(name=name, town=town), encoding="utf-8")

    def synthesize(self, *more):
        """User messages of the tagging calls that it takes."""
        before = len(self.server.calls)
        command = ["throughline", "synthesize", str(self.interviews), "--out", str(self.out), "--tagger", "llm", *more]
        self._monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return [call for call in self.server.calls[before:] if call["messages"][0]["content"].startswith("Task: tag_quotes")]

    def correct(self, words, **given):
        app = build(load_settings(data_dir=self.out))
        study = key_id(Path(self.interviews).name)
        quote = next(q for q in app.quotes.page(study, {}, limit=200).quotes if words in q.text)
        app.review.correct(quote.id, given, actor="ann")
        app.db.dispose()
        return quote


@pytest.fixture
def desk(tmp_path, monkeypatch):
    with ScriptedServer(sensible) as server:
        made = Desk(server, tmp_path, monkeypatch)
        made.add("Tendai Marsh", "Leeds")
        yield made


@pytest.mark.slow
def test_what_is_tagged_is_asked_again_with_retag_only_and_then_with_the_correction_in_view(desk):
    desk.add("Olu Adeyemi", "York")
    first = desk.synthesize()
    corrected = desk.correct("rang the support line", emotion="trust", intensity=3)
    assert desk.synthesize() == []
    (again,) = desk.synthesize("--retag")  # the other window has nothing to learn but its own answer, and comes from the cache
    asked = set(quote_lines(again).values())
    assert corrected.text not in asked
    assert asked <= {text for call in first for text in quote_lines(call).values()}
    examples = again["messages"][1]["content"].partition("<data>")[0]
    assert "rang the support line twice" in examples
    assert "trust3" in examples


@pytest.mark.slow
def test_the_quotes_of_a_new_interview_are_tagged_with_the_correction_in_view_and_no_name_in_it(desk):
    desk.synthesize()
    desk.correct("rang the support line", stage="support", emotion="trust", intensity=3, touchpoint="call of Wilhelmina Okonkwo")
    desk.add("Olu Adeyemi", "York")
    (call,) = desk.synthesize()
    examples, _, data = call["messages"][1]["content"].partition("<data>")
    assert "rang the support line twice" in examples
    assert "trust3" in examples
    assert "Wilhelmina" not in examples + data
    assert "Olu" not in data
