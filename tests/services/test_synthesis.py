import sqlite3

import pytest
from fakes import FakeTagger
from services.conftest import NAMES, talk

from app.domain.people import Role
from app.domain.review import Decision
from app.domain.runs import RunStatus
from app.errors import Conflict, InvalidInput, NotFound
from app.services.ingest import Upload
from app.services.studies import StageDraft
from app.services.synthesis import Inline, synthesize
from app.services.verify import verify


def without_dates(document):
    drop = {"created_at", "review_due"}
    kept = {k: v for k, v in document.items() if k not in drop}
    return {**kept, "run": {k: v for k, v in document["run"].items() if k != "id"}}


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def test_a_run_draws_a_map_whose_every_statement_cites_the_participants_own_words(drawn):
    document = drawn.map()
    assert drawn.statements()
    for statement in drawn.statements().values():
        assert any(e["relation"] == "supports" for e in statement["evidence"])
        for e in statement["evidence"]:
            quote = document["quotes"][e["quote_id"]]
            text = drawn.app.quotes.text(quote["transcript_id"])
            assert quote["text"] == text[quote["start"] : quote["end"]]
            assert quote["participant"].startswith("P")
    coverage = document["coverage"]
    assert coverage["sentences"] == sum(coverage[k] for k in ("used", "unplaced", "gap", "skipped")) > 0


def test_no_interviewer_is_quoted(drawn):
    assert {q["speaker"] for q in drawn.app.quotes.every(drawn.study.id)} == set(NAMES)


def test_running_again_asks_nothing_and_keeps_every_id(drawn):
    before, asked = drawn.map(), len(drawn.tagger.asked)
    drawn.embedder.encoded.clear()
    drawn.run()
    after = drawn.map()
    assert len(drawn.tagger.asked) == asked
    assert not drawn.embedder.encoded
    assert after["version"] == before["version"] + 1
    same = {"id", "version"}
    assert {k: v for k, v in without_dates(after).items() if k not in same} == {
        k: v for k, v in without_dates(before).items() if k not in same
    }


def test_an_empty_database_and_another_order_of_files_give_the_same_map(drawn, bench):
    other = bench("two")
    other.upload(*reversed([talk(name) for name in NAMES]))
    other.run()
    assert without_dates(other.map()) == without_dates(drawn.map())
    assert other.app.quotes.every(other.study.id) == drawn.app.quotes.every(drawn.study.id)


def test_an_added_interview_is_the_only_one_that_is_tagged(drawn):
    drawn.tagger.asked.clear()
    (outcome,) = drawn.upload(talk("Farid Aziz"))
    drawn.run()
    new = {q["id"] for q in drawn.app.quotes.every(drawn.study.id) if q["transcript_id"] == outcome.transcript.id}
    assert set(drawn.tagger.asked) == new
    assert {p["pseudonym"] for p in drawn.map()["participants"]} == {"P1", "P2", "P3", "P4", "P5"}


