import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.identity import sha256
from app.domain.people import Role
from app.domain.quote import Segmentation, Skip, quote_id
from app.domain.transcript import CanonicalTranscript, Turn, Utterance, render_canonical
from app.stages.parse import parse
from app.stages.roles import guess_roles
from app.stages.segment import SEGMENTER, segment
from app.stages.segment.sentences import split_sentences

# speech with everything that moves boundaries: abbreviations, pauses, directions, other scripts, blanks of all kinds
PIECES = st.sampled_from(
    [
        "Yeah.",
        "okay",
        "[laughs]",
        "[crosstalk]",
        "[inaudible]",
        "Dr.",
        "p.m.",
        "...",
        "…",
        "3.5",
        "J.",
        "but",
        "and then",
        "because",
        "it",
        "Thanks.",
        "The refund took ages.",
        "I called the bank, twice",
        "Why?",
        "“No way.”",
        "(no. yes.)",
        "日本語です。",
        "とても",
        "naïve",
        "😀",
        "—",
        "\n",
        "\u2028",
        "\u00a0",
        "[",
        "](",
        "e.g.",
        "!",
        "x" * 30,
    ]
)
TRANSCRIPTS = Path(__file__).parents[2] / "fixtures" / "transcripts"
SPEECH = st.lists(PIECES, max_size=120).map(" ".join)


def of_turns(*turns: str, speaker: str | None = "Ana") -> CanonicalTranscript:
    """A transcript of the given turns, an interviewer's "Go on." between them."""
    utterances = []
    for text in turns:
        utterances += [Utterance("Ines" if speaker else None, "And what came of that, would you say?"), Utterance(speaker, text)]
    return render_canonical(utterances if speaker else utterances[1::2])


def spoken(canonical: CanonicalTranscript, result: Segmentation, speaker: str = "Ana") -> list[str]:
    return [canonical.text[q.start : q.end] for q in result.quotes if q.speaker == speaker]


def quotes_of(text: str, language: str = "en") -> list[str]:
    canonical = of_turns(text)
    return spoken(canonical, segment("t", canonical, language))


def skips_of(text: str, language: str = "en") -> list[tuple[str, Skip]]:
    canonical = of_turns(*["Somebody else said something of interest here."] * 5, text, *["And that was all there was to tell you."] * 5)
    result = segment("t", canonical, language)
    return [(canonical.text[s.start : s.end], s.reason) for s in result.skipped if canonical.turns[s.turn].speaker == "Ana"]


def check_accounts(canonical: CanonicalTranscript, result: Segmentation) -> None:
    """Quotes and skipped sentences are in order, do not overlap, stay in their turn and leave out blanks only."""
    spans = sorted([(q.start, q.end, q.turn) for q in result.quotes] + [(s.start, s.end, s.turn) for s in result.skipped])
    assert [(q.start, q.turn) for q in result.quotes] == sorted((q.start, q.turn) for q in result.quotes)
    assert [s.start for s in result.skipped] == sorted(s.start for s in result.skipped)
    at = 0
    for start, end, turn in spans:
        assert canonical.turns[turn].start <= start < end <= canonical.turns[turn].end
        assert not canonical.text[at:start].strip()
        assert not canonical.text[start].isspace()
        assert not canonical.text[end - 1].isspace()
        at = end
    assert not canonical.text[at:].strip()
    sentences = sum(len(split_sentences(canonical.text[t.start : t.end], "en")) for t in canonical.turns)
    assert sum(q.sentences for q in result.quotes) + len(result.skipped) == sentences
    assert all(1 <= q.sentences <= 4 for q in result.quotes)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(SPEECH, st.text(max_size=200)), max_size=4), st.booleans())
def test_every_sentence_is_quoted_or_skipped_once_whatever_is_said(texts, named):
    canonical = render_canonical(Utterance(f"S{i % 2}" if named else None, text) for i, text in enumerate(texts))
    result = segment("t", canonical)
    check_accounts(canonical, result)
    for quote in result.quotes:
        assert quote.sha256 == sha256(canonical.text[quote.start : quote.end])
        assert quote.id == quote_id("t", quote.start, quote.end)
        assert quote.speaker == canonical.turns[quote.turn].speaker


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.text(max_size=300), SPEECH))
def test_text_that_was_never_normalised_keeps_exact_offsets(text):
    turns = (Turn(0, "Ana", 0, len(text)),) if text else ()
    canonical = CanonicalTranscript(text, turns, ())
    check_accounts(canonical, segment("t", canonical))


def test_the_segmenter_is_named_in_the_result():
    assert segment("t", of_turns("The refund took five weeks to arrive.")).segmenter == SEGMENTER == "segment/2"


def test_an_empty_transcript_has_no_quotes():
    assert segment("t", render_canonical([])) == Segmentation(SEGMENTER, (), ())


