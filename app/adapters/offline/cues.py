"""Cues in the wording: how strongly, what kind of remark, which touchpoint. Word tables and nothing learned; English only."""

import re

from app.domain.tags import Channel, Kind

CHANNEL_WORDS: dict[Channel, str] = {
    Channel.WEBSITE: r"web ?sites?|web ?pages?|home ?page|page|site|online|basket|browser|tabs?|log(?:ged)? ?in|drop-?down|checkout",
    Channel.APP: r"apps?|screens?|dashboard|notifications?|pinged|pings|tapp?(?:ed)?|swip(?:e|ed)|settings?|buttons?|software|thermostat",
    Channel.EMAIL: r"e-?mail(?:s|ed)?|inbox|spam|newsletters?|subject line|mailing",
    Channel.PHONE: r"phone ?(?:call|line)s?|phoned|rang|rung|ring|call(?:ed)?|hold|voicemail|call centre|on the phone|on the line|press(?:ed)? (?:one|two|three)",
    Channel.CHAT: r"chat ?bots?|chats?|bot|robot|whats ?app|typing|live chat|messag(?:e|ed|ing)",
    Channel.SOCIAL: r"instagram|facebook|tik ?tok|twitter|linkedin|reddit|insta|influencer|posts?|posted|comments|followers",
    Channel.SEARCH: r"googl(?:e|ed|ing)|search(?:ed|ing|es)?|looked (?:it|them|him) up|results|typed in|page two",
    Channel.AD: r"ads?|adverts?|advertis\w+|billboards?|posters?|banners?|jingle|leaflet through|commercials?|radio|sponsored",
    Channel.REVIEW: r"reviews?|stars?|trust ?pilot|ratings?|rated|tripadvisor",
    Channel.WORD_OF_MOUTH: (
        r"recommend(?:ed|s|ing)?|told (?:me|him|her|them|my|all|everyone)|my (?:sister|brother|mum|dad|mate|friend|neighbour|colleague|cousin|aunt|boss)"
        r"|swears? by|friend|mate"
    ),
    Channel.IN_PERSON: (
        r"desk|counter|shop|store|branch|reception(?:ist)?|showroom|waiting room|in person|came (?:round|out)|fitter|engineer|courier|driver|visit|door"
        r"|nurse|dentist|doctor|waiter|waitress|delivery|van|room|stood"
    ),
    Channel.DOCS: r"manuals?|instructions?|guides?|leaflets?|booklet|tutorials?|webinars?|faqs?|help (?:page|article|centre)s?|videos?|pdfs?|handbook|terms",
    Channel.BILLING: (
        r"bills?|billing|invoices?|invoiced|charged?|charges|payments?|paid|direct debit|refund(?:ed)?|price|quotes?|contract|receipt|deposit|fee|card|pounds?|euros?"
        r"|quid|statement"
    ),
}
_CHANNEL_CUES = [re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in CHANNEL_WORDS.values()]


def channel_cues(text: str) -> list[float]:
    """For each channel but `none`, in the order of `CHANNEL_WORDS`: 1 if one of its words occurs, else 0."""
    return [1.0 if cue.search(text) else 0.0 for cue in _CHANNEL_CUES]


_STRONG = re.compile(
    r"\b(?:absolutely|furious|livid|never again|so (?:angry|annoyed|happy|pleased|relieved|frustrat\w+|upset|grateful|good|bad)|hate[ds]?|nightmare|terrible|horrible"
    r"|awful|disgusting|disgrace\w*|outrageous|ridiculous|unbelievabl\w+|amazing|incredible|fantastic|brilliant|the (?:best|worst)|love[ds]? it"
    r"|cried|crying|in tears|scream\w*|shout\w*|swore|shaking|over the moon|completely|utterly|totally|for the (?:third|fourth|fifth|sixth) time"
    r"|hours and hours|every single)\b|!{2,}|![^!]*!",
    re.IGNORECASE,
)
_MILD = re.compile(
    r"\b(?:a (?:bit|little|touch)|slightly|okay|ok|alright|all right|fine|sort of|kind of|not too bad|not bad|fairly|a tad|mildly|i suppose|i guess|i don'?t mind"
    r"|no big deal|whatever|bit of a)\b",
    re.IGNORECASE,
)


