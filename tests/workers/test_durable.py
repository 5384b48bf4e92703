"""The pipeline on the durable engine, in this process, with steps that only note that they ran."""

import threading
import time

import pytest
from dbos import DBOS, DBOSClient

from app.domain.runs import RunStatus
from app.errors import ModelError
from workers import runtime, workflows
from workers.workflows import ACTIVE, VERSION, job_id

TRACE = {
    "6": [
        "start_run",
        "list_transcripts",
        *["segment_transcript"] * 3,
        "list_unembedded",
        *["embed_batch"] * 3,
        "wait_embed_batch",
        "list_unredacted",
        *["redact_batch"] * 3,
        "wait_redact_batch",
        "list_untagged_windows",
        *["tag_window"] * 3,
        "wait_tag_window",
        "list_unsure_windows",
        "wait_tag_window",
        "list_rest",
        *["tag_rest"] * 3,
        "wait_tag_rest",
        "cluster_study",
        "list_unassigned",
        *["assign_quotes"] * 3,
        "wait_assign_quotes",
        "list_undrafted",
        *["draft_codebook"] * 3,
        "wait_draft_codebook",
        "list_unmerged",
        "merge_drafts",
        "wait_merge_drafts",
        "open_codebook",
        "list_unassigned",
        *["assign_quotes"] * 3,
        "wait_assign_quotes",
        "settle_themes",
        "list_stages",
        *["write_stage"] * 3,
        "wait_write_stage",
        "list_unchecked",
        *["check_statements"] * 3,
        "wait_check_statements",
        "note_gaps",
        "assemble_map",
        "finish_run",
    ]
}
"""What the newest version of the pipeline does, in order, over three items a stage."""


def test_a_queued_run_goes_through_every_step_to_its_end(bench):
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    assert bench.finished().status is RunStatus.SUCCEEDED
    assert sorted(bench.steps.ran("tag_window")) == ["run1/0", "run1/1", "run1/2"]
    assert bench.steps.calls[-2:] == [("assemble_map", "run1"), ("finish_run", "run1")]


def test_the_order_of_steps_changes_only_together_with_the_version(bench):
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    bench.finished()
    names = [step["function_name"] for step in DBOS.list_workflow_steps(job_id("run1", 1))]
    assert names == TRACE[VERSION], "runs in flight would break: bump VERSION in workers/workflows.py and store the new trace here"


@pytest.mark.slow
def test_a_failing_item_becomes_a_gap_and_the_rest_of_the_run_goes_on(bench):
    def fail(call):
        if call == "tag_window run1/1":
            raise ModelError("the endpoint answered with nonsense")
        if call == "write_stage run1/2":
            raise KeyError("what a participant said")

    bench.steps.before = fail
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    run = bench.finished()
    assert run.status is RunStatus.PARTIAL
    assert {gap.item: gap.reason for gap in run.gaps} == {
        "run1/1": "the endpoint answered with nonsense",
        "run1/2": "unexpected KeyError",
    }
    assert len(bench.steps.ran("draft_codebook")) == 3


@pytest.mark.slow
def test_what_a_failing_step_said_is_in_no_job_record_and_no_log(bench, tmp_path, caplog, capfd):
    def fail(call):
        if call.startswith(("tag_window", "cluster_study")):
            raise KeyError("a participants words")

    bench.steps.before = fail
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    run = bench.finished()
    bench.wait_for(lambda: not DBOS.list_workflows(status=ACTIVE, limit=1))
    bench.stop()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("jobs.db*"))
    assert (run.status, run.error) == (RunStatus.FAILED, "unexpected KeyError")
    assert b"participants words" not in stored
    assert "participants words" not in caplog.text + "".join(capfd.readouterr())
    assert "tag_window run1/0: unexpected KeyError (" in caplog.text


@pytest.mark.slow
def test_a_cancelled_run_starts_no_further_job_and_is_not_failed(bench):
    bench.steps.items = 30
    began = threading.Event()

    def slow(call):
        if call.startswith("tag_window"):
            began.set()
            time.sleep(0.2)

    bench.steps.before = slow
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    assert began.wait(30)
    bench.runs.cancel("run1")
    bench.queue.cancel("run1", 1)
    time.sleep(1.0)  # jobs that were in the middle of being started
    before = len(bench.steps.ran("tag_window"))
    time.sleep(1.0)
    assert len(bench.steps.ran("tag_window")) == before < 30
    assert not bench.steps.ran("cluster_study")
    assert bench.runs.get("run1").status is RunStatus.CANCELLED


@pytest.mark.slow
def test_a_cancelled_run_resumes_as_a_new_attempt(bench):
    began = threading.Event()

    def hold(call):
        if call.startswith("tag_window"):
            began.set()
            time.sleep(0.1)

    bench.steps.before = hold
    bench.steps.items = 8
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    assert began.wait(30)
    bench.runs.cancel("run1")
    bench.queue.cancel("run1", 1)
    run = bench.runs.resume("run1")
    bench.queue.start(run.id, run.attempt)
    assert bench.finished().status is RunStatus.SUCCEEDED
    assert bench.runs.get("run1").attempt == 2


