import json
from pathlib import Path

import pytest

from app.domain.people import Role
from app.domain.transcript import QUOTED_SPEAKER, CanonicalTranscript, Utterance, render_canonical
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
        ("I", "B"),
        ("Interviewerin", "Befragte 2"),
        ("Interviewer:in", "Teilnehmer*in 1"),
        ("Moderatorin", "TN 4"),
        ("Forscher", "Proband 3"),
        ("Enquêtrice", "Enquêté"),
        ("Modérateur", "Participante 2"),
        ("Entrevistadora", "Entrevistado"),
        ("Investigador", "Encuestada 1"),
        ("Pesquisadora", "Participante"),
        ("Intervistatrice", "Intervistato"),
        ("Ricercatore", "Partecipante 2"),
        ("Gespreksleider", "Deelnemer 3"),
        ("Onderzoeker", "Geïnterviewde"),
        ("インタビュアー", "参加者A"),
        ("聞き手", "田中さん（回答者）"),
        ("司会者", "対象者１"),
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


@pytest.mark.parametrize("language", ["en", "ar", "und", "xx"])
def test_an_arabic_question_mark_asks_too(language):
    turns = []
    for _ in range(4):
        turns += [Utterance("سارة", "كيف كانت تجربتك مع الخدمة؟"), Utterance("محمد", "اتصلت بهم مرتين ولم يرد أحد على الهاتف")]
    assert guess_roles(render_canonical(turns), language) == {"سارة": ASKS, "محمد": TELLS}


@pytest.mark.parametrize("name", ["Beobachterin", "Observateur 1", "Observador", "Osservatrice", "Notulist", "観察者", "記録係"])
def test_who_is_called_an_observer_in_another_language_observes(name):
    assert guess_roles(interview("Mel", "Jo", 3, Utterance(name, ANSWER)))[name] is WATCHES


def test_words_given_to_nobody_in_a_file_with_names_are_never_the_participants():
    aside = (Utterance(None, ANSWER), Utterance(QUOTED_SPEAKER, ANSWER), Utterance(None, "And what then?"))
    nobody = {"speaker unknown": WATCHES, "quoted text": WATCHES}
    assert guess_roles(interview("Mel", "Jo", 4, *aside)) == {"Mel": ASKS, "Jo": TELLS} | nobody
    alone = render_canonical([Utterance("Jo", ANSWER), Utterance(None, ANSWER), Utterance("Jo", ANSWER)])
    assert guess_roles(alone) == {"Jo": TELLS, "speaker unknown": WATCHES}


def test_where_nobody_is_named_the_unknown_speaker_is_the_participant_beside_quoted_text():
    canonical = render_canonical([Utterance(None, ANSWER), Utterance(QUOTED_SPEAKER, ANSWER), Utterance(None, ANSWER)])
    assert not canonical.named
    assert guess_roles(canonical) == {"speaker unknown": TELLS, "quoted text": WATCHES}


def test_questions_count_without_punctuation_where_they_come_after_other_words():
    turns = []
    for i in range(4):
        turns += [
            Utterance("Mel", f"okay great thank you for that what did you do on day {i}"),
            Utterance("Jo", ANSWER.lower().rstrip(".")),
        ]
    assert guess_roles(render_canonical(turns)) == {"Mel": ASKS, "Jo": TELLS}
