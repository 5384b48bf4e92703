"""The words for codes of closed sets: lanes, channels, feelings, states, languages."""

from app.exports.catalogue import N_, Rows, Wording, _, spoken

LANES = Rows(
    ("steps", N_("Steps"), N_("what several did, as they tell it")),
    ("actions", N_("Actions"), N_("what they do")),
    ("thoughts", N_("Thoughts"), N_("what they think, expect, ask")),
    ("touchpoints", N_("Touchpoints"), N_("where it happens")),
    ("pains", N_("Pains"), N_("what hurts")),
    ("delights", N_("Delights"), N_("what works")),
    ("opportunities", N_("Opportunities"), N_("what it suggests")),
    ("business_actions", N_("What we do"), N_("written by the team")),
)
"""Key, title and gloss of each row of the map, top to bottom."""
LANE_TITLES = Wording({key: title for key, title, _gloss in LANES})

_WORDS = {
    # channels
    "website": N_("Website"),
    "app": N_("In the product"),
    "email": N_("Email"),
    "phone": N_("Phone"),
    "chat": N_("Chat"),
    "social": N_("Social"),
    "search": N_("Search"),
    "ad": N_("Advert"),
    "review": N_("Review"),
    "word_of_mouth": N_("Word of mouth"),
    "in_person": N_("In person"),
    "docs": N_("Help and docs"),
    "billing": N_("Billing"),
    "none": N_("None"),
    # kinds of remark
    "action": N_("Action"),
    "thought": N_("Thought"),
    "need": N_("Need"),
    "other": N_("Other"),
    # feelings and experiences
    "delight": N_("Delight"),
    "satisfaction": N_("Satisfaction"),
    "relief": N_("Relief"),
    "trust": N_("Trust"),
    "excitement": N_("Excitement"),
    "surprise": N_("Surprise"),
    "neutral": N_("Neutral"),
    "confusion": N_("Confusion"),
    "anxiety": N_("Anxiety"),
    "frustration": N_("Frustration"),
    "disappointment": N_("Disappointment"),
    "anger": N_("Anger"),
    "pain": N_("Pain"),
    # who tagged
    "llm": N_("Language model"),
    "offline": N_("Offline tagger"),
    "hybrid": N_("Offline tagger and language model"),
    "hybrid-heads": N_("Offline tagger, fitted on the language model’s answers"),
    "auto": N_("Automatic"),
    "human": N_("Human"),
    # what became of a sentence, and why it is not quoted
    "used": N_("On the map"),
    "unplaced": N_("Not placed"),
    "gap": N_("Not tagged (gap)"),
    "skipped": N_("Skipped"),
    "filler": N_("Filler"),
    "small_talk": N_("Small talk"),
    "crosstalk": N_("Crosstalk"),
    "inaudible": N_("Inaudible"),
    "too_short": N_("Too short"),
    "question": N_("A question, perhaps the interviewer’s"),
    # shapes of files
    "vtt": N_("WebVTT"),
    "srt": N_("SubRip"),
    "inline": N_("Text, names before the words"),
    "header": N_("Text, names above the words"),
    "plain": N_("Text without names"),
    # runs
    "queued": N_("Queued"),
    "running": N_("Running"),
    "partial": N_("Finished with gaps"),
    "succeeded": N_("Finished"),
    "failed": N_("Failed"),
    "cancelled": N_("Cancelled"),
    # opportunities
    "proposed": N_("Proposed"),
    "planned": N_("Planned"),
    "in_progress": N_("In progress"),
    "done": N_("Done"),
    "rejected": N_("Rejected"),
    # people in an interview
    "participant": N_("Participant"),
    "interviewer": N_("Interviewer"),
    "observer": N_("Observer"),
}
_WORDS_IN_TEXT = {
    "website": N_("website"),
    "app": N_("in the product"),
    "email": N_("email"),
    "phone": N_("phone"),
    "chat": N_("chat"),
    "social": N_("social"),
    "search": N_("search"),
    "ad": N_("advert"),
    "review": N_("review"),
    "word_of_mouth": N_("word of mouth"),
    "in_person": N_("in person"),
    "docs": N_("help and docs"),
    "billing": N_("billing"),
    "none": N_("none"),
    "action": N_("action"),
    "thought": N_("thought"),
    "need": N_("need"),
    "other": N_("other"),
    "delight": N_("delight"),
    "satisfaction": N_("satisfaction"),
    "relief": N_("relief"),
    "trust": N_("trust"),
    "excitement": N_("excitement"),
    "surprise": N_("surprise"),
    "neutral": N_("neutral"),
    "confusion": N_("confusion"),
    "anxiety": N_("anxiety"),
    "frustration": N_("frustration"),
    "disappointment": N_("disappointment"),
    "anger": N_("anger"),
    "pain": N_("pain"),
    "filler": N_("filler"),
    "small_talk": N_("small talk"),
    "crosstalk": N_("crosstalk"),
    "inaudible": N_("inaudible"),
    "too_short": N_("too short"),
    "question": N_("a question, perhaps the interviewer’s"),
    "draft": N_("draft"),
    "confirmed": N_("confirmed"),
    "edited": N_("edited"),
    "participant": N_("participant"),
    "interviewer": N_("interviewer"),
    "observer": N_("observer"),
    "unknown": N_("unknown"),
    "stage": N_("stage"),
    "channel": N_("channel"),
    "emotion": N_("emotion"),
    "experience": N_("experience"),
    "kind": N_("kind"),
    "intensity": N_("intensity"),
    "touchpoint": N_("touchpoint"),
}
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


def worded(code: str | None) -> str:
    """A code from a closed set (channel, emotion, state, shape …) in plain words."""
    if not code:
        return ""
    return _(_WORDS.get(code) or code.replace("_", " ").replace("-", " ").capitalize())


def in_text(code: str | None) -> str:
    """A code from a closed set in plain words, as they stand within a sentence: `anger`, `word of mouth`."""
    return _(_WORDS_IN_TEXT.get(code) or code.replace("_", " ")) if code else ""


def language(code: str) -> str:
    """A language by its name where it is a common one, else by its ISO 639-1 code."""
    if code == "und":
        return _("language unknown")
    if spoken().tag == "en":
        return _LANGUAGES.get(code, code)
    return str(spoken().locale.languages.get(code, code))
