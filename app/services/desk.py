"""The desk at which everything from outside arrives: the use cases, the queue that runs are handed to, and who may come in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.runs import Run, TaggerKind
from app.services.ingest import Ingest
from app.services.maps import Maps
from app.services.people import People
from app.services.quotes import Quotes
from app.services.runs import Queue, Runs
from app.services.sign_in import SignIn
from app.services.store import Store
from app.services.studies import Studies
from app.settings import Settings


class UseCases(Protocol):
    """What pages and API need of a wired application."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102  # the wired application says what each is
    @property
    def store(self) -> Store: ...  # noqa: D102
    @property
    def studies(self) -> Studies: ...  # noqa: D102
    @property
    def ingest(self) -> Ingest: ...  # noqa: D102
    @property
    def people(self) -> People: ...  # noqa: D102
    @property
    def maps(self) -> Maps: ...  # noqa: D102
    @property
    def quotes(self) -> Quotes: ...  # noqa: D102
    @property
    def runs(self) -> Runs: ...  # noqa: D102


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Desk:
    """One server's collaborators; `worker_ready` says whether somebody takes runs from the queue."""

    use: UseCases
    queue: Queue
    sign_in: SignIn
    worker_ready: Callable[[], bool] = field(default=_always)

    def start_run(self, study_id: str, tagger: TaggerKind) -> Run:
        """Make a run and hand it over; the row comes first, so that a crash in between leaves it queued."""
        run = self.use.runs.create(study_id, tagger)
        self.queue.start(run.id, run.attempt)
        return run

    def cancel_run(self, run_id: str) -> Run:
        """Stop a run; what is done stays."""
        run = self.use.runs.cancel(run_id)
        self.queue.cancel(run.id, run.attempt)
        return run

    def resume_run(self, run_id: str) -> Run:
        """Have a run's gaps closed."""
        run = self.use.runs.resume(run_id)
        self.queue.start(run.id, run.attempt)
        return run

    def delete_transcript(self, transcript_id: str) -> str:
        """Erase a transcript and draw the maps from what is left; the id of its study."""
        study_id = self.use.studies.delete_transcript(transcript_id)
        self.use.maps.redraw(study_id)
        return study_id

    def delete_study(self, study_id: str) -> None:
        """Erase a study; runs that are under way are stopped first."""
        for run in self.use.runs.of_study(study_id):
            if not run.status.ended:
                self.cancel_run(run.id)
        self.use.studies.delete(study_id)
