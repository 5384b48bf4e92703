"""German, French and Spanish speech: small tables; what they lack does nothing."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

GERMAN = Lexicon(
    fillers=words(SOUNDS, "ja jo jep genau richtig stimmt gut klar also na naja ähm äh öhm tja achso ach so doch eben halt"),
    stop=words(
        SOUNDS,
        """
        ja jo jep genau richtig stimmt gut klar also na naja ähm äh öhm tja achso ach so doch eben halt der die das den dem des ein
        eine einen einem einer ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch mein meine ist sind war waren bin hat
        habe haben hatte wird werden und oder aber weil dass wenn als wie was wer wo nicht kein keine auch nur noch schon sehr mehr
        in im an am auf aus bei mit nach von vom vor zu zum zur für über um da dann dort hier man mal nein nie sich
        """,
    ),
    small_talk=phrases(r"""
        (?:vielen |herzlichen )?dank(?:e)?(?: (?:schön|sehr|ihnen|dir|euch))* / (?:guten (?:tag|morgen|abend)|hallo|servus|moin) /
        (?:auf wiedersehen|tschüss|bis bald) / (?:können sie|kannst du|hören sie|hörst du) mich(?: (?:gut|hören))*
    """),
    shift=phrases(r"aber / andererseits / allerdings / außerdem / jedenfalls / trotzdem / und noch / zum beispiel"),
    continuing=phrases(r"es / das / sie / er / weil / denn / die / der / dass / und das / und es"),
    clause_strong=words("aber und weil dann also denn oder"),
    asking=phrases(r"(?:was|wie|warum|wann|wo|wer|welche[rs]?) (?:haben|hat|war|ist|sind|machen|würden|können) / können sie"),
    requests=phrases(r"(?:dann |und |bitte )*erzählen sie / (?:dann |und |bitte )*erzähl mal / beschreiben sie"),
)
FRENCH = Lexicon(
    fillers=words(SOUNDS, "oui ouais bon ben bah euh voilà exactement tout-à-fait daccord d'accord bien hein alors enfin donc"),
    stop=words(
        SOUNDS,
        """
        oui ouais bon ben bah euh voilà exactement tout-à-fait daccord d'accord bien hein alors enfin donc le la les l un une des du
        de d je tu il elle on nous vous ils elles me te se mon ma mes son sa ses ce cet cette ces c'est est sont était suis ai as a
        avons avez ont avait et ou mais que qui quoi dont où ne pas plus non si très aussi à au aux en dans sur sous avec pour par
        sans ça y j'ai c'était comme quand jamais
        """,
    ),
    small_talk=phrases(r"""
        merci(?: (?:beaucoup|bien|à vous|infiniment))* / bonjour / bonsoir / salut / au revoir / à bientôt / bonne journée /
        vous m'entendez
    """),
    shift=phrases(r"mais / par contre / en revanche / d'ailleurs / ensuite / sinon / de toute façon / par exemple / et puis"),
    continuing=phrases(r"il / elle / ils / elles / c'est / ça / parce que / parce qu / car / cela / ce"),
    clause_strong=words("mais et parce donc puis alors car ou"),
    asking=phrases(r"est-ce que / (?:comment|pourquoi|quand|où) (?:avez|est|était|vous) / qu'est-ce / pouvez-vous"),
    requests=phrases(r"(?:et |alors )*racontez / parlez-moi / décrivez"),
)
SPANISH = Lexicon(
    fillers=words(SOUNDS, "sí si claro bueno vale pues eso exacto ya este eh entonces bien"),
    stop=words(
        SOUNDS,
        """
        sí si claro bueno vale pues eso exacto ya este eh entonces bien el la los las un una unos unas de del al a en y o u pero que
        qué quien yo tú él ella nosotros ellos me te se lo le les mi su sus es son era fue ser estar está he ha han había hay no ni
        muy más también con por para sin como cuando donde porque ese esa esto aquí allí todo nunca
        """,
    ),
    small_talk=phrases(r"""
        (?:muchas )?gracias(?: (?:a (?:ti|usted|ustedes)|por todo))* / hola / buenos días / buenas (?:tardes|noches) / adiós /
        hasta (?:luego|pronto) / me (?:oyes|escuchas|oye|escucha)
    """),
    shift=phrases(r"pero / sin embargo / por otro lado / además / luego / después / de todas formas / por ejemplo / en cambio"),
    continuing=phrases(r"eso / esto / porque / ellos / ella / él / lo / es que / y eso"),
    clause_strong=words("pero y porque entonces luego o pues"),
    asking=phrases(r"(?:qué|cómo|cuándo|dónde|quién|cuál|cuánto) / puedes / podría"),
    requests=phrases(r"(?:y |entonces )*cuénta(?:me|nos) / (?:y |entonces )*cuénteme / háblame"),
)
