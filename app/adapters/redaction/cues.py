"""Words beside a number that tell what it is, folded, in eight languages."""

import re

from app.adapters.redaction.lexicon import fold

CUES = {
    "card": r"""
        cards? visa mastercard amex maestro debit cvv cvc cvn expir\w* valid security\ code long\ number on\ the\ (?:back|front)
        last\ (?:four|4|three) ending\ (?:in|with) ends\ (?:in|with) letzten\ vier quatre\ derniers ultimos\ cuatro laatste\ vier
        ultimos\ quatro ultime\ quattro security\ number three\ digits karten?\w* kreditkarte\w* gultig\w* prufziffer carte
        crypto\w* expire cb tarjeta caduc\w* vence kaart pas geldig cartao validade vence carta\ di\ credito carta scad\w* bancomat
    """,
    "phone": r"""
        phone\w* mobile cell\w* call ring text reach whatsapp dial fax landline hotline extension ext contact sms telephone
        (?:my|her|his|our|their|home|work|office|best)\ number number\ is telefon\w* handy\w* mobil\w* anruf\w* erreich\w* ruf\w*
        portable appel\w* joindre tel telefono movil celular llam\w* bel bellen telefoon\w* mobiel telefone telemovel liga\w* ligue
        cellulare chiam\w*
    """,
    "account": r"""
        accounts? acct sort\ code routing iban bic swift policy booking reference ref order ticket customer member\w* claim case
        confirmation tracking loyalty staff\ (?:number|no|id) badge employee\ number contract roll\ number reservation subscription
        checking savings invoice konto\w* kunden\w* vertrag\w* buchung\w* bestell\w* auftrag\w* mitglied\w* police\w* blz
        rechnung\w* client\w* compte contrat commande dossier reservation adherent abonn\w* cuenta cliente socio pedido contrato
        reserva poliza factura klant\w* rekening\w* polis\w* bestel\w* lidnummer\w* boeking\w* conta encomenda apolice reserva
        conto ordine pratica polizza tessera prenotazione pnr
    """,
    "id": r"""
        passports? insurance\ number patient\w* hospital\ number nin bvn tfn cpr nric pesel ghana\ card voter hkid ird nhi
        personnummer health\ card versicherten\w* krankenversicherung\w* versicherungsnummer cedula rut niss utente
        tessera\ sanitaria numero\ fiscale siret chave id national\ insurance ni\ number social ssn sin licen[cs]e nhs medicare
        medicaid tax student\ id employee\ id id\ number id\ card aadhaar aadhar pan alien green\ card plates? plate's registration
        steuer\w* ausweis\w* personalausweis\w* sozialversicherung\w* reisepass\w* fuhrerschein\w* secu securite\ sociale passeport
        identite permis dni nie nif pasaporte seguridad\ social bsn burgerservicenummer paspoort\w* rijbewijs\w* cpf rg cnpj
        cidadao passaporte codice\ fiscale passaporto patente identita identidad identidade curp rfc nric
    """,
}
"""Which kind a number has, by the words before it; the nearest wins."""
JAPANESE_CUES = {
    "card": "カード|暗証|下四桁|下4桁|有効期限",
    "phone": "電話|携帯|番号は",
    "account": "会員|社員番号|口座|注文番号|予約|契約|お客様番号|顧客番号",
    "id": "マイナンバー|免許|パスポート|旅券|保険証",
}
NUMBERED = re.compile(
    r"(?:\b(?:numbers?|no|nr|num|nummer|numero|numer|number's|references?|ref|codes?|id|pin|ending|ends|digits|four|cvv|cvc"
    r"|expir\w*|account|"
    r"sort code|policy|order|ticket|case|claim|booking|passports?|postcode|endet|endent|termina\w*|finit|finisce|eindigt|bsn"
    r"|dni|nie|cpf|nif|"
    r"pan|ssn|card|karte|carte|tarjeta|cartao|carta|kaart|locator|konto|extension|ext|amex|visa|front|back|cuenta|compte|conta"
    r"|conto|pedido)\b|"
    r"#|№|nº|n°)\W*(?:[^\W\d]+\W+){0,4}$|(?:番号|桁|カード|コード|電話|口座)[はがのも、：:\s]*$"
)
"""A number is announced a few words before."""
NOT_PERSONAL = re.compile(
    r"\b(?:build|version|v|error|errors|model|http|page|pages|section|paragraf|chapter|step|room|row|seats?|gate|flight|floor"
    r"|windows|ios|iphone|"
    r"android|iso|port|route|channel|level|release|zimmer|seite|article|articolo|raum|q[1-4]|stage|line|lines|bus|tram)\W*$"
)
REACH = 70
BLANKS = re.compile(r"(?<!\\)\s+")
_PATTERNS = {
    kind: re.compile(r"(?<!\w)(?:" + "|".join(BLANKS.split(words.strip())) + r")(?!\w)|" + JAPANESE_CUES[kind])
    for kind, words in CUES.items()
}


def before(text: str, at: int, reach: int = REACH) -> str:
    """What stands before a place in the same paragraph, folded."""
    window = text[max(0, at - reach) : at]
    return fold(window[window.rfind("\n") + 1 :])


def after(text: str, at: int, reach: int = 30) -> str:
    """What stands after a place in the same paragraph, folded."""
    return fold(text[at : at + reach].partition("\n")[0])


def cue(window: str) -> str | None:
    """The kind of number that the words before it announce last, or None."""
    best: tuple[int, str] | None = None
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(window):
            if best is None or match.end() > best[0]:
                best = (match.end(), kind)
    return best[1] if best else None
