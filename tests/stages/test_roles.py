import json
from pathlib import Path

import pytest

from app.domain.people import Role
from app.domain.transcript import CanonicalTranscript, Utterance, render_canonical
from app.stages.parse import parse
from app.stages.roles import guess_roles

TRANSCRIPTS = Path(__file__).parents[2] / "fixtures" / "transcripts"
ASKS, TELLS, WATCHES = Role.INTERVIEWER, Role.PARTICIPANT, Role.OBSERVER
ANSWER = "I went to the branch with my papers and waited there for most of the morning until somebody had time for me."


def interview(asker: str = "Mel", teller: str = "Jo", rounds: int = 6, *more: Utterance) -> CanonicalTranscript:
    turns = []
    for i in range(rounds):
        turns += [Utterance(asker, f"And what did you do on day {i}?"), Utterance(teller, ANSWER)]
    return render_canonical([*turns, *more])


def test_who_asks_is_the_interviewer_even_when_the_other_one_speaks_first():
    assert guess_roles(interview()) == {"Mel": ASKS, "Jo": TELLS}
    later = render_canonical(
        [Utterance("Jo", "Hello."), *[Utterance(s, t) for _ in range(4) for s, t in (("Mel", "How was it?"), ("Jo", ANSWER))]]
    )
    assert guess_roles(later) == {"Jo": TELLS, "Mel": ASKS}


def test_requests_without_question_marks_are_questions():
    turns = [
        ("Mel", "Thanks for making the time. Walk me through the first week."),
        ("Jo", ANSWER),
        ("Mel", "Tell me about the bill."),
        ("Jo", ANSWER),
    ]
    assert guess_roles(render_canonical(Utterance(s, t) for s, t in turns)) == {"Mel": ASKS, "Jo": TELLS}


def test_a_rhetorical_question_within_a_story_does_not_make_an_interviewer():
    story = f"{ANSWER} And I thought, is this it now? Why me? {ANSWER}"
    turns = [
        ("Mel", "Right, so that first day."),
        ("Jo", story),
        ("Mel", "And how long did it take?"),
        ("Jo", story),
        ("Mel", "I see."),
        ("Jo", story),
    ]
    assert guess_roles(render_canonical(Utterance(s, t) for s, t in turns)) == {"Mel": ASKS, "Jo": TELLS}


@pytest.mark.parametrize(
    ("asker", "teller"),
    [
        ("Interviewer", "P1"),
        ("Moderator 1", "Participant 3"),
        ("INT", "Anna"),
        ("Q", "A"),
        ("UX Researcher", "Guest"),
        ("Tom (Interviewer)", "Carly"),
        ("I", "R"),
    ],
)
def test_labels_settle_the_roles_against_the_speech(asker, teller):
    assert guess_roles(interview(teller, asker)) == {teller: TELLS, asker: ASKS}


def test_speakers_called_a_and_b_are_told_apart_by_their_speech():
    assert guess_roles(interview("A", "B")) == {"A": ASKS, "B": TELLS}


def test_a_participant_label_leaves_the_interview_to_the_other_one():
    assert guess_roles(interview("Sarah", "P7")) == {"Sarah": ASKS, "P7": TELLS}


@pytest.mark.parametrize("name", ["Jo", "Interviewer", None])
def test_a_single_speaker_is_the_participant(name):
    canonical = render_canonical([Utterance(name, "What did I do? I waited.")])
    assert set(guess_roles(canonical).values()) == {TELLS}


def test_who_says_next_to_nothing_and_answers_nobody_observes():
    aside = (Utterance("Beth", "Sorry, just one thing, which branch was it?"), Utterance("Jo", ANSWER))
    assert guess_roles(interview("Mel", "Jo", 15, *aside)) == {"Mel": ASKS, "Jo": TELLS, "Beth": WATCHES}


def test_a_notetaker_observes_by_name():
    assert guess_roles(interview("Mel", "Jo", 3, Utterance("Notetaker", ANSWER)))["Notetaker"] is WATCHES


def test_two_interviewers_and_two_participants_are_possible():
    turns = []
    for i in range(6):
        turns += [("Mel", f"What came on day {i}?"), ("Jo", ANSWER), ("Sam", f"And how did day {i} feel?"), ("Kim", ANSWER)]
    roles = guess_roles(render_canonical(Utterance(s, t) for s, t in turns))
    assert roles == {"Mel": ASKS, "Jo": TELLS, "Sam": ASKS, "Kim": TELLS}


def test_where_nobody_asks_everybody_is_a_participant():
    turns = [("Jo", ANSWER), ("Kim", ANSWER), ("Lee", ANSWER)] * 3
    assert set(guess_roles(render_canonical(Utterance(s, t) for s, t in turns)).values()) == {TELLS}


def test_somebody_always_participates():
    canonical = interview("Interviewer", "Moderator", 3)
    assert TELLS in guess_roles(canonical).values()
    assert guess_roles(render_canonical([])) == {}


@pytest.mark.parametrize("study", sorted(path.parent.name for path in TRANSCRIPTS.glob("*/expected.json")))
def test_the_bundled_interviews_have_the_roles_their_scripts_give(study):
    files = json.loads((TRANSCRIPTS / study / "expected.json").read_text(encoding="utf-8"))["files"]
    assert files
    for name, expected in files.items():
        roles = guess_roles(parse((TRANSCRIPTS / study / name).read_bytes(), name).canonical)
        assert roles == {speaker["name"]: speaker["role"] for speaker in expected["speakers"]}, name


def test_an_arabic_question_mark_asks_too():
    turns = []
    for _ in range(4):
        turns += [Utterance("سارة", "كيف كانت تجربتك مع الخدمة؟"), Utterance("محمد", "اتصلت بهم مرتين ولم يرد أحد على الهاتف")]
    assert guess_roles(render_canonical(turns)) == {"سارة": ASKS, "محمد": TELLS}
