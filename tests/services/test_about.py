"""What the head of a file says of its participant is taken over, and of nobody else."""

import pytest
from services.test_intake import as_text, interview, participants

from app.domain.people import Role
from app.domain.transcript import ParsedTranscript
from app.services.ingest import Upload
from app.services.intake import Intake
from app.stages.parse import parse


class Telling:
    """A parser that also says what a file's head would."""

    def __init__(self, **about):
        self.about = about

    def parse(self, data, file_name):
        found = parse(data, file_name)
        return ParsedTranscript(found.shape, found.reader, found.canonical, found.warnings, self.about)

    def parse_each(self, files):
        return [self.parse(*file) for file in files]


@pytest.fixture
def upload(bench):
    made = bench()

    def take(turns, **about):
        made.app.__dict__.pop("ingest", None)
        made.app.__dict__["intake"] = Intake(Telling(**about), lambda _: "en", max_bytes=10**7, max_files=10)
        made.upload(Upload("a.txt", as_text(turns)))
        return made

    return take


def test_the_only_participant_gets_name_personas_and_facts(upload):
    about = {
        "title": "Interview 4",
        "date": "2024-05-01",
        "participant": "Anna Kowalski",
        "persona": "Loyal; Careful",
        "segment": "Small firms",
    }
    made = upload(interview(1, participant="Participant"), **about, role="Plumber", story="x" * 300)
    (person,) = participants(made)
    assert (person.name, person.attributes) == ("Anna Kowalski", {"segment": "Small firms", "role": "Plumber"})
    assert [p.name for p in made.app.people.personas(made.study.id)] == ["Careful", "Loyal"]


def test_a_name_in_the_file_is_kept_where_it_is_one(upload):
    (person,) = participants(upload(interview(1, participant="Bea"), participant="Beatrice"))
    assert person.name == "Bea"


def test_of_several_participants_only_the_one_that_is_named_gets_the_facts(upload):
    turns = [turn for a, b in zip(interview(1, participant="Bea"), interview(2, participant="Carl"), strict=True) for turn in (a, b)]
    people = {p.name: p.attributes for p in participants(upload(turns, participant="Carl", segment="Small firms"))}
    assert people == {"Bea": {}, "Carl": {"segment": "Small firms"}}


def test_of_several_participants_nobody_gets_facts_that_name_nobody(upload):
    turns = [turn for a, b in zip(interview(1, participant="Bea"), interview(2, participant="Carl"), strict=True) for turn in (a, b)]
    assert [p.attributes for p in participants(upload(turns, segment="Small firms"))] == [{}, {}]


def test_who_is_named_as_the_interviewer_is_believed(upload):
    made = upload(interview(1, "Ann", "Bea"), interviewer="Bea", participant="Ann")
    (transcript,) = made.app.studies.transcripts(made.study.id)
    assert {s.name: s.role for s in transcript.speakers} == {"Ann": Role.PARTICIPANT, "Bea": Role.INTERVIEWER}


def test_a_head_that_would_leave_nobody_to_quote_is_not_believed(upload):
    made = upload(interview(1, "Ann", "Bea"), interviewers="Ann and Bea")
    assert [p.name for p in participants(made)] == ["Bea"]