def test_all_speakers_are_cut_so_that_a_changed_role_needs_no_new_cut():
    canonical = render_canonical(
        [Utterance("Ines", "We changed the price in spring."), Utterance("Ana", "I never saw any message about it.")]
    )
    assert {q.speaker for q in segment("t", canonical).quotes} == {"Ines", "Ana"}


@pytest.mark.parametrize(
    "text",
    ["Yeah, okay.", "Mm-hm.", "Right, right.", "Uh-huh.", "Exactly, yeah.", "You know.", "[laughs]", "(laughs)", "Okay, great.", "..."],
)
def test_backchannels_and_stage_directions_are_fillers(text):
    assert skips_of(text) == [(text, Skip.FILLER)]


@pytest.mark.parametrize(
    "text", ["Thank you so much, Carly.", "Thanks, bye.", "Hi Anna, nice to meet you.", "Can you hear me?", "Have a good weekend."]
)
def test_courtesies_are_small_talk(text):
    assert skips_of(text) == [(text, Skip.SMALL_TALK)]


@pytest.mark.parametrize(
    "text",
    ["Thanks to the chat it got fixed.", "Thank you for your email about the invoice.", "See you at the branch was what he told me."],
)
def test_thanks_that_tell_something_are_quoted(text):
    assert quotes_of(text) == [text]


def test_the_weather_is_small_talk_at_the_ends_only():
    canonical = of_turns("It's raining here.", *["We waited for the courier all that week."] * 8)
    assert spoken(canonical, segment("t", canonical)) == ["We waited for the courier all that week."] * 8
    assert skips_of("It's raining here.") == []


def test_crosstalk_alone_and_speech_nobody_heard_have_their_own_reasons():
    assert skips_of("[crosstalk]") == [("[crosstalk]", Skip.CROSSTALK)]
    assert skips_of("[inaudible 00:12:03]") == [("[inaudible 00:12:03]", Skip.INAUDIBLE)]
    assert skips_of("So the [inaudible] was it.") == [("So the [inaudible] was it.", Skip.INAUDIBLE)]


def test_a_word_nobody_heard_does_not_cost_the_sentence():
    text = "The courier from [inaudible] left my parcel in the rain."
    assert quotes_of(text) == [text]


@pytest.mark.parametrize("text", ["Twice.", "Never again.", "I don't know.", "Brilliant."])
def test_a_turn_that_says_nothing_alone_is_too_short(text):
    assert skips_of(text) == [(text, Skip.TOO_SHORT)]


@pytest.mark.parametrize("text", ["Forty quid.", "No, I hated it."])
def test_a_short_answer_with_content_is_a_quote(text):
    assert quotes_of(text) == [text]


def test_short_answers_join_the_sentences_beside_them():
    assert quotes_of("She once put diesel in a petrol van. Twice.") == ["She once put diesel in a petrol van. Twice."]
    assert quotes_of("Never again. They charged my card two times.") == ["Never again. They charged my card two times."]


def test_fillers_at_the_edges_are_left_out_and_those_between_stay():
    text = "Yeah, okay. The import took us two evenings. Um. It put the dogs in as surnames. Right."
    assert quotes_of(text) == ["The import took us two evenings. Um. It put the dogs in as surnames."]
    assert skips_of(text) == [("Yeah, okay.", Skip.FILLER), ("Right.", Skip.FILLER)]


