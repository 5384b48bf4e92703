"""What is hidden, found once and kept; people's word about it; the ways out that need no model."""

import sqlite3
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from services.conftest import NAMES, talk

from app.db.engine import MIGRATIONS, Database
from app.domain.people import Role
from app.domain.render import Audience, Finding
from app.domain.transcript import Span
from app.errors import InvalidInput, NotFound
from app.services.ingest import Upload
from app.services.privacy import Privacy, View
from app.services.redaction import Redaction
from app.services.studies import StageDraft
from app.services.verify import verify

TALK = """\
Ann Interviewer: Hello Anna, how did you come to Acme Dental?

Anna Kowalski: Mr Okonkwo at Acme Dental rang me on 020 7946 0958. I told Bob and Anna's mother about it at once. \
My email is anna@example.com.

Ann Interviewer: And then?

Anna Kowalski: Monzo paid for it and Acme Dental was lovely the whole way through. I would go there again next year.
"""
WORDS = {"Okonkwo": "name", "Bob": "name", "Monzo": "name", "anna@example.com": "email", "020 7946 0958": "phone"}


class ListRedactor:
    """Finds the words of a list and the names it is told; counts how often it is asked for a whole talk."""

    def __init__(self, name="list/1", words=None):
        self.name = name
        self.words = WORDS if words is None else words
        self.asked = []

    def find(self, text, names, language="en"):
        if "\n\n" in text:
            self.asked.append((text[:20], names, language))
        wanted = dict(self.words) | {part: "name" for name in names for part in (name, *name.split()) if len(part) > 2}
        found = {}
        for words in sorted(wanted, key=lambda w: (-len(w), w)):
            at = text.find(words)
            while at >= 0:
                if not any(f.start < at + len(words) and at < f.end for f in found.values()):
                    found[at] = Finding(at, at + len(words), wanted[words])
                at = text.find(words, at + 1)
        return tuple(found[at] for at in sorted(found))


def with_redactor(made, redactor):
    for name in ("maps", "quotes", "export", "steps"):
        made.app.__dict__.pop(name, None)
    privacy = Privacy(made.app.store, redactor)
    made.app.__dict__.update({"privacy": privacy, "redaction": Redaction(made.app.store, privacy)})
    made.redactor = redactor
    return made


@pytest.fixture
def spoken(bench):
    made = with_redactor(bench(), ListRedactor())
    made.upload(Upload("interview-anna-kowalski.txt", TALK.encode()))
    return made


def for_others(made):
    (transcript,) = [t for t in made.app.studies.transcripts(made.study.id) if "anna" in t.file_name]
    return made.app.quotes.text(transcript.id, Audience.SHARE)


def terms(made):
    return {t.words: t for t in made.app.redaction.overview(made.study.id).terms}


def test_nothing_is_searched_until_something_leaves_and_then_once(spoken):
    spoken.run()
    spoken.app.redaction.overview(spoken.study.id)
    assert not spoken.redactor.asked
    first, second = for_others(spoken), for_others(spoken)
    assert first == second
    assert len(spoken.redactor.asked) == 1
    told = spoken.app.privacy.totals(spoken.study.id)
    assert (told.transcripts, told.findings) == (1, sum(t.count for t in terms(spoken).values()))


def test_a_participant_named_in_the_talk_becomes_their_pseudonym_and_others_a_placeholder(spoken):
    told = for_others(spoken)
    assert told.startswith("Hello [P1], how did you come to Acme Dental?")
    assert "Mr [name] at Acme Dental rang me on [phone]. I told [name] and [P1]'s mother about it" in told
    assert "My email is [email]." in told


def test_another_detector_and_new_names_search_again_what_they_touch(spoken):
    for_others(spoken)
    spoken.upload(Upload("bob.txt", TALK.replace("Anna Kowalski", "Bob Marsh").replace("Anna", "Bob").encode()))
    for_others(spoken)
    assert len(spoken.redactor.asked) == 3  # the new one, and the old one in which a Bob is named
    spoken.upload(talk("Carl Osei"))
    for_others(spoken)
    assert len(spoken.redactor.asked) == 4  # nobody mentions a Carl
    with_redactor(spoken, ListRedactor("list/2"))
    for_others(spoken)
    assert len(spoken.redactor.asked) == 3
    assert not spoken.app.redaction.overview(spoken.study.id).waiting