@pytest.mark.slow
def test_a_run_queued_twice_is_done_once(bench):
    bench.add_run()
    bench.queue.start("run1", 1)
    bench.queue.start("run1", 1)
    bench.launch()
    bench.reconcile()
    bench.finished()
    bench.queue.start("run1", 1)
    time.sleep(0.5)
    assert len(bench.steps.ran("start_run")) == 1
    assert len(bench.steps.ran("tag_window")) == 3


@pytest.mark.slow
def test_a_run_that_was_stored_but_never_queued_is_picked_up(bench):
    bench.add_run()
    bench.launch()
    bench.reconcile()
    assert bench.finished().status is RunStatus.SUCCEEDED


def test_a_run_whose_job_was_cancelled_behind_its_back_is_cancelled_too(bench):
    bench.add_run()
    bench.queue.start("run1", 1)
    bench.queue.cancel("run1", 1)
    bench.launch()
    bench.reconcile()
    assert bench.runs.get("run1").status is RunStatus.CANCELLED


def test_a_job_whose_run_was_cancelled_or_erased_is_cancelled(bench):
    for run_id in ("cancelled", "erased"):
        bench.add_run(run_id)
        bench.queue.start(run_id, 1)
    bench.queue.start("never-stored", 1)
    bench.runs.cancel("cancelled")
    bench.runs.cancel("erased")
    client = DBOSClient(system_database_url=bench.url, application_name=runtime.APPLICATION)
    bench.steps.before = lambda _call: time.sleep(0.2)
    bench.launch()
    bench.reconcile()
    left = client.list_workflows(status=ACTIVE, name="synthesize")
    client.destroy()
    assert not left


@pytest.mark.slow
def test_a_run_that_fails_unexpectedly_says_so(bench):
    def fail(call):
        if call == "assemble_map run1":
            raise ZeroDivisionError

    bench.steps.before = fail
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    run = bench.finished()
    assert (run.status, run.error) == (RunStatus.FAILED, "unexpected ZeroDivisionError")


@pytest.mark.slow
def test_a_run_interrupted_by_a_stop_goes_on_at_the_next_launch_without_repeating_what_was_done(bench):
    bench.steps.items = 12
    reached = threading.Event()

    def slow(call):
        if call.startswith("tag_window"):
            time.sleep(0.05)
            if len(bench.steps.ran("tag_window")) >= 6:
                reached.set()

    bench.steps.before = slow
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    assert reached.wait(30)
    runtime.stop(3)
    assert bench.runs.get("run1").status is RunStatus.RUNNING
    assert len(bench.steps.ran("tag_window")) < 12
    bench.launch()
    assert bench.finished().status is RunStatus.SUCCEEDED
    assert sorted(bench.steps.ran("tag_window")) == sorted(f"run1/{n}" for n in range(12))
    assert len(bench.steps.ran("segment_transcript")) == 12


@pytest.mark.slow
def test_a_run_of_another_pipeline_version_starts_anew(bench, monkeypatch):
    bench.add_run()
    monkeypatch.setattr("workers.runner.VERSION", "0")
    bench.queue.start("run1", 1)
    bench.launch()
    runtime.restart_stale(bench.runs)
    bench.reconcile()
    run = bench.finished()
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 2)
    assert [w.status for w in DBOS.list_workflows(workflow_ids=[job_id("run1", 1)])] == ["CANCELLED"]


@pytest.mark.slow
def test_forgetting_a_run_erases_every_record_of_its_jobs(bench):
    bench.add_run("run1")
    bench.add_run("run10")
    bench.launch()
    for run_id in ("run1", "run10"):
        bench.queue.start(run_id, 1)
        bench.finished(run_id)
    bench.wait_for(lambda: not DBOS.list_workflows(status=ACTIVE, limit=1))
    bench.queue.forget("run1")
    left = {w.workflow_id.partition(".")[0] for w in DBOS.list_workflows()}
    assert left == {"run10"}


@pytest.mark.slow
def test_a_run_that_is_forgotten_while_under_way_stops_and_leaves_nothing(bench):
    bench.steps.items = 30
    began = threading.Event()

    def slow(call):
        if call.startswith("tag_window"):
            began.set()
            time.sleep(0.2)

    bench.steps.before = slow
    bench.add_run()
    bench.launch()
    bench.queue.start("run1", 1)
    assert began.wait(30)
    bench.runs.cancel("run1")
    bench.queue.cancel("run1", 1)
    bench.queue.forget("run1")
    time.sleep(1.0)  # jobs that were in the middle of being started
    before = len(bench.steps.calls)
    bench.reconcile()
    time.sleep(1.0)
    assert len(bench.steps.calls) == before
    assert not DBOS.list_workflows()


@pytest.mark.slow
def test_no_more_jobs_that_ask_a_model_begin_in_a_minute_than_allowed(bench):
    bench.steps.items = 8
    bench.add_run()
    bench.launch(llm_per_minute=3)
    bench.queue.start("run1", 1)
    bench.wait_for(lambda: len(bench.steps.ran("tag_window")) == 3)
    time.sleep(1.5)
    assert len(bench.steps.ran("tag_window")) == 3
    assert len(bench.steps.ran("embed_batch")) == 8


def test_jobs_before_a_pipeline_was_given_are_refused():
    with pytest.raises(RuntimeError, match="no pipeline"):
        workflows.Process().required()
