"""Words that addresses are made of, folded, in the languages that have rules."""

import re

from app.adapters.redaction.lexicon import words

ROAD_LAST = words("""
    street road avenue lane crescent terrace boulevard mews grove gardens parade parkway drive close st rd ave blvd ln esplanade
    highway hwy cres pde tce
""")
"""Stand after a street's name and hardly mean anything else after a number."""
ROAD_LAST_MAYBE = words("""
    court place square hill walk row rise view park green quay wharf way end circle broadway gate mount circus alley loop trail ct
    pl sq dr pkwy strand yard vale croft meadow meadows heights plaza cross embankment turnpike avenues approach passage link chase
    drove brow garth wynd brae gait path bend ridge point crossing causeway hollow cove landing common spur trace fields acres
    paddock copse dell glade glen orchard warren side broadway expressway extension estate
""")
"""Stand after a street's name, and are ordinary words too."""
ROAD_FIRST = {
    "en": words("soi jalan jl lorong rua calle rue via avenida"),
    "fr": words(
        "rue avenue boulevard bd av place chemin impasse allee quai route cours passage square faubourg sentier villa montee venelle"
    ),
    "es": words(
        "calle c avenida avda av plaza paseo carretera camino ronda travesia pasaje carrer glorieta carrera diagonal transversal cl cra"
    ),
    "pt": words("rua r avenida av travessa praca largo alameda estrada rodovia beco calcada quadra ladeira"),
    "it": words("via viale piazza corso vicolo largo strada piazzale lungotevere lungarno contrada salita galleria v.le"),
}
"""Stand before a street's name."""
EVERYWHERE_FIRST = words(
    "rue avenue boulevard calle avenida plaza rua travessa via viale piazza corso jalan lorong carrer praca impasse allee"
)
COMPOUND = re.compile(
    r"[^\W\d_]{3,}(?:strasse|str|weg|platz|allee|gasse|damm|ufer|chaussee|steig|markt|graben|pfad|stieg|promenade|ring|wall"
    r"|straat|gracht|laan|plein|kade|"
    r"dijk|singel|steeg|dreef)"
)
"""German and Dutch streets in one word."""
ROAD_GERMAN = words("strasse str weg platz allee gasse ring damm ufer chaussee markt straat laan plein kade dijk singel")
LEADS_GERMAN = re.compile(
    r"(?<!\w)(?:Am|An der|An den|Auf dem|Auf der|Unter den|Im|In der|Zum|Zur|Hinter der|Alte|Neue|Obere|Untere|Hinterm|Beim) "
)
UNIT = words("""
    flat apartment apt unit suite ste floor house plot block blk building bldg no number level penthouse studio lot shop sector
    phase district ward estate stand erf door p.o po box hinterhaus vorderhaus stock etage wohnung aufgang haus nummer nr batiment
    bat residence escalier etage appartement appt porte piso puerta portal bloque escalera planta numero num apartamento apto ap
    bloco andar casa sala lote conjunto n scala interno int piano palazzina verdieping huisnummer kamer opgang units flats road
    street colonia barrio urbanizacion bairro quartier lieu-dit frazione ortsteil soi moo kampung taman barangay purok village
    township nagar colony cross main stiege tur tuer cep buzon interior exterior
""")
HOUSE = words("""
    cottage farm lodge villa barn manor stables mansions towers tower apartments rectory vicarage mill house hall bungalow chalet
    maltings forge grange priory granary oast gables cottages parsonage schoolhouse farmhouse stables homestead residences
""")
ORDINAL = words("""
    first second third fourth fifth sixth ground top basement upper lower dritter dritte zweiter zweite erster erste vierter
    funfter rechts links premier deuxieme troisieme quatrieme cinquieme etage droite gauche primero primera segundo segunda tercero
    tercer tercera cuarto quinto izquierda derecha centro bajo atico esquerdo direito frente fundos terceiro quarto primo secondo
    terzo quarto rialzato terra hoog links bis ter begane grond rez-de-chaussee
""")
BETWEEN = words("""
    the in near off of at on de la le les du des d del los las da do das dos della dei degli delle di upon am an der den zu bei en
    a e y and uh um er that's the thats so then just im in_ l st saint sainte san santa santo over by em te op sur sous opposite
    behind next beside above corner c/o care postcode post code zip it's number called side again past
""")
"""May stand inside an address, never at its end."""
NOT_A_NAME = words("""
    the a an my our your his her this that one another every each same whole is was are were be been it on to for by with from than
    more less people minutes hours days weeks months years times euros pounds dollars percent miles of and or but so they we i you
    he she who what which when there their its not no very too only about after before
""")
LOCATIVE = re.compile(
    r"(?:\b(?:live|lives|living|lived|stay|stays|based|am|'m|'re|are|is|was|moved|deliver\w*|ship\w*|sent|send|post|posted|go"
    r"|goes|went|round|over|"
    r"address|place|flat|house|office|home|at|office's)\b\W*(?:at|on|in|to|is|number|,)?\W*)$"
)
LIVES_ON = re.compile(
    r"\b(?:live|lives|living|lived|we're|i'm|they're|she's|he's|based|house|shop|flat|office|place"
    r"|moved)(?:\s[^\W\d]+){0,2}\s(?:on|in|at|to|off)\W*$"
)