def intensity(text: str) -> int:
    """How strongly it is put: 3 for words of extremes or repeated exclamation, 1 for hedged words, else 2."""
    if _STRONG.search(text):
        return 3
    return 1 if _MILD.search(text) else 2


_NEED = re.compile(
    r"\b(?:i wish|i(?:['’]d| would) (?:want|like|love|prefer|need|rather)|i (?:just )?(?:want|need)(?:ed)?\b|(?:it|they|there|you) should|(?:it )?would(?:['’]ve| have)? be(?:en)? "
    r"(?:nice|good|great|helpful|easier)|if only|what i(?:['’]d)? (?:need|want)\w*|why can['’]?t (?:they|it|i)|all i want(?:ed)?)\b",
    re.IGNORECASE,
)
_THOUGHT = re.compile(
    r"\b(?:i|we) (?:just |really |always |sort of |kind of )?(?:think|thought|wonder(?:ed)?|expect(?:ed)?|assum(?:e|ed)|suppos(?:e|ed)|figur(?:e|ed)|reckon(?:ed)?|believ(?:e|ed)"
    r"|guess(?:ed)?|feel like|felt like|hop(?:e|ed)|imagin(?:e|ed)|knew|know|didn['’]t know|couldn['’]t tell|realis(?:e|ed)|remember thinking)\b"
    r"|\b(?:i['’]m|i was|we were) (?:thinking|wondering|expecting|not sure|sure|worried|convinced)\b|\?\s*$|\bto me\b|\bin my head\b",
    re.IGNORECASE,
)
_IRREGULAR = (
    "went|rang|sent|bought|paid|got|took|told|said|made|did|put|found|sat|stood|drove|wrote|came|gave|read|chose|left|spent|saw|showed|kept|let|set|met|ran|began|tried"
    "|cancelled|got|had to|ended up|gave up|swore|held|threw|brought|spoke|did"
)
_ACTION = re.compile(
    rf"\b(?:i|we)(?:['’](?:d|ve)| had| have)? (?:just |then |even |also |actually |literally |finally )?(?:{_IRREGULAR}|\w{{2,}}ed)\b|\b(?:i|we)['’](?:m|re) (?:stood|sat|typing|clicking|ringing|calling)\b"
    rf"|(?:^|[.;,!?] )(?:{_IRREGULAR}|rang|typed|clicked|signed|booked|called|looked) ",
    re.IGNORECASE,
)


def kind(text: str) -> Kind:
    """A wish is a need; a past deed in the first person an action; belief, expectation or question a thought; where several occur the first of these wins."""
    if _NEED.search(text):
        return Kind.NEED
    thought, action = _THOUGHT.search(text), _ACTION.search(text)
    if thought and (not action or thought.start() <= action.start()):
        return Kind.THOUGHT
    return Kind.ACTION if action else Kind.OTHER