@pytest.mark.parametrize("cue", ["But", "Anyway,", "On the other hand,", "The other thing,", "Oh and"])
def test_a_discourse_cue_starts_another_quote(cue):
    first = "The man in the branch was kind and he printed every single form for me that morning."
    second = f"{cue} the mobile banking login kept failing for weeks and nobody at support could say why."
    assert quotes_of(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("start", ["It", "Because it", "They said it", "That"])
def test_a_sentence_that_leans_on_the_one_before_stays_with_it(start):
    text = f"I sent the claim form to the insurer by post in March. {start} was lost for more than six weeks in their own office."
    assert quotes_of(text) == [text]


def test_sentences_that_share_their_words_stay_together():
    text = "There was something about proration on every invoice from them that month. Nobody explained proration or an invoice to me."
    assert quotes_of(text) == [text]


def test_a_long_story_becomes_quotes_of_a_readable_length():
    story = " ".join(f"On day {i} the driver left parcel number {i} with a neighbour whom we had never met before." for i in range(40))
    lengths = [len(quote.split()) for quote in quotes_of(story)]
    assert len(lengths) > 10
    assert all(15 <= words <= 60 for words in lengths)


@pytest.mark.parametrize(
    "text",
    [
        "At 3 p.m. Dr. Smith paid approx. five pounds to J. R. Jones.",
        "I waited... and waited… and nothing came.",
        "It cost 3.50 at the till and no. 5 was empty.",
        "I just... I gave up on it.",
        "He went “what's up. How are you?” and left.",
    ],
)
def test_abbreviations_pauses_and_decimals_do_not_end_a_sentence(text):
    assert [text[s.start : s.end] for s in split_sentences(text, "en")] == [text]


def test_a_stage_direction_before_a_sentence_stands_alone():
    text = "[laughs] Badly. [sighs] I went home."
    assert [text[s.start : s.end] for s in split_sentences(text, "en")] == ["[laughs]", "Badly.", "[sighs]", "I went home."]


def test_speech_in_lower_case_is_split_at_its_full_stops():
    text = "okay. so i went there. it was closed"
    assert [text[s.start : s.end] for s in split_sentences(text, "en")] == ["okay.", "so i went there.", "it was closed"]


def test_unpunctuated_speech_is_cut_at_cues_and_never_inside_a_word():
    text = (
        "i opened the app on the train and i typed in the number from the letter they had sent me and it said that number was not known "
        "but i had it right there in my hand so i called the line and waited for forty minutes with that music "
        "and then a lady told me the letter was from last year anyway i went to the branch because i wanted somebody to look at it"
    )
    pieces = [text[s.start : s.end] for s in split_sentences(text, "en")]
    assert " ".join(pieces) == text
    assert len(pieces) > 2
    assert all(10 <= len(piece.split()) <= 45 for piece in pieces)
    assert {piece.split()[0] for piece in pieces[1:]} <= {"but", "so", "and", "anyway", "because"}


def test_a_very_long_sentence_is_cut_at_its_clauses():
    text = ", ".join(f"we tried option {i} of that wizard and it failed with message {i}" for i in range(12)) + "."
    pieces = [text[s.start : s.end] for s in split_sentences(text, "en")]
    assert " ".join(pieces) == text
    assert all(20 <= len(piece.split()) <= 80 for piece in pieces)
    assert all(piece.endswith((",", ".")) for piece in pieces)


def test_questions_are_skipped_only_where_nobody_is_named():
    text = "What made you choose it? I read a long review about it in a magazine. So tell me about the setup. It was up in an hour."
    unnamed = of_turns(text, speaker=None)
    result = segment("t", unnamed)
    assert [unnamed.text[s.start : s.end] for s in result.skipped if s.reason is Skip.QUESTION] == [
        "What made you choose it?",
        "So tell me about the setup.",
    ]
    assert [unnamed.text[q.start : q.end] for q in result.quotes] == [
        "I read a long review about it in a magazine.",
        "It was up in an hour.",
    ]
    assert all(s.reason is not Skip.QUESTION for s in segment("t", of_turns(text)).skipped)


def test_a_reported_question_is_no_question():
    text = "And the man at the desk said “have you tried our chat?”"
    assert spoken(of_turns(text, speaker=None), segment("t", of_turns(text, speaker=None)), "speaker unknown") == [text]


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("de-AT", "Genau, ja. Ich habe den Vertrag gekündigt, weil die Hotline z.B. nie erreichbar war. Vielen Dank.",
         "Ich habe den Vertrag gekündigt, weil die Hotline z.B. nie erreichbar war."),
        ("fr", "Oui, voilà. La livraison est arrivée trop tard. Merci beaucoup.", "La livraison est arrivée trop tard."),
        ("es", "Sí, claro. La factura llegó con un nombre equivocado. Muchas gracias.", "La factura llegó con un nombre equivocado."),
        ("ja", "アプリはとても使いやすいです。", "アプリはとても使いやすいです。"),
        ("xx", "Zurbali kantor meno dovari.", "Zurbali kantor meno dovari."),
    ],
)  # fmt: skip
def test_other_languages_are_cut_and_their_fillers_known(language, text, quote):
    assert quotes_of(text, language) == [quote]


def test_time_grows_with_the_length_of_the_text():
    def seconds(times: int) -> float:
        canonical = of_turns("[a] ok... so i said (no. " * times)
        start = time.process_time()
        segment("t", canonical)
        return time.process_time() - start

    seconds(200)
    assert seconds(16_000) < 30 * max(seconds(1_600), 0.01)


def test_another_process_with_another_hash_seed_cuts_alike():
    code = (
        "from app.domain.transcript import Utterance, render_canonical\nfrom app.stages.segment import segment\n"
        "said = 'We tried the invoice import twice. It failed. But the invoice went out. Anyway, Bex uses it too. ' * 5\n"
        "print(segment('t', render_canonical([Utterance('Ana', said)])))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert "Quote(" in outputs.pop()


def test_most_quotes_of_the_bundled_interviews_have_a_readable_length():
    files = [path for path in sorted(TRANSCRIPTS.glob("*/*.*")) if path.suffix in {".txt", ".vtt", ".srt", ".md"}]
    assert files
    for path in files:
        canonical = parse(path.read_bytes(), path.name).canonical
        result = segment("t", canonical)
        check_accounts(canonical, result)
        told = {name for name, role in guess_roles(canonical).items() if role is Role.PARTICIPANT}
        lengths = [len(canonical.text[q.start : q.end].split()) for q in result.quotes if q.speaker in told]
        assert sum(15 <= words <= 60 for words in lengths) > 0.75 * len(lengths), path.name
        assert max(lengths) <= 80, path.name