def test_a_broken_tagger_leaves_named_gaps_that_a_resume_closes(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    made.tagger.broken = True
    run = made.run()
    assert run.status is RunStatus.PARTIAL
    assert {g.reason for g in run.gaps} == {"the endpoint is down"}
    assert any("bea.txt" in g.what for g in run.gaps)
    assert made.map()["coverage"]["gap"] > 0
    made.tagger.broken = False
    again = made.run()
    assert again.id == run.id
    assert (again.status, again.gaps) == (RunStatus.SUCCEEDED, ())
    assert made.map()["coverage"]["gap"] == 0


def test_quotes_that_the_model_leaves_out_are_counted_as_a_gap(bench):
    made = bench()
    made.upload(talk("Bea Larsson"))
    made.run()
    first = made.app.quotes.every(made.study.id)[0]["id"]
    other = bench("two")
    other.tagger.refuses = {first}
    other.upload(talk("Bea Larsson"))
    run = other.run()
    (gap,) = run.gaps
    assert gap.quotes == 1
    assert other.app.quotes.get(first)[1]["state"] == "gap"
    assert other.app.quotes.get(first)[1]["stage"] is None


def test_a_spent_budget_stops_the_run_cleanly_before_it_is_exceeded_and_says_so(bench):
    made = bench(settings={"llm_token_budget": 40})
    made.tagger.source = "llm"
    made.replace(tagger=made.tagger)
    made.upload(*map(talk, NAMES))
    run = made.run()
    assert (run.calls, run.tokens_in + run.tokens_out) == (1, 15)
    assert run.status is RunStatus.PARTIAL
    assert len([gap for gap in run.gaps if "budget" in gap.reason]) == len(NAMES) - 1


def test_deleting_a_transcript_erases_its_words_everywhere(bench, tmp_path):
    made = bench()
    made.upload(*map(talk, NAMES), talk("Gesa Unmistakable", who="zebrahotline"))
    made.run()
    gone = next(t for t in made.app.studies.transcripts(made.study.id) if t.file_name == "gesa.txt")
    made.app.studies.delete_transcript(gone.id)
    made.app.maps.redraw(made.study.id)
    assert len(made.map()["participants"]) == 4
    made.app.db.dispose()
    dump = "\n".join(sqlite3.connect(tmp_path / "one" / "throughline.db").iterdump()).lower()
    assert "carl" in dump
    assert "zebrahotline" not in dump
    assert "gesa" not in dump
    assert not verify(made.app.store).damage


def test_a_pseudonym_is_never_given_to_somebody_else(drawn):
    last = next(t for t in drawn.app.studies.transcripts(drawn.study.id) if t.file_name == "emil.txt")
    drawn.app.studies.delete_transcript(last.id)
    drawn.upload(talk("Farid Aziz"))
    assert [p.pseudonym for p in drawn.app.people.participants(drawn.study.id)[0]] == ["P1", "P2", "P3", "P5"]


def test_a_persons_decision_survives_a_re_run_with_another_model(drawn):
    quote = drawn.app.quotes.every(drawn.study.id)[0]
    with drawn.app.store.write() as repo:
        repo.reviews.decide(drawn.study.id, Decision("d1", "quote", quote["id"], "emotion", "anger", "me", drawn.app.store.now()))
    drawn.replace(tagger=FakeTagger(model="fake/2"))
    drawn.run()
    shown = drawn.app.quotes.get(quote["id"])[1]
    assert (shown["emotion"], shown["source"], shown["valence"]) == ("anger", "human", -2)


def test_a_role_that_a_person_chose_stays_and_decides_who_is_quoted(drawn):
    transcript = drawn.app.studies.transcripts(drawn.study.id)[0]
    speaker = next(s for s in transcript.speakers if s.role is Role.PARTICIPANT)
    drawn.app.people.set_role(speaker.id, Role.OBSERVER, actor="me")
    assert [o.status for o in drawn.upload(talk("Bea Larsson"))] == ["known"]
    drawn.run()
    assert speaker.name not in {q["speaker"] for q in drawn.app.quotes.every(drawn.study.id)}
    assert drawn.map()["of_participants"] == 3


def test_removing_a_stage_re_tags_only_the_quotes_that_stood_in_it(drawn):
    stages = drawn.app.studies.stages(drawn.study.id)
    removed = {q["id"] for q in drawn.app.quotes.every(drawn.study.id) if q["stage"] == stages[-1].key}
    drawn.app.studies.set_stages(drawn.study.id, [StageDraft(s.id, s.title + "!", s.definition, s.base) for s in stages[:-1]])
    drawn.tagger.asked.clear()
    drawn.run()
    assert removed
    assert set(drawn.tagger.asked) == removed
    assert drawn.map()["stages"][0]["title"] == "Awareness!"


def test_a_map_of_one_persona_counts_its_participants_only(drawn):
    table = "file,speaker,personas,city\nbea.txt,Bea Larsson,Newcomer,Oslo\ncarl.txt,Carl Osei,Newcomer; Sceptic,\n"
    assert [o.status for o in drawn.upload(Upload("participants.csv", table.encode()))] == ["applied"]
    newcomer = next(p for p in drawn.app.people.personas(drawn.study.id) if p.name == "Newcomer")
    view = drawn.app.maps.create(drawn.study.id, "Newcomers", scenario=None, personas=[newcomer.id], channels=[])
    document = drawn.app.maps.read(view.id, full=True)
    assert document["of_participants"] == 2
    assert {q["participant"] for q in document["quotes"].values()} == {"P1", "P2"}
    assert drawn.app.people.participants(drawn.study.id)[0][0].attributes == {"city": "Oslo"}


def test_a_row_of_the_participants_table_that_fits_nobody_is_named_and_costs_no_other(drawn):
    table = "file,speaker,personas\nbea.txt,Bea Larsson,Newcomer\ncarl.txt,Somebody Else,Sceptic\n"
    (outcome,) = drawn.upload(Upload("participants.csv", table.encode()))
    assert outcome.status == "applied"
    assert outcome.note.startswith("1 of 2 rows applied; line 3: there is no speaker “Somebody Else” in carl.txt")
    assert [p.name for p in drawn.app.people.personas(drawn.study.id)] == ["Newcomer"]


def test_the_same_file_twice_is_recognised_and_not_doubled(drawn):
    assert [o.status for o in drawn.upload(talk("Bea Larsson"), talk("Bea Larsson"))] == ["known", "known"]
    assert len(drawn.app.studies.transcripts(drawn.study.id)) == 4


def test_a_run_on_an_empty_study_and_an_unknown_study_say_so(bench):
    made = bench()
    with pytest.raises(InvalidInput, match="no transcripts yet"):
        made.run()
    with pytest.raises(NotFound):
        made.app.runs.of_study("nowhere")


def test_verification_names_a_moved_span_a_changed_text_and_a_changed_hash(drawn, tmp_path):
    assert not verify(drawn.app.store).damage
    assert verify(drawn.app.store).quotes > 0
    drawn.app.db.dispose()
    with sqlite3.connect(tmp_path / "one" / "throughline.db") as db:
        ids = [row[0] for row in db.execute("select id from quote order by transcript_id, position")]
        db.execute("update quote set start = start + 1 where id = ?", (ids[0],))
        db.execute("update quote set sha256 = 'damaged' where id = ?", (ids[1],))
        last = db.execute("select max(transcript_id) from transcript_body").fetchone()[0]
        db.execute("update transcript_body set text = text || ' More.' where transcript_id = ?", (last,))
    damage = "\n".join(verify(drawn.app.store).damage)
    assert f"quote {ids[0]}" in damage
    assert "span was moved" in damage
    assert f"quote {ids[1]}" in damage
    assert "canonical text does not match" in damage


def test_a_transcript_that_is_deleted_while_a_run_goes_on_costs_the_others_nothing(bench, monkeypatch):
    monkeypatch.setattr("app.services.steps.EMBED_BATCH", 1)
    made = bench()
    outcomes = made.upload(*map(talk, NAMES))
    first = made.app.studies.transcripts(made.study.id)[0]

    class Erasing(Inline):
        def each(self, queue, step, ids):
            if first.id in {t.id for t in made.app.studies.transcripts(made.study.id)}:
                made.app.studies.delete_transcript(first.id)
            return super().each(queue, step, ids)

    run = made.app.runs.create(made.study.id)
    synthesize(run.id, Erasing(), made.app.steps)
    ended = made.app.runs.get(run.id)
    assert (ended.status, ended.gaps) == (RunStatus.SUCCEEDED, ())
    assert made.map()["coverage"]["gap"] == 0
    assert len(made.map()["participants"]) == len(outcomes) - 1


def test_a_table_that_is_no_csv_is_refused_with_its_line(drawn):
    (outcome,) = drawn.upload(Upload("participants.csv", b'file,speaker\n"' + b"a" * 200_000))
    assert outcome.status == "refused"
    assert "participants.csv, line 2" in outcome.error.message


def test_a_personas_name_is_taken_once_and_free_again_after_renaming(drawn):
    people, study_id = drawn.app.people, drawn.study.id
    for other in ("Sceptic", "Regular", "Leaver"):
        made = people.add_persona(study_id, "Newcomer")
        with pytest.raises(Conflict, match="Newcomer"):
            people.update_persona(people.add_persona(study_id, "Someone").id, name="Newcomer", description=None)
        people.update_persona(made.id, name=other, description=None)
    assert [p.name for p in people.personas(study_id)] == ["Leaver", "Regular", "Sceptic", "Someone"]


@pytest.mark.slow
def test_what_leaves_for_others_carries_no_name_of_a_file_or_a_person(drawn, tmp_path):
    drawn.app.studies.restate(drawn.study.id, name="Study", question="Why did Bea Larsson leave?", product=None)
    folder = tmp_path / "shared"
    refused = {"notes Bea Larsson.mp4": "notes Bea Larsson.mp4: this is a video or audio recording"}
    drawn.app.export.write_folder(drawn.study.id, folder, refused, redact=True)
    everything = "\n".join(f"{p.name}\n{p.read_text(encoding='utf-8')}" for p in folder.rglob("*") if p.is_file()).lower()
    for name in NAMES:
        assert name.lower() not in everything
        assert f"{name.split()[0].lower()}.txt" not in everything
    assert "interview-01.txt" in everything
    assert "this is a video" in everything
