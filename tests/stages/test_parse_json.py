"""Speech-to-text JSON: every vendor's shape, and JSON of no known make."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.transcript import UNKNOWN_SPEAKER
from app.errors import NotSpeech, TooLarge, UnreadableFile
from app.stages.parse import parse
from app.stages.parse.speech_json import JSON_READERS


def read(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return parse(text.encode("utf-8", "surrogatepass"), "talk.json")


def turns(value):
    canonical = read(value).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def starts(value):
    """Milliseconds at which each turn begins, None where the file has no time for it."""
    canonical = read(value).canonical
    by_offset = {}
    for mark in canonical.marks:
        by_offset.setdefault(mark.offset, mark.ms)
    return [by_offset.get(t.start) for t in canonical.turns]


def warned(value, words):
    return any(words in warning for warning in read(value).warnings)


def word(text, start, speaker=None, key="word", **more):
    return {key: text, "start": start, "end": start + 0.3, **({} if speaker is None else {"speaker": speaker}), **more}


def aws_item(text, start=None, **more):
    times = {} if start is None else {"start_time": f"{start}", "end_time": f"{start + 0.4:.2f}"}
    kind = "punctuation" if start is None else "pronunciation"
    return {"type": kind, "alternatives": [{"confidence": "0.99", "content": text}], **times, **more}


def speechmatics_item(text, start, speaker, kind="word", **more):
    best = {"content": text, "confidence": 0.9, "language": "en", "speaker": speaker}
    return {"type": kind, "start_time": start, "end_time": start + 0.2, "alternatives": [best], **more}


def google_word(text, start, tag=None):
    return {"startTime": f"{start:.3f}s", "endTime": f"{start + 0.4:.3f}s", "word": text, **({} if tag is None else {"speakerTag": tag})}


def message(role, content):
    return {"role": role, "content": content}


WHISPER = {
    "text": " So the invoice came. I paid it.",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " So the invoice came.", "tokens": [50364], "avg_logprob": -0.2},
        {"id": 1, "seek": 0, "start": 2.5, "end": 4.0, "text": " I paid it.", "tokens": [50464], "avg_logprob": -0.3},
    ],
    "language": "en",
}
WHISPERX = {
    "segments": [
        {"start": 0.0, "end": 1.0, "text": " Ready? Yes, go on.", "words": [
            word("Ready?", 0.0, "SPEAKER_01"), word("Yes,", 0.4, "SPEAKER_00"), {"word": "go"}, word("on.", 0.8, "SPEAKER_00")]},
        {"start": 1.2, "end": 2.0, "text": " Fine.", "speaker": "SPEAKER_01", "words": [word("Fine.", 1.2, "SPEAKER_01")]},
    ],
    "word_segments": [],
    "language": "en",
}  # fmt: skip
WHISPER_CPP = {
    "systeminfo": "AVX = 1",
    "model": {"type": "base"},
    "params": {"language": "en"},
    "result": {"language": "en"},
    "transcription": [
        {
            "timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"},
            "offsets": {"from": 0, "to": 2000},
            "text": " Hi there.",
            "speaker": "0",
        },
        {
            "timestamps": {"from": "00:00:02,000", "to": "00:00:03,000"},
            "offsets": {"from": 2000, "to": 3000},
            "text": " Hello.",
            "speaker": "1",
        },
        {
            "timestamps": {"from": "00:00:03,000", "to": "00:00:04,000"},
            "offsets": {"from": 3000, "to": 4000},
            "text": " Mm.",
            "speaker": "?",
        },
    ],
}
OPENAI_DIARIZED = {
    "task": "transcribe",
    "duration": 6.1,
    "text": "How did it go? Badly.",
    "segments": [
        {"type": "transcript.text.segment", "id": "seg_1", "start": 0.0, "end": 1.5, "text": "How did it go?", "speaker": "A"},
        {"type": "transcript.text.segment", "id": "seg_2", "start": 1.9, "end": 6.1, "text": "Badly.", "speaker": "maria"},
    ],
    "usage": {"type": "duration", "seconds": 7},
}
ASSEMBLYAI = {
    "id": "5551722",
    "language_code": "en_us",
    "audio_url": "https://example.org/a.mp3",
    "status": "completed",
    "text": "Did it help? It did.",
    "words": [
        {"text": "Did", "start": 250, "end": 400, "confidence": 0.97, "speaker": "A"},
        {"text": "it", "start": 410, "end": 500, "confidence": 0.97, "speaker": "A"},
        {"text": "help?", "start": 510, "end": 900, "confidence": 0.97, "speaker": "A"},
        {"text": "It", "start": 1250, "end": 1400, "confidence": 0.97, "speaker": "B"},
        {"text": "did.", "start": 1410, "end": 1800, "confidence": 0.97, "speaker": "B"},
    ],
    "utterances": [
        {"confidence": 0.9, "start": 250, "end": 900, "text": "Did it help?", "speaker": "A", "words": []},
        {"confidence": 0.9, "start": 1250, "end": 1800, "text": "It did.", "speaker": "B", "words": []},
    ],
    "audio_duration": 2,
}
DEEPGRAM = {
    "metadata": {"request_id": "r", "created": "2024-03-05T10:00:00Z", "duration": 4.2, "channels": 1},
    "results": {
        "channels": [{"alternatives": [{"transcript": "where did you book on the site", "confidence": 0.9, "words": [
            word("where", 0.5, 0, punctuated_word="Where"), word("did", 0.9, 0, punctuated_word="did"),
            word("you", 1.2, 0, punctuated_word="you"), word("book", 1.5, 0, punctuated_word="book?"),
            word("on", 2.5, 1, punctuated_word="On"), word("the", 2.8, 1, punctuated_word="the"),
            word("site", 3.1, 1, punctuated_word="site.")]}]}],
    },
}  # fmt: skip
AWS = {
    "jobName": "interview-7",
    "accountId": "1",
    "status": "COMPLETED",
    "results": {
        "transcripts": [{"transcript": "Why? It broke."}],
        "speaker_labels": {"speakers": 2, "segments": [
            {"start_time": "0.5", "end_time": "0.9", "speaker_label": "spk_0", "items": [
                {"start_time": "0.5", "end_time": "0.9", "speaker_label": "spk_0"}]},
            {"start_time": "1.2", "end_time": "2.1", "speaker_label": "spk_1", "items": [
                {"start_time": "1.2", "end_time": "1.6", "speaker_label": "spk_1"},
                {"start_time": "1.7", "end_time": "2.1", "speaker_label": "spk_1"}]}]},
        "items": [aws_item("Why", 0.5), aws_item("?"), aws_item("It", 1.2), aws_item("broke", 1.7), aws_item(".")],
    },
}  # fmt: skip
AWS_CALL = {
    "JobStatus": "COMPLETED",
    "LanguageCode": "en-US",
    "JobName": "call-3",
    "Channel": "VOICE",
    "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
    "Transcript": [
        {
            "Id": "a",
            "BeginOffsetMillis": 220,
            "EndOffsetMillis": 1900,
            "ParticipantRole": "AGENT",
            "Content": "How can I help?",
            "Items": [],
        },
        {
            "Id": "b",
            "BeginOffsetMillis": 2100,
            "EndOffsetMillis": 3900,
            "ParticipantRole": "CUSTOMER",
            "Content": "My card was charged twice.",
        },
    ],
}
GOOGLE = {
    "results": [
        {"alternatives": [{"transcript": "how was it", "confidence": 0.9, "words": [
            google_word("how", 0.1), google_word("was", 0.5), google_word("it", 0.9)]}], "languageCode": "en-us"},
        {"alternatives": [{"transcript": " quite slow", "words": [google_word("quite", 1.6), google_word("slow", 2.0)]}]},
        {"alternatives": [{"words": [
            google_word("how", 0.1, 2), google_word("was", 0.5, 2), google_word("it", 0.9, 2),
            google_word("quite", 1.6, 1), google_word("slow", 2.0, 1)]}]},
    ]
}  # fmt: skip
GOOGLE_V2 = {
    "results": [
        {"alternatives": [{"transcript": "hello hi", "confidence": 0.9, "words": [
            {"startOffset": "0.200s", "endOffset": "0.500s", "word": "hello", "speakerLabel": "1"},
            {"startOffset": "0.900s", "endOffset": "1.200s", "word": "hi", "speakerLabel": "2"}]}],
         "resultEndOffset": "1.300s", "languageCode": "en-US"}],
    "metadata": {"totalBilledDuration": "2s"},
}  # fmt: skip
AZURE = {
    "source": "https://example.org/a.wav",
    "timestamp": "2024-02-03T09:00:00Z",
    "durationInTicks": 50000000,
    "combinedRecognizedPhrases": [{"channel": 0, "display": "What happened? It froze."}],
    "recognizedPhrases": [
        {"recognitionStatus": "Success", "channel": 0, "speaker": 1, "offset": "PT1.5S", "duration": "PT0.9S", "offsetInTicks": 15000000.0,
         "durationInTicks": 9000000.0, "locale": "en-US", "nBest": [
             {"confidence": 0.9, "lexical": "what happened", "display": "What happened?"},
             {"confidence": 0.4, "display": "What happens?"}]},
        {"recognitionStatus": "Success", "channel": 0, "speaker": 2, "offset": "PT3S", "duration": "PT1.1S",
         "nBest": [{"confidence": 0.9, "lexical": "it froze", "display": "It froze."}]},
    ],
}  # fmt: skip
AZURE_FAST = {
    "durationMilliseconds": 4000,
    "combinedPhrases": [{"text": "Good morning. Morning."}],
    "phrases": [
        {
            "speaker": 1,
            "offsetMilliseconds": 80,
            "durationMilliseconds": 900,
            "text": "Good morning.",
            "locale": "en-US",
            "confidence": 0.9,
        },
        {"speaker": 2, "offsetMilliseconds": 1200, "durationMilliseconds": 700, "text": "Morning.", "locale": "en-US", "confidence": 0.9},
    ],
}
SPEECHMATICS_V1 = {
    "job": {"lang": "en", "name": "talk.mp4", "duration": 5},
    "speakers": [{"duration": "1.00", "name": "M1", "time": "0.50"}, {"duration": "1.00", "name": "F1", "time": "2.00"}],
    "words": [
        {"duration": "0.30", "confidence": "1.000", "name": "Sit", "time": "0.50"},
        {"duration": "0.30", "confidence": "1.000", "name": "down", "time": "0.90"},
        {"duration": "0.10", "confidence": "0.9", "name": ".", "time": "1.60"},
        {"duration": "0.30", "confidence": "1.000", "name": "Thanks", "time": "2.00"},
    ],
    "format": "1.0",
}
SPEECHMATICS = {
    "format": "2.9",
    "job": {"id": "x", "data_name": "talk.wav", "created_at": "2024-01-01T00:00:00Z"},
    "metadata": {"type": "transcription", "transcription_config": {"language": "en", "diarization": "speaker"}},
    "results": [
        speechmatics_item("Well", 0.1, "S1"),
        speechmatics_item(",", 0.3, "S1", "punctuation", attaches_to="previous"),
        speechmatics_item("yes", 0.5, "S1"),
        speechmatics_item(".", 0.7, "S1", "punctuation", attaches_to="previous", is_eos=True),
        speechmatics_item("Good", 1.1, "S2"),
        speechmatics_item("Mm", 1.9, "UU"),
    ],
}
REV = {
    "monologues": [
        {"speaker": 0, "elements": [
            {"type": "text", "value": "So", "ts": 0.5, "end_ts": 0.8, "confidence": 1.0}, {"type": "punct", "value": ", "},
            {"type": "text", "value": "why", "ts": 0.9, "end_ts": 1.2, "confidence": 1.0}, {"type": "punct", "value": "?"}]},
        {"speaker": 1, "elements": [
            {"type": "text", "value": "Because", "ts": 1.5, "end_ts": 1.8}, {"type": "punct", "value": " "},
            {"type": "unknown", "value": "<inaudible>"}, {"type": "punct", "value": "."}]},
    ]
}  # fmt: skip
OTTER = {
    "title": "Call with Mara",
    "created_at": 1705320000,
    "speech_segments": [
        {"speaker_id": 0, "speaker_name": "Mara", "start_ts": 0.0, "end_ts": 2.0, "transcript": "Shall we?"},
        {"speaker_id": 1, "speaker_name": "Ivo", "start_ts": 2.5, "end_ts": 4.0, "transcript": "Let us."},
    ],
}
OTTER_APP = {
    "speech": {
        "title": "Call",
        "speakers": [{"id": 11, "speaker_name": "Mara"}],
        "transcripts": [
            {"transcript": "Shall we?", "start_offset": 16000, "end_offset": 48000, "speaker_id": 11, "alignment": []},
            {"transcript": "Let us.", "start_offset": 64000, "end_offset": 80000, "speaker_id": None, "speaker_model_label": "2"},
        ],
    }
}
FIREFLIES = {
    "data": {
        "transcript": {
            "id": "t1",
            "title": "Onboarding talk",
            "date": 1705320000000,
            "speakers": [{"id": 0, "name": "Lena"}, {"id": 1, "name": "Omar"}],
            "sentences": [
                {
                    "index": 0,
                    "speaker_name": "Lena",
                    "speaker_id": 0,
                    "text": "Ready?",
                    "raw_text": "ready",
                    "start_time": 0.4,
                    "end_time": 1,
                },
                {"index": 1, "speaker_name": None, "speaker_id": 1, "text": "Sure.", "raw_text": "sure", "start_time": 1.4, "end_time": 2},
            ],
        }
    }
}
GRAIN = [
    {"start": 0, "end": 2100, "text": "Can you see it?", "speaker": "Noa", "participant_id": "p-1"},
    {"start": 2300, "end": 4000, "text": "I can.", "speaker": "Tom", "participant_id": "p-2"},
]
FATHOM = {
    "title": "Pilot review",
    "created_at": "2025-01-05T10:00:00Z",
    "transcript": [
        {
            "speaker": {"display_name": "Ana", "matched_calendar_invitee_email": "a@example.org"},
            "text": "Shall I share?",
            "timestamp": "00:00:04",
        },
        {"speaker": {"display_name": "Leo", "matched_calendar_invitee_email": None}, "text": "Please.", "timestamp": "00:01:07"},
    ],
    "default_summary": None,
}
PODCASTING = {
    "version": "1.0.0",
    "segments": [
        {"speaker": "Host", "startTime": 0.5, "endTime": 0.9, "body": "Welcome"},
        {"speaker": "Host", "startTime": 1.0, "endTime": 1.2, "body": "back"},
        {"speaker": "Host", "startTime": 1.2, "endTime": 1.2, "body": "."},
        {"speaker": "Guest", "startTime": 2.0, "endTime": 2.4, "body": "Thanks"},
    ],
}
PODLOVE = {
    "transcripts": [
        {"start": "00:00:00.005", "start_ms": 5, "end": "00:00:02.000", "end_ms": 2000, "speaker": "1", "voice": "Eric", "text": "Hallo."},
        {"start": "00:00:02.100", "start_ms": 2100, "end": "00:00:03.000", "end_ms": 3000, "speaker": "2", "voice": "", "text": "Moin."},
    ],
    "contributors": [{"id": "2", "name": "Uta"}],
}
TEAMS_STREAM = {
    "$schema": "http://stream.office.com/schemas/transcript.json",
    "version": "1.0.0",
    "type": "Transcript",
    "entries": [
        {"id": "1/1", "text": "Hi all.", "speakerId": "u1", "speakerDisplayName": "Kim", "startOffset": "00:00:03.5900000",
         "endOffset": "00:00:04.1500000", "confidence": 0.9},
        {"id": "1/2", "text": "Hello.", "speakerId": "u2", "speakerDisplayName": "Jo", "startOffset": "00:00:05", "endOffset": "00:00:06"},
    ],
    "events": [],
}  # fmt: skip
TEAMS_METADATA = (
    "WEBVTT\n\n00:00:16.246 --> 00:00:17.726\n"
    '{"startDateTime":"2023-04-10T08:27:25.23Z","speakerName":"Kim","spokenText":"This is a test.","spokenLanguage":"en-us"}\n\n'
    '00:00:19.000 --> 00:00:20.000\n{"speakerName":"Jo","spokenText":"Works.","spokenLanguage":"en-us"}\n'
)
YOUTUBE = {
    "wireMagic": "pb3",
    "pens": [{}],
    "events": [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
        {"tStartMs": 500, "dDurationMs": 2000, "segs": [{"utf8": "so"}, {"utf8": " today", "tOffsetMs": 300}]},
        {"tStartMs": 2500, "dDurationMs": 500, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 3000, "dDurationMs": 2000, "segs": [{"utf8": "we bake"}]},
    ],
}
AI_INTERVIEW = {
    "messages": [
        message("system", "You are a kind interviewer."),
        message("assistant", "What brought you here?"),
        message("user", [{"type": "text", "text": "My old bank closed."}]),
    ]
}
GENERIC = {
    "meta": {"title": "Talk 4", "language": "de"},
    "turns": [
        {"who": "Jana", "begin_ms": 1000, "end_ms": 2000, "statement": "Wie war es?"},
        {"who": "Karl", "begin_ms": 2500, "end_ms": 4000, "statement": "Es ging."},
    ],
}
NOBODY = UNKNOWN_SPEAKER
SHAPES = {
    "whisper-json": (WHISPER, [(NOBODY, "So the invoice came. I paid it.")], [0]),
    "whisperx-json": (WHISPERX, [("SPEAKER_01", "Ready?"), ("SPEAKER_00", "Yes, go on."), ("SPEAKER_01", "Fine.")], [0, 400, 1200]),
    "whisper-cpp-json": (WHISPER_CPP, [("Speaker 0", "Hi there."), ("Speaker 1", "Hello."), (NOBODY, "Mm.")], [0, 2000, 3000]),
    "openai-diarized-json": (OPENAI_DIARIZED, [("Speaker A", "How did it go?"), ("maria", "Badly.")], [0, 1900]),
    "assemblyai-json": (ASSEMBLYAI, [("Speaker A", "Did it help?"), ("Speaker B", "It did.")], [250, 1250]),
    "deepgram-json": (DEEPGRAM, [("Speaker 0", "Where did you book?"), ("Speaker 1", "On the site.")], [500, 2500]),
    "aws-transcribe-json": (AWS, [("spk_0", "Why?"), ("spk_1", "It broke.")], [500, 1200]),
    "aws-call-analytics-json": (AWS_CALL, [("AGENT", "How can I help?"), ("CUSTOMER", "My card was charged twice.")], [220, 2100]),
    "google-json": (GOOGLE, [("Speaker 2", "how was it"), ("Speaker 1", "quite slow")], [100, 1600]),
    "azure-json": (AZURE, [("Speaker 1", "What happened?"), ("Speaker 2", "It froze.")], [1500, 3000]),
    "speechmatics-json": (SPEECHMATICS, [("S1", "Well, yes."), ("S2", "Good"), (NOBODY, "Mm")], [100, 1100, 1900]),
    "rev-json": (REV, [("Speaker 0", "So, why?"), ("Speaker 1", "Because <inaudible>.")], [500, 1500]),
    "otter-json": (OTTER, [("Mara", "Shall we?"), ("Ivo", "Let us.")], [0, 2500]),
    "fireflies-json": (FIREFLIES, [("Lena", "Ready?"), ("Omar", "Sure.")], [400, 1400]),
    "grain-json": (GRAIN, [("Noa", "Can you see it?"), ("Tom", "I can.")], [0, 2300]),
    "fathom-json": (FATHOM, [("Ana", "Shall I share?"), ("Leo", "Please.")], [4000, 67000]),
    "podcasting-json": (PODCASTING, [("Host", "Welcome back."), ("Guest", "Thanks")], [500, 2000]),
    "podlove-json": (PODLOVE, [("Eric", "Hallo."), ("Uta", "Moin.")], [5, 2100]),
    "teams-json": (TEAMS_STREAM, [("Kim", "Hi all."), ("Jo", "Hello.")], [3590, 5000]),
    "teams-metadata": (TEAMS_METADATA, [("Kim", "This is a test."), ("Jo", "Works.")], [16246, 19000]),
    "youtube-json3": (YOUTUBE, [(NOBODY, "so today we bake")], [500]),
    "ai-interview-json": (AI_INTERVIEW, [("AI interviewer", "What brought you here?"), ("User", "My old bank closed.")], [None, None]),
    "generic-json": (GENERIC, [("Jana", "Wie war es?"), ("Karl", "Es ging.")], [1000, 2500]),
}
KNOWN = pytest.mark.parametrize("shape", SHAPES)


def test_every_reader_of_json_is_tried_here():
    assert set(SHAPES) == {reader.shape for reader in JSON_READERS}


@KNOWN
def test_a_shape_is_told_by_its_structure_and_read_with_its_speakers_and_times(shape):
    value, said, begun = SHAPES[shape]
    assert read(value).shape == shape
    assert turns(value) == said
    assert starts(value) == begun


@KNOWN
def test_no_shape_is_taken_for_another_when_its_keys_stand_in_another_order(shape):
    value = SHAPES[shape][0]
    if not isinstance(value, str):
        assert read(json.dumps(value, sort_keys=True, indent=2)).shape == shape


@pytest.mark.parametrize(
    ("value", "shape", "said"),
    [
        (GOOGLE_V2, "google-json", [("Speaker 1", "hello"), ("Speaker 2", "hi")]),
        ({"name": "1", "done": True, "response": {"@type": "x", **GOOGLE}}, "google-json", SHAPES["google-json"][1]),
        (AZURE_FAST, "azure-json", [("Speaker 1", "Good morning."), ("Speaker 2", "Morning.")]),
        (SPEECHMATICS_V1, "speechmatics-json", [("M1", "Sit down."), ("F1", "Thanks")]),
        (OTTER_APP, "otter-json", [("Mara", "Shall we?"), ("Speaker 2", "Let us.")]),
        (FATHOM["transcript"], "fathom-json", SHAPES["fathom-json"][1]),
        (PODLOVE["transcripts"][:1], "podlove-json", [("Eric", "Hallo.")]),
        (
            {"meeting": {"title": "t", "sentences": FIREFLIES["data"]["transcript"]["sentences"][:1]}},
            "fireflies-json",
            [("Lena", "Ready?")],
        ),
        ([{"sentence": "Hi.", "startTime": "00:01", "endTime": "00:02", "speaker_name": "Lena"}], "fireflies-json", [("Lena", "Hi.")]),
        (WHISPER["segments"], "whisper-json", SHAPES["whisper-json"][1]),
        ([[1, 0, 0.0, 2.0, " Hi there.", [1, 2], 0.0]], "whisper-json", [(NOBODY, "Hi there.")]),
        ({"text": "All in one go.", "usage": {"type": "tokens"}}, "whisper-json", [(NOBODY, "All in one go.")]),
        ({"text": "", "words": [word("So", 0.1), word("it", 0.5)], "language": "english"}, "whisper-json", [(NOBODY, "So it")]),
    ],
)
def test_other_forms_of_a_vendor_are_read_too(value, shape, said):
    assert read(value).shape == shape
    assert turns(value) == said


def test_what_a_file_says_of_the_talk_is_kept_as_facts():
    assert read(WHISPER).about == {"language": "en"}
    assert read(DEEPGRAM).about == {"date": "2024-03-05T10:00:00Z"}
    assert read(AWS).about == {"title": "interview-7"}
    assert read(OTTER).about == {"title": "Call with Mara", "date": "2024-01-15"}
    assert read(FIREFLIES).about == {"title": "Onboarding talk", "date": "2024-01-15"}
    assert read(GENERIC).about == {"title": "Talk 4", "language": "de"}


def test_speech_without_speakers_is_read_as_one_and_it_is_said():
    assert warned(WHISPER, "no speaker names were found")


def test_a_word_without_a_speaker_goes_on_with_the_one_before_and_it_is_said():
    words = [word("Yes", 0, 0), word("I", 1), word("did", 2, 0), word("Good", 3, 1)]
    value = {"metadata": {}, "results": {"channels": [{"alternatives": [{"transcript": "", "words": words}]}]}}
    assert turns(value) == [("Speaker 0", "Yes I did"), ("Speaker 1", "Good")]
    assert warned(value, "1 word without a speaker was given to the speaker before")


def test_deepgram_channels_are_speakers_in_the_order_of_time():
    def channel(*words):
        return {"alternatives": [{"transcript": "x", "words": list(words)}]}

    value = {"results": {"channels": [channel(word("Hi?", 0), word("Where?", 5)), channel(word("Hello.", 2), word("Here.", 7))]}}
    assert turns(value) == [("Channel 0", "Hi?"), ("Channel 1", "Hello."), ("Channel 0", "Where?"), ("Channel 1", "Here.")]


def test_deepgram_is_read_by_paragraph_or_utterance_where_there_are_no_words():
    sentences = [{"text": "One.", "start": 0.5, "end": 1}, {"text": "Two.", "start": 1, "end": 2}]
    best = {"transcript": "One. Two.", "paragraphs": {"paragraphs": [{"speaker": 1, "sentences": sentences}]}}
    assert turns({"results": {"channels": [{"alternatives": [best]}]}}) == [("Speaker 1", "One. Two.")]
    heard = [{"start": 1, "end": 2, "transcript": "Hi.", "speaker": 0}]
    assert turns({"results": {"channels": [{"alternatives": []}], "utterances": heard}}) == [("Speaker 0", "Hi.")]


def test_aws_speakers_are_read_from_items_in_newer_files_and_from_channels():
    newer = {
        "results": {
            "transcripts": [],
            "items": [aws_item("No", 1, speaker_label="spk_1"), aws_item("."), aws_item("So", 2, speaker_label="spk_0")],
        }
    }
    assert turns(newer) == [("spk_1", "No."), ("spk_0", "So")]
    channels = [
        {"channel_label": "ch_0", "items": [aws_item("Hi", 0), aws_item(".")]},
        {"channel_label": "ch_1", "items": [aws_item("Ho", 2)]},
    ]
    assert turns(
        {"results": {"transcripts": [{"transcript": "x"}], "items": [aws_item("Hi", 0)], "channel_labels": {"channels": channels}}}
    ) == [
        ("ch_0", "Hi."),
        ("ch_1", "Ho"),
    ]


def test_aws_is_read_by_audio_segment_where_there_are_no_items():
    segments = [{"id": 0, "transcript": "Hm.", "start_time": "0.5", "end_time": "1", "speaker_label": "spk_0", "items": [0]}]
    assert turns({"results": {"transcripts": [{"transcript": "Hm."}], "audio_segments": segments}}) == [("spk_0", "Hm.")]


def test_a_contact_centre_chat_is_no_speech():
    with pytest.raises(NotSpeech, match="chat"):
        read({**AWS_CALL, "Channel": "CHAT"})


def test_google_results_that_the_last_one_does_not_repeat_are_all_read():
    results = [GOOGLE["results"][0], {"alternatives": [{"words": [google_word("other", 9, 1)]}]}]
    assert turns({"results": results})[-1] == ("Speaker 1", "other")
    assert "how was it" in read({"results": results}).canonical.text
    bare = {"results": [{"alternatives": [{"transcript": "only text"}], "resultEndTime": "3.5s"}]}
    assert turns(bare) == [(NOBODY, "only text")]
    assert read(bare).canonical.duration_ms == 3500


def test_google_times_may_be_seconds_with_nanos_and_a_tag_of_nought_is_nobody():
    words = [{"word": "hi", "start_time": {"seconds": "2", "nanos": 500000000}, "end_time": {"seconds": "3"}, "speaker_tag": 0}]
    value = {"results": [{"alternatives": [{"transcript": "hi", "words": words}]}]}
    assert turns(value) == [(NOBODY, "hi")]
    assert starts(value) == [2500]


def test_azure_channels_are_speakers_in_the_order_of_time():
    def phrase(channel, offset, text):
        return {"recognitionStatus": "Success", "channel": channel, "offset": offset, "nBest": [{"display": text}]}

    value = {"recognizedPhrases": [phrase(0, "PT1S", "A?"), phrase(0, "PT9S", "C?"), phrase(1, "PT5S", "B.")]}
    assert turns(value) == [("Channel 0", "A?"), ("Channel 1", "B."), ("Channel 0", "C?")]


def test_rev_names_and_words_that_touch_are_read():
    elements = [{"type": "text", "value": "Hello"}, {"type": "text", "value": "there."}, {"type": "tag", "name": "laugh"}]
    value = {"speakers": [{"id": 3, "name": "Ms Hall"}], "monologues": [{"speaker": 3, "elements": elements}]}
    assert turns(value) == [("Ms Hall", "Hello there. [laugh]")]


def test_words_of_scripts_without_blanks_are_joined_without_blanks():
    items = [aws_item(text, at, speaker_label="spk_0") for at, text in enumerate(["今日", "は", "いい", "天気", "です"])]
    assert turns({"results": {"transcripts": [], "items": [*items, aws_item("。")]}}) == [("spk_0", "今日はいい天気です。")]


def test_tokens_that_carry_their_own_blanks_are_joined_as_they_are():
    tokens = [
        {"text": text, "start_ms": at * 100, "end_ms": at * 100 + 90, "speaker": "1"}
        for at, text in enumerate([" Fan", "tas", "tic", ",", " yes", "."])
    ]
    assert turns({"tokens": tokens}) == [("Speaker 1", "Fantastic, yes.")]


def test_several_conversations_have_a_participant_each():
    talks = [{"id": "p-7", **AI_INTERVIEW}, {"messages": AI_INTERVIEW["messages"][1:]}]
    for value in (talks, "\n".join(map(json.dumps, talks))):
        assert turns(value) == [
            ("AI interviewer", "What brought you here?"),
            ("p-7", "My old bank closed."),
            ("AI interviewer", "What brought you here?"),
            ("Interview 2", "My old bank closed."),
        ]
        assert warned(value, "2 interviews")


def test_messages_of_the_system_are_left_out_and_named():
    assert warned(AI_INTERVIEW, "1 message of the system or of tools was left out (no. 1)")


def test_json_lines_are_read_and_damaged_lines_are_named():
    lines = ['{"speaker": "Ann", "text": "Did it work?"}', '{"speaker": "Bo", "text": "No."}', '{"speaker": "Ann", "text": "Wh', ""]
    lines.insert(2, '{"speaker": "Bo", "text": "Never."}')
    assert turns("\n".join(lines)) == [("Ann", "Did it work?"), ("Bo", "No. Never.")]
    assert warned("\n".join(lines), "1 line of damaged JSON was left out (line 4)")


@pytest.mark.parametrize(
    ("pieces", "begun", "says"),
    [
        ([{"speaker": "A", "start": 1, "text": "one two"}, {"speaker": "B", "start": 3, "text": "three"}], [1000, 3000], "read as seconds"),
        (
            [{"speaker": "A", "start": 100, "text": "one two"}, {"speaker": "B", "start": 900, "text": "three"}],
            [100, 900],
            "as milliseconds",
        ),
        ([{"speaker": "A", "start": 1.0, "text": "one"}, {"speaker": "B", "start": 2.5, "text": "two"}], [1000, 2500], None),
        (
            [{"speaker": "A", "timestamp": "00:01", "text": "one"}, {"speaker": "B", "timestamp": "1:02:03", "text": "two"}],
            [1000, 3723000],
            None,
        ),
        ([{"speaker": "A", "startSeconds": 2, "text": "one"}, {"speaker": "B", "startSeconds": 4, "text": "two"}], [2000, 4000], None),
        ([{"speaker": "A", "start_ms": "2", "text": "one"}, {"speaker": "B", "start_ms": "4", "text": "two"}], [2, 4], None),
        (
            [
                {"speaker": "A", "timestamp": "2024-05-01T10:00:00Z", "text": "one"},
                {"speaker": "B", "timestamp": "2024-05-01T10:00:30Z", "text": "two"},
            ],
            [0, 30000],
            "times are dates",
        ),
        (
            [{"speaker": "A", "timestamp": 1714557600000, "text": "one"}, {"speaker": "B", "timestamp": 1714557601000, "text": "two"}],
            [0, 1000],
            "times are dates",
        ),
    ],
)
def test_the_unit_of_a_time_is_told_by_its_key_or_its_magnitude_and_a_guess_is_said(pieces, begun, says):
    value = {"utterances": pieces}
    assert starts(value) == begun
    assert warned(value, says) if says else not warned(value, "times")


@pytest.mark.parametrize(
    "value",
    [
        [{"name": "Ann", "message": "I never got the mail."}, {"name": "Bo", "message": "Which one do you mean?"}],
        {"data": {"call": {"sentences": [{"participant": "Ann", "content": "Hi."}]}}},
        {"result": {"transcription": {"utterances": [{"speaker": 0, "text": "Hi.", "words": [{"word": "Hi."}]}]}}},
        [{"participant": {"name": "Ann"}, "words": [{"text": "Hi", "start_timestamp": {"relative": 1}}, {"text": "there."}]}],
        {"callTranscripts": [{"transcript": [{"speakerId": "7", "sentences": [{"start": 1, "text": "Hi."}]}]}]},
        {"transcript": {"speaker_blocks": [{"start_time": 12, "speaker": {"name": "Ann"}, "words": "Hi there."}]}},
    ],
)
def test_a_list_of_speech_is_found_wherever_it_stands(value):
    assert read(value).shape == "generic-json"
    assert read(value).canonical.named


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        [1, 2, 3],
        {"name": "throughline", "version": "1.0.0", "scripts": {"test": "pytest"}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"coordinates": [1, 2]}}]},
        [{"id": 1, "score": 4}, {"id": 2, "score": 5}],
        {"headers": [{"name": "accept", "value": "text"}, {"name": "host", "value": "example"}]},
        {"timeline": [{"ts": "00:00:01.100", "users": [{"username": "Ann"}]}]},
    ],
)
def test_json_without_speech_is_refused_with_what_would_be_read(value):
    with pytest.raises(NotSpeech, match=r"talk\.json: this is JSON in which no list of speech was found.*Export the transcript"):
        read(value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([{"type": "message", "user": "U1", "ts": "1700000000.1", "text": "hey all"}] * 3, "chat export"),
        ('{"level":"info","message":"server has started","timestamp":"2024-01-01T10:00:00Z"}\n' * 3, "log file"),
    ],
)
def test_chat_and_logs_are_refused_though_they_have_the_keys(value, says):
    with pytest.raises(NotSpeech, match=says):
        read(value)


@pytest.mark.parametrize(
    "value",
    [
        {"text": "", "segments": [], "language": "en"},
        {"metadata": {}, "results": {"channels": [{"alternatives": [{"transcript": "", "words": []}]}]}},
        {"results": {"transcripts": [{"transcript": ""}], "items": []}},
        {"monologues": []},
        {"id": "x", "audio_url": "u", "language_code": "en", "text": "", "words": [], "utterances": []},
        {"recognizedPhrases": [], "combinedRecognizedPhrases": []},
        {"Transcript": [{"ParticipantRole": "AGENT", "Content": ""}]},
    ],
)
def test_a_known_frame_without_words_is_no_speech(value):
    with pytest.raises(NotSpeech):
        read(value)


def test_segments_that_cannot_be_read_are_named_and_the_rest_is_kept():
    segments = [
        {"speaker": "Ann", "start": "soon", "end": -4, "text": "One."},
        None,
        7,
        "Two.",
        {"speaker": "Ann", "text": None},
        {"speaker": ["?"], "text": {"deep": {"er": 1}}},
        {"speaker": "Ann", "start": float("nan"), "end": float("inf"), "text": ["Three", "four."]},
        {"speaker": "Ann", "start": 10**30, "text": 5},
    ]
    value = {"segments": segments}
    assert turns(value) == [("Ann", "One."), (NOBODY, "Two."), ("Ann", "Three four. 5")]
    assert warned(value, "2 segments without readable words were left out (no. 3, 6)")
    assert warned(value, "3 segments with an unreadable time (no. 1, 7, 8): kept without")
    assert warned(value, "1 piece of speech of which the file names no speaker was kept as “speaker unknown”")


def test_json_of_more_values_than_a_talk_can_have_is_too_large():
    with pytest.raises(TooLarge, match="split it into one file an interview"):
        read("[" + "[]," * 1_600_000 + "[]]")
    with pytest.raises(TooLarge, match="characters of speech"):
        read([{"speaker": "Ann", "text": "so it went on " * 100}] * 3000)


def places_of(value, path=()):
    yield path
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places_of(child, (*path, key))


def with_odd(value, path, odd):
    if not path:
        return odd
    if isinstance(value, dict):
        return {key: with_odd(child, path[1:], odd) if key == path[0] else child for key, child in value.items()}
    return [with_odd(child, path[1:], odd) if at == path[0] else child for at, child in enumerate(value)]


ODD = st.sampled_from([
    None, True, -1, 0, 1e308, 10**400, float("nan"), float("-inf"), "", " ", "x", "9" * 50, "-1.5", "00:99", "PT", "\ud800", "\u0000", [],
    {},
    [None], [[]], [{}], ["x"], [1, "a", {}], {"a": 1}, {"text": "x"}, {"seconds": "x"}, {"name": []}, [{"text": []}], [{"words": {}}],
])  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_whatever_stands_where_something_was_expected_nothing_but_the_error_tree_is_raised(data):
    value = data.draw(
        st.sampled_from([v for v, _, _ in SHAPES.values() if not isinstance(v, str)] + [GOOGLE_V2, AZURE_FAST, SPEECHMATICS_V1, OTTER_APP])
    )
    for _ in range(data.draw(st.integers(1, 3))):
        value = with_odd(value, data.draw(st.sampled_from(list(places_of(value)))), data.draw(ODD))
    try:
        parsed = parse(json.dumps(value).encode(), "talk.json")
    except UnreadableFile:
        return
    assert parsed.canonical.text
    assert all(isinstance(fact, str) for fact in parsed.about.values())
