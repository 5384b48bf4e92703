"""Stages that a model is to propose, on the durable engine: worked through once, found again, ended in every case."""

import pytest
from dbos import DBOS

from app.errors import ModelError, NotFound
from workers.runtime import LOST_PROPOSAL, reconcile_proposals
from workers.workflows import proposing_id


class FakeProposing:
    """Notes what is worked on; `broken` is raised there, and what is `open` waits."""

    def __init__(self):
        self.worked = []
        self.failed = {}
        self.open = set()
        self.broken = None

    def work(self, proposal_id):
        self.worked.append(proposal_id)
        if self.broken:
            raise self.broken
        self.open.discard(proposal_id)

    def fail(self, proposal_id, reason):
        self.failed[proposal_id] = reason
        self.open.discard(proposal_id)

    def unfinished(self):
        return sorted(self.open)


@pytest.fixture
def proposing(bench):
    bench.stage_proposing = FakeProposing()
    return bench.stage_proposing


def test_a_proposal_is_worked_through_once_however_often_it_is_handed_over(bench, proposing):
    proposing.open.add("p1")
    bench.queue.propose_stages("p1")
    bench.queue.propose_stages("p1")
    bench.launch()
    bench.wait_for(lambda: not proposing.open)
    reconcile_proposals(proposing)
    assert (proposing.worked, proposing.failed) == (["p1"], {})
    bench.queue.forget("p1")
    assert DBOS.list_workflows(workflow_ids=[proposing_id("p1")]) == []


def test_one_that_nobody_queued_is_found_and_one_that_breaks_says_so_without_its_words(bench, proposing):
    bench.launch()
    proposing.open.add("lost")
    reconcile_proposals(proposing)
    bench.wait_for(lambda: not proposing.open)
    proposing.broken = ValueError("what somebody said")
    bench.queue.propose_stages("bad")
    bench.wait_for(lambda: proposing.failed)
    assert proposing.failed == {"bad": "unexpected ValueError"}
    proposing.failed.clear()
    proposing.broken = ModelError("the endpoint is down")
    bench.queue.propose_stages("worse")
    bench.wait_for(lambda: proposing.failed)
    assert proposing.failed == {"worse": "the endpoint is down"}


def test_one_that_was_erased_is_no_failure_and_one_that_was_given_up_is_ended(bench, proposing):
    bench.launch()
    proposing.broken = NotFound()
    bench.queue.propose_stages("erased")
    bench.wait_for(lambda: proposing.worked == ["erased"])
    bench.wait_for(lambda: DBOS.list_workflows(workflow_ids=[proposing_id("erased")])[0].status == "SUCCESS")
    assert proposing.failed == {}
    proposing.open.add("erased")  # as if its job had ended without a word
    reconcile_proposals(proposing)
    assert proposing.failed == {"erased": LOST_PROPOSAL}
