"""Speech-to-text JSON: one module a vendor; what they share (values, times, words, speech) stands beside them."""

from .assemblyai import ASSEMBLYAI
from .aws import AWS_CALL, AWS_TRANSCRIBE
from .azure import AZURE
from .deepgram import DEEPGRAM
from .fathom import FATHOM
from .fireflies import FIREFLIES
from .generic import GENERIC
from .google import GOOGLE
from .grain import GRAIN
from .interview import AI_INTERVIEW
from .openai_diarized import OPENAI_DIARIZED
from .otter import OTTER
from .podcast import PODCASTING, PODLOVE
from .rev import REV
from .speechmatics import SPEECHMATICS
from .teams import TEAMS_METADATA, TEAMS_STREAM
from .whisper import WHISPER
from .whisper_cpp import WHISPER_CPP
from .whisperx import WHISPERX
from .youtube import YOUTUBE

# a shape that another one could be taken for stands before it; the one that takes all JSON comes last
JSON_READERS = (
    TEAMS_METADATA,
    DEEPGRAM,
    AWS_TRANSCRIBE,
    AWS_CALL,
    AZURE,
    SPEECHMATICS,
    GOOGLE,
    REV,
    ASSEMBLYAI,
    OPENAI_DIARIZED,
    WHISPERX,
    WHISPER_CPP,
    OTTER,
    FIREFLIES,
    GRAIN,
    FATHOM,
    TEAMS_STREAM,
    YOUTUBE,
    PODCASTING,
    PODLOVE,
    AI_INTERVIEW,
    WHISPER,
    GENERIC,
)