def test_what_people_decide_survives_new_detectors_new_files_and_re_runs(spoken):
    decide, study = spoken.app.redaction.decide, spoken.study.id
    decide(study, "acme dental", "other", actor="me")
    decide(study, "Monzo", None, actor="me")
    decide(study, "bob", "id", actor="me")
    with_redactor(spoken, ListRedactor("list/2"))
    spoken.run()
    spoken.upload(Upload("later.txt", TALK.replace("Anna Kowalski", "Dora Lind").replace("next year", "soon").encode()))
    for told in (for_others(spoken), spoken.app.quotes.text(spoken.app.studies.transcripts(study)[1].id, Audience.SHARE)):
        assert "Acme" not in told
        assert "at [other] rang" in told
        assert "Monzo paid" in told
        assert "I told [id] and" in told
    assert terms(spoken)["Monzo"].hidden is False
    assert (terms(spoken)["Acme Dental"].count, terms(spoken)["Acme Dental"].transcripts) == (6, 2)


def test_a_decision_can_be_taken_back_and_leaves_its_trace(spoken):
    study = spoken.study.id
    spoken.app.redaction.find(study)
    told = spoken.app.redaction.decide(study, "Monzo", None, actor="me")
    spoken.app.redaction.undo(study, told.id)
    assert terms(spoken)["Monzo"].hidden
    assert not terms(spoken)["Monzo"].decided
    with pytest.raises(NotFound):
        spoken.app.redaction.undo(study, told.id)
    with spoken.app.store.read() as repo:
        (decision,) = repo.reviews.decisions(study, "term", standing=False)[told.id]
    assert (decision.actor, decision.value["kind"], decision.undone_at is not None) == ("me", None, True)


@pytest.mark.parametrize(
    ("words", "kind", "why"), [("  ", "name", "letter"), ("a", "name", "too many"), ("x" * 300, "name", "200"), ("Bob", "pet", "kind")]
)
def test_a_term_that_cannot_be_hidden_is_refused_with_the_reason(spoken, words, kind, why):
    with pytest.raises(InvalidInput, match=why):
        spoken.app.redaction.decide(spoken.study.id, words, kind, actor="me")


def test_the_review_shows_each_term_with_its_kind_its_places_and_an_example(spoken):
    spoken.app.redaction.find(spoken.study.id)
    told = terms(spoken)
    assert [t.kind for t in told.values()] == sorted((t.kind for t in told.values()), key=["name", "email", "phone"].index)
    okonkwo = told["Okonkwo"]
    assert (okonkwo.kind, okonkwo.count, okonkwo.transcripts, okonkwo.shown_as) == ("name", 1, 1, "[name]")
    assert (okonkwo.example.before, okonkwo.example.words) == ("Mr ", "Okonkwo")
    assert okonkwo.example.after.startswith(" at Acme Dental rang me")
    assert told["Anna"].shown_as == "[P1]"


def test_the_preview_shows_the_same_turns_as_spoken_and_as_others_read_them(spoken):
    assert spoken.app.redaction.preview(spoken.study.id) is None
    spoken.app.redaction.find(spoken.study.id)
    told = spoken.app.redaction.preview(spoken.study.id)
    assert [(t.speaker, t.shown_speaker) for t in told.turns][:2] == [("Ann Interviewer", "interviewer"), ("Anna Kowalski", "P1")]
    assert "".join(p.text for t in told.turns[:2] for p in t.pieces).startswith("Hello Anna, how did you come")
    others = "".join(p.shown or p.text for t in told.turns for p in t.pieces)
    assert others == "".join(for_others(spoken).split("\n\n")).replace("And then?", "")
    with pytest.raises(NotFound):
        spoken.app.redaction.preview(spoken.study.id, "nowhere")


def test_the_switch_is_on_until_somebody_turns_it_off_and_says_who(spoken):
    told = spoken.app.redaction.overview(spoken.study.id)
    assert (told.redact, told.switched) == (True, None)
    spoken.app.redaction.switch(spoken.study.id, on=False, actor="me")
    told = spoken.app.redaction.overview(spoken.study.id)
    assert (told.redact, told.switched.actor) == (False, "me")
    assert "[P1]" in for_others(spoken), "the switch is about models and downloads; what is asked for redacted is redacted"