_ANY = frozenset(Channel) - {Channel.NONE}
_HEADS: dict[str, frozenset[Channel]] = {
    **dict.fromkeys(("website", "site", "page", "homepage", "checkout", "basket", "portal", "web page"), frozenset({Channel.WEBSITE})),
    **dict.fromkeys(
        ("account", "login", "form", "booking", "password", "code", "order", "link"), _ANY - {Channel.AD, Channel.REVIEW, Channel.SOCIAL}
    ),
    **dict.fromkeys(
        ("app", "dashboard", "notification", "screen", "menu", "settings", "button", "thermostat", "update"), frozenset({Channel.APP})
    ),
    **dict.fromkeys(("email", "e-mail", "newsletter", "inbox", "spam folder"), frozenset({Channel.EMAIL})),
    **dict.fromkeys(
        ("phone call", "call", "phone line", "line", "voicemail", "call centre", "helpline", "hotline", "hold music"),
        frozenset({Channel.PHONE}),
    ),
    **dict.fromkeys(("chat", "chatbot", "bot", "robot", "live chat"), frozenset({Channel.CHAT})),
    **dict.fromkeys(("post", "instagram", "facebook group", "comment"), frozenset({Channel.SOCIAL})),
    **dict.fromkeys(("search", "search result", "google search"), frozenset({Channel.SEARCH})),
    **dict.fromkeys(("advert", "ad", "billboard", "poster", "banner", "jingle", "commercial"), frozenset({Channel.AD})),
    **dict.fromkeys(("review", "rating"), frozenset({Channel.REVIEW})),
    **dict.fromkeys(("recommendation", "referral"), frozenset({Channel.WORD_OF_MOUTH})),
    **dict.fromkeys(
        (
            "shop",
            "store",
            "branch",
            "desk",
            "counter",
            "reception",
            "showroom",
            "appointment",
            "visit",
            "delivery",
            "test",
            "hearing test",
            "fitting",
            "waiting room",
        ),
        frozenset({Channel.IN_PERSON}),
    ),
    **dict.fromkeys(
        ("manual", "instructions", "guide", "leaflet", "booklet", "tutorial", "webinar", "video", "help article", "help page", "pdf"),
        frozenset({Channel.DOCS}),
    ),
    **dict.fromkeys(
        (
            "invoice",
            "bill",
            "quote",
            "contract",
            "direct debit",
            "receipt",
            "deposit",
            "refund",
            "payment",
            "statement",
            "subscription",
            "fee",
        ),
        frozenset({Channel.BILLING}),
    ),
    **dict.fromkeys(
        ("letter", "ticket", "complaint", "survey", "message", "text message"),
        frozenset({Channel.EMAIL, Channel.PHONE, Channel.CHAT, Channel.APP}),
    ),
}
_PHRASE = re.compile(
    r"\b(?:the|an?|my|our|their|your|his|her|this|that|these|those|another|no|any|some)\s+((?:[a-z]+(?:-[a-z]+)*\s+){0,3}?)("
    + "|".join(re.escape(head) for head in sorted(_HEADS, key=len, reverse=True))
    + r")(s?)\b(?!\s+(?:me|us|him|them|you|it)\b|['’-])",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    # describes rather than names: "the really long email" is an email
    "a an the and or of to in on at by for with from as is was were be been am are it its i me my we our you your he his she her they their them this that these those"
    " not no so such very really quite just about like kind sort sorta um uh er erm yeah okay ok well one two three four five six first second third last next other"
    " another same different new old big small little long short whole entire good bad nice lovely great awful terrible horrible stupid bloody damn silly simple single"
    " actual proper usual normal weird strange funny particular certain own few many much more most some any every each all both only even still right wrong full empty"
    " free cheap quick slow early late final main real best worst better worse red green blue yellow white black grey tiny huge massive beautiful ugly shiny brilliant"
    " perfect poor polite friendly rude cheerful sad happy angry then when while what which who whose where there here out up down over back off into onto us them me somebody someone everybody nobody something"
    " nothing had has have did does do got get gets goes went said says".split()
)


def touchpoint(text: str, channel: Channel) -> str | None:
    """The noun phrase for the interaction, such as "verification email", in lower case and singular; None when no phrase fits the channel."""
    best: str | None = None
    for match in _PHRASE.finditer(text):
        head = match[2].lower()
        if channel not in _HEADS[head]:
            continue
        words: list[str] = []
        for word in reversed(match[1].lower().split()):
            if word in _PLAIN or word.endswith(("ly", "ed", "ing", "est")) or len(words) == 2:  # noqa: PLR2004 - two words before a noun name it
                break
            words.insert(0, word)
        phrase = " ".join([*words, head])
        if best is None or len(phrase.split()) > len(best.split()):
            best = phrase
    return best
