"""German speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

GERMAN = Lexicon(
    fillers=words(
        SOUNDS,
        """
        ja jo joa jep jap jaja genau richtig stimmt gut klar also na naja nun ähm äh öhm tja achso ach so doch eben halt sicher
        natürlich absolut definitiv eigentlich quasi sozusagen logisch und aber dann da bitte entschuldigung sorry mensch wow eh
        """,
    ),
    filler_phrases=phrases(r"""
        weißt du / wissen sie / ich meine / ich (?:denke|glaube|schätze)(?: mal)? / das stimmt / da haben sie recht / (?:ich )?verstehe /
        verstanden / alles klar / kein(?:e)? (?:frage|thema) / moment(?: mal)? / einen (?:kleinen )?moment / warte(?:n sie)?(?: mal)? /
        wie (?:soll|kann) ich (?:das )?sagen / wie sagt man / was wollte ich(?: noch)? sagen / wo war ich / und so(?: weiter| was)? /
        oder so(?: ähnlich| was)? / sag(?:e)? ich mal / (?:das ist )?(?:eine )?(?:gute|schwierige) frage / (?:das )?macht sinn /
        (?:das )?ergibt sinn / mal überlegen / lass(?:en sie)? mich (?:kurz |mal )?überlegen / auf jeden fall / auf keinen fall /
        ganz genau / im (?:prinzip|grunde) / mehr oder weniger / was noch
    """),
    acknowledgements=words("ok okay achso aha verstehe"),
    praise=words("super toll prima klasse schön wunderbar perfekt ausgezeichnet spannend interessant großartig fein sehr wirklich"),
    stop=words(
        SOUNDS,
        """
        ja jo jep genau richtig stimmt gut klar also na naja ähm äh öhm tja achso ach so doch eben halt der die das den dem des ein
        eine einen einem einer eines ich du er sie es wir ihr mich mir dich dir ihn ihm ihnen uns euch sein seine seinen ihre ihren
        ihrem ihrer mein meine meinen meinem meiner dein deine unser unsere unseren diese dieser dieses diesen diesem jede jeder jedes
        jeden alle alles allem allen andere anderen welche welcher welches ist sind war waren bin bist seid wäre wären gewesen hat habe
        haben hatte hatten hast hätte hätten gehabt wird werden wurde wurden worden würde würden kann können konnte konnten könnte
        könnten muss müssen musste mussten soll sollen sollte sollten will wollen wollte wollten darf mag möchte möchten und oder aber
        weil dass ob wenn als wie was wer wo wann warum denn sondern sowie bis seit während obwohl damit davon dazu dabei daran darauf
        darüber dafür nicht kein keine keinen nichts auch nur noch schon sehr mehr viel viele wenig etwas ganz ziemlich wirklich
        eigentlich einfach vielleicht wahrscheinlich natürlich irgendwie irgendwann irgendwo irgendwas quasi sozusagen in im ins an am
        ans auf aus bei beim mit nach von vom vor zu zum zur für über um unter durch gegen ohne zwischen da dann dort hier hin her man
        mal nein nie immer wieder jetzt nun gerade damals danach vorher zuerst zuletzt sich selbst einmal oben unten raus rein weg
        ging gehen gegangen geht kam kommen gekommen kommt machen macht machte gemacht sagen sagt sagte gesagt gibt gab geben lassen
        lässt ließ finde fand finden denke dachte denken glaube weiß wusste wissen sache sachen ding dinge teil paar bisschen eher
        allerdings außerdem deshalb deswegen daher trotzdem jedenfalls sonst nämlich überhaupt okay
        """,
    ),
    small_talk=phrases(r"""
        (?:(?:vielen |herzlichen |besten |tausend |ganz )*dank|danke)(?: (?:schön|sehr|ihnen|dir|euch|auch|nochmal|noch mal|vielmals|
        gleichfalls|erstmal))*(?: (?:dass sie|dass du) (?:sich |dir )?(?:heute )?(?:die )?zeit (?:genommen|nehmen|
        genommen haben))?(?: für (?:ihre|deine|eure|die) (?:zeit|teilnahme|hilfe|einladung|offenheit))? / gern(?:e)?(?: geschehen)? /
        bitte (?:schön|sehr) / (?:guten (?:tag|morgen|abend)|hallo|hi|hey|servus|moin|grüß (?:gott|sie|dich)|herzlich willkommen|
        willkommen)(?: (?:zusammen|auch|miteinander|von mir))* / (?:auf )?wiederseh(?:en|n) / auf wiederhören / tschüs{1,2}i? / ciao /
        bis (?:bald|dann|später|zum nächsten mal|nächstes mal) / mach(?:en sie|'s|s)?(?: es)? gut / alles gute / viel erfolg / (?:einen |
        noch einen )?schönen(?: guten)? (?:tag|abend|nachmittag|feierabend)(?: noch| ihnen| auch)* / schönes wochenende / ebenfalls /
        gleichfalls / wie geht(?: es|'s|s)? (?:ihnen|dir|euch)(?: heute)? / (?:mir geht(?: es|'s|
        s)? )?(?:sehr )?gut danke(?: und (?:ihnen|dir))? / (?:es |hat |mich )*(?:freut|gefreut) mich(?: sehr)?(?: sie kennenzulernen)? /
        sehr erfreut / keine ursache / kein problem / (?:können sie|kannst du|könnt ihr|hören sie|hörst du|hört ihr) mich(?: (?:gut|jetzt|
        hören|sehen|verstehen))* / ich (?:höre|hör|sehe) (?:sie|dich)(?: (?:gut|jetzt|laut und deutlich))* / (?:sie sind|du bist|
        bin ich)(?: noch| gerade)* stumm(?:geschaltet)? / (?:läuft die|die) aufnahme(?: läuft)?(?: schon| jetzt)? /
        können sie (?:die frage|das) (?:noch ?mal |bitte )*wiederholen
    """),
    weather=phrases(r"""
        (?:es|das|heute|ist|war|bei ihnen|hier|so|ein|das wetter|schönes|schlechtes|tolles|furchtbares)(?: (?:ist|ja|auch|so|gerade|heute|
        hier|ganz|schon|wieder|bei ihnen|ein))* (?:regnet|schneit|sonnig|wetter|regen|sonnenschein|kalt draußen|heiß draußen)
    """),
    shift=phrases(r"""
        aber / andererseits / allerdings / außerdem / jedenfalls / trotzdem / und noch / zum beispiel / dagegen / hingegen / dennoch /
        auf der anderen seite / einerseits / zum einen / zum anderen / übrigens / ansonsten / abgesehen davon / was (?:mich|noch) /
        (?:und )?(?:das|der|die) (?:beste|schlimmste|schlechteste|gute|nervige|einzige|zweite|andere) (?:war|ist|sache|punkt|daran)? /
        (?:und )?(?:dann )?noch (?:etwas|was|eine sache) / später / am nächsten (?:tag|morgen) / nächste woche / schließlich / am ende /
        letztendlich / erstens / zweitens / drittens / zuerst / zunächst / heute / inzwischen / mittlerweile / früher / davor / dafür
    """),
    onward=phrases(r"und dann / dann / danach / also / und / ja / gut / okay / wenn / als / nachdem / bevor / nein / ich / wir"),
    continuing=phrases(r"""
        es / das / dies / diese[rsnm]? / sie / er / ihm / ihr / ihn / weil / denn / die / der / den / dem / dass / und (?:das|es|die|der|
        sie|er|zwar) / damit / davon / dabei / dadurch / deshalb / deswegen / darum / daher / nämlich / also das / ich meine / sogar /
        genauso / beide / jeder / vor allem / besonders / das heißt / sprich / zweimal / nie / nicht / auch
    """),
    clause_strong=words("aber und weil dann also denn oder sondern trotzdem deshalb deswegen obwohl jedenfalls allerdings danach"),
    clause_weak=words("wenn als dass ob während bis bevor nachdem damit wie wo was"),
    subjects=words("ich wir du er sie es ihr man das die der da ich's mein meine unser unsere"),
    nominative=words("ich wir du er man"),
    asking=phrases(r"""
        (?:(?:und|also|okay|ok|gut|ja|dann|aber|genau|super|äh|ähm|nun|jetzt|schön|verstehe) )*(?:(?:was|wie|warum|wieso|weshalb|wann|wo|
        woher|wohin|wer|wem|womit|wofür|woran|worauf|worüber|wodurch|inwiefern) (?:haben|hatten|hat|hatte|war|waren|ist|sind|wäre|machen|
        macht|machten|würden|würde|können|könnten|kann|kam|kamen|lief|läuft|ging|geht|passiert|passierte|fanden|finden|hast|bist|nutzt|
        nutzen|benutzen|sah|sieht|genau|denn|sagen|meinen|denken|denkst)|welche[rsnm]? \w+ (?:haben|hatten|nutzen|war|waren|ist|sind|
        hast)|wie (?:lange|oft|viele?|wichtig|einfach|schwer|zufrieden|häufig|wahrscheinlich)|(?:haben|hatten|sind|waren|können|könnten|
        würden|möchten|nutzen|benutzen|kennen|erinnern|wissen|wussten|gab es|gibt es|war das|ist das) (?:sie|ihnen|da|dort|denn|etwas)|
        (?:hast|bist|kannst|könntest|würdest|warst|hattest|nutzt|magst|findest|weißt) du)
    """),
    requests=phrases(r"""
        (?:(?:dann|und|also|okay|ok|gut|ja|bitte|äh|ähm|vielleicht|genau|super) )*(?:erzählen sie|erzähl(?:e|t)?(?: doch| mal| mir| uns|
         bitte)+|beschreiben sie|beschreib(?:e)?(?: doch| mal| mir| bitte)+|schildern sie|führen sie (?:mich|uns)|nehmen sie (?:mich|
        uns) mit|sagen sie (?:mir|uns|doch)|geben sie (?:mir|uns) ein beispiel|nennen sie (?:mir|uns)|gehen wir)
    """),
    addressing=phrases(r"""
        \b(?:was|wie|warum|wieso|weshalb|wann|wo|woher|wer|womit|wofür|woran|worauf|welche[rsnm]?)(?: \w+){0,2} (?:\w+en|\w+st|\w+t|war|
        kam|ging|lief|sind) (?:sie|du|ihr|ihnen|dir|euch|das für sie|es für sie) / \b(?:können|könnten|würden|möchten) sie (?:mir|uns|das|
        mal|kurz|bitte|etwas|noch) / \b(?:erzählen|beschreiben|schildern) sie / \b(?:hast|kannst|könntest|würdest|bist|findest|nutzt|
        warst|hattest) du / \bhaben sie (?:schon|noch|auch|denn|das|jemals|etwas|irgend\w*|überlegt|versucht|gemerkt) / \b(?:wie lange|
        wie oft|wie war das|wie ging es|was ist dann passiert|was passierte)
    """),
    hosting=phrases(r"""
        \bdank(?:e)?(?: \w+){0,4},? (?:für (?:ihre|deine|eure) (?:zeit|teilnahme|offenheit|antworten)|dass (?:sie|du) sich|dass du dir|
        fürs mitmachen) / \berzählen sie / \berzähl (?:doch|mal|mir) / \bbeschreiben sie / \bschildern sie / \b(?:können|könnten|
        würden) sie (?:mir|uns|das|bitte|kurz|mal|noch)? ?(?:\w+ )?(?:beschreiben|erzählen|erklären|schildern|sagen) /
        \bbevor wir (?:anfangen|beginnen|starten|aufhören) / \b(?:erste|nächste|letzte|abschließende) frage / \bich (?:würde|
        möchte) (?:gern|gerne)? ?(?:fragen|wissen|hören|verstehen) / \bwas ist dann passiert / \bwie (?:war|ging|fühlte|fanden) (?:das|es|
        sich|sie) / \bgibt es (?:noch )?(?:etwas|sonst)(?: \w+){0,4} (?:hinzufügen|ergänzen|vergessen|gefragt) /
        \bdas waren (?:alle )?meine fragen / \bwenn sie (?:einen wunsch|etwas ändern) / \bich nehme das (?:gespräch|hier)? ?auf /
        \bherzlich willkommen
    """),
)