def test_deleting_a_transcript_erases_what_was_found_and_decided_in_it_alone(spoken, tmp_path):
    study = spoken.study.id
    spoken.upload(talk("Bea Larsson"))
    for words in ("Okonkwo", "zebrahotline"):
        spoken.app.redaction.decide(study, words, "other", actor="me")
    undone = spoken.app.redaction.decide(study, "Monzo", "other", actor="me")
    spoken.app.redaction.undo(study, undone.id)
    spoken.app.redaction.decide(study, "brother in law", "other", actor="me")
    spoken.app.redaction.find(study)
    gone = next(t for t in spoken.app.studies.transcripts(study) if "anna" in t.file_name)
    spoken.app.studies.delete_transcript(gone.id)
    assert terms(spoken).keys() >= {"zebrahotline", "brother in law"}
    spoken.app.db.dispose()
    dump = "\n".join(sqlite3.connect(tmp_path / "one" / "throughline.db").iterdump()).lower()
    for word in ("okonkwo", "monzo", "7946", "kowalski"):
        assert word not in dump


def test_a_transcript_that_slipped_past_the_search_is_searched_when_it_is_shown(spoken):
    with spoken.app.store.read() as repo:
        transcript = repo.transcripts.of_study(spoken.study.id)[0]
        hidden = spoken.app.privacy.of(repo, spoken.study.id, Audience.SHARE)
        text = repo.transcripts.texts([transcript.id])[transcript.id]
    assert "Okonkwo" not in hidden.view(transcript.id, text).shown


def test_a_place_in_the_shown_text_is_where_the_shown_words_stand():
    text = "I am Farah Khan, ring 0161 496 0733 or Ken."
    view = View(text, Audience.SHARE, (Finding(5, 15, "name"), Finding(22, 35, "phone"), Finding(39, 42, "name", "P1")))
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            a, b = view.place(Span(start, end))
            assert view.shown[a:b] == view.cut(Span(start, end))


@pytest.fixture
def telling(bench):
    """A study in which everything that people type tells somebody's name."""
    made = with_redactor(bench(), ListRedactor(words=WORDS | {"Zoltan": "name"}))
    made.upload(
        Upload("interview-anna-kowalski.zoltan", TALK.encode()),
        Upload("Zoltan & Anna Kowalski 2.vtt", TALK.replace("again", "anew").encode()),
    )
    made.upload(*map(talk, NAMES))
    app, study = made.app, made.study.id
    app.studies.restate(study, name="What Zoltan wants", question="Why did Anna Kowalski ring Okonkwo?", product="Zoltan’s app")
    stages = [StageDraft(s.id, s.title, s.definition, s.base) for s in app.studies.stages(study)]
    app.studies.set_stages(study, [*stages[:2], StageDraft(None, "Zoltan calls", "When Okonkwo rings."), *stages[2:]])
    participant = app.people.participants(study)[0][0]
    persona = app.people.add_persona(study, "Friend of Zoltan")
    app.people.update_participant(participant.id, name="Anna Kowalski", attributes={"boss": "Zoltan"}, persona_ids=[persona.id])
    app.people.set_role(
        next(s.id for s in app.studies.transcripts(study)[0].speakers if s.name == "Ann Interviewer"), Role.OBSERVER, actor="me"
    )
    judge = made.tagger._judge
    made.tagger._judge = lambda text, window: replace(
        judge(text, window), touchpoint="call with Zoltan", gist="rings Okonkwo", stage=window.stages[2].id
    )
    made.run()
    return made


SECRETS = ("zoltan", "okonkwo", "kowalski", "7946", "anna@example", "larsson", "osei", "ann interviewer")


def test_a_folder_for_others_says_nothing_about_anybody_in_names_of_files_or_in_any_of_them(telling, tmp_path):
    folder = tmp_path / "shared"
    refused = {"Zoltan.mp4": "Zoltan.mp4: this is a recording of Zoltan"}
    telling.app.export.write_folder(telling.study.id, folder, refused, redact=True)
    written = [p for p in folder.rglob("*") if p.is_file()]
    assert len(written) == 4 + len(telling.app.studies.transcripts(telling.study.id))
    for path in written:
        told = f"{path.relative_to(folder)}\n{path.read_text(encoding='utf-8')}".lower()
        assert [secret for secret in SECRETS if secret in told] == [], path.name


def test_a_map_that_is_downloaded_follows_the_switch_and_can_be_asked_for_either_way(telling):
    maps, study = telling.app.maps, telling.study.id
    map_id = maps.default_id(study)
    assert [s for s in SECRETS if s in str(maps.export(map_id, redact=None)).lower()] == []
    assert maps.export(map_id, redact=None)["redacted"]
    assert "Okonkwo" in str(maps.export(map_id, redact=False))
    telling.app.redaction.switch(study, on=False, actor="me")
    assert not maps.export(map_id, redact=None)["redacted"]
    assert [s for s in SECRETS if s in str(maps.export(map_id, redact=True)).lower()] == []


def test_the_owners_files_and_hashes_stay_as_they_were(telling):
    before = telling.app.quotes.every(telling.study.id)
    telling.app.redaction.find(telling.study.id)
    telling.app.redaction.decide(telling.study.id, "Acme Dental", "other", actor="me")
    assert telling.app.quotes.every(telling.study.id) == before
    assert not verify(telling.app.store).damage
    for quote in before:
        assert quote["text"] == telling.app.quotes.text(quote["transcript_id"])[quote["start"] : quote["end"]]
    for quote in telling.app.quotes.every(telling.study.id, Audience.SHARE):
        assert quote["text"] == telling.app.quotes.text(quote["transcript_id"], Audience.SHARE)[quote["start"] : quote["end"]]


def test_an_offline_run_searches_nothing(spoken):
    run = spoken.run()
    assert next(p for p in run.progress if p.name == "redact").total == 0
    assert not spoken.redactor.asked


def test_a_run_that_asks_a_model_searches_first_and_shows_it_placeholders_only(spoken):
    spoken.tagger.source = "llm"
    spoken.replace(tagger=spoken.tagger)
    seen = []
    judge = spoken.tagger._judge
    spoken.tagger._judge = lambda text, window: (
        seen.append(f"{text} {window.study} {[s.title for s in window.stages]}") or judge(text, window)
    )
    run = spoken.run()
    assert [(p.done, p.total) for p in run.progress if p.name == "redact"] == [(1, 1)]
    assert len(spoken.redactor.asked) == 1
    assert "[P1]" in " ".join(seen)
    assert [w for w in (*WORDS, "Kowalski") if w in " ".join(seen)] == []


def test_with_the_switch_off_a_model_reads_what_was_said_and_nothing_is_searched(spoken):
    spoken.tagger.source = "llm"
    spoken.replace(tagger=spoken.tagger)
    spoken.app.redaction.switch(spoken.study.id, on=False, actor="me")
    seen = []
    judge = spoken.tagger._judge
    spoken.tagger._judge = lambda text, window: seen.append(text) or judge(text, window)
    spoken.run()
    assert not spoken.redactor.asked
    assert "Okonkwo" in " ".join(seen)


def test_a_detector_that_breaks_sends_nothing_and_leaves_a_gap(spoken):
    def broken(*_):
        raise RuntimeError("of the words it was given: Okonkwo")

    spoken.redactor.find = broken
    spoken.tagger.source = "llm"
    spoken.replace(tagger=spoken.tagger)
    run = spoken.run()
    assert not spoken.tagger.asked
    assert run.gaps
    assert "Okonkwo" not in str(run.gaps)


def test_a_database_from_before_keeps_everything_and_redacts(bench, tmp_path):
    made = bench()
    made.upload(*map(talk, NAMES))
    made.app.db.dispose()
    url = f"sqlite:///{tmp_path / 'one' / 'throughline.db'}"
    old = Database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old._writer.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        connection.commit()
        assert "redact" not in {c["name"] for c in sa.inspect(connection).get_columns("study")}
    old.migrate()
    old.dispose()
    assert made.app.redaction.overview(made.study.id).redact
    assert len(made.app.studies.transcripts(made.study.id)) == len(NAMES)
