"""Dutch speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

DUTCH = Lexicon(
    fillers=words(
        SOUNDS,
        """
        ja jaja nou jawel joh jep ehm euh eh ehh tja hè hé goh oké goed prima precies klopt inderdaad juist zeker natuurlijk absoluut
        dus zo eigenlijk gewoon hoor toch even zeg maar en dan daar sorry pardon helemaal best duidelijk nee-hoor
        """,
    ),
    filler_phrases=phrases(r"""
        weet je(?: wel)? / weet u / zeg maar / ik bedoel / ik denk het(?: wel)? / ik snap het / (?:ik )?snap ik / (?:dat )?begrijp ik /
        ik begrijp het / dat klopt / dat is (?:waar|zo|duidelijk) / helemaal goed / is goed / komt goed / even (?:denken|kijken|nadenken)
        / laat me(?: even)? (?:denken|kijken|nadenken) / moment(?:je)? / een moment(?:je)? / wacht(?: even)? / hoe zeg je dat /
        hoe moet ik (?:dat|het) zeggen / wat wilde ik zeggen / waar was ik / en zo(?: verder)? / en dergelijke / of zo(?:iets)? /
        of iets dergelijks / min of meer / (?:dat is een |een )?goeie? vraag / (?:dat is een |een )?goede vraag / op zich / in principe /
        onder andere / wat nog meer / geen idee / sowieso
    """),
    acknowledgements=words("ok oké okay duidelijk snap begrijp"),
    praise=words("goed mooi fijn leuk prima top super geweldig perfect uitstekend prachtig fantastisch interessant heel erg echt"),
    stop=words(
        SOUNDS,
        """
        de het een ik jij je u hij zij ze we wij jullie me mij jou hem haar ons hen hun mijn jouw uw zijn onze dit dat deze die er hier
        daar waar wat wie wanneer waarom hoe welke welk is was waren ben bent wordt worden werd werden geworden geweest heb hebt heeft
        hebben had hadden gehad kan kunt kunnen kon konden zal zult zullen zou zouden moet moeten moest moesten mag mogen mocht wil
        wilt willen wilde wilden en of maar want dus omdat dat als dan toen terwijl hoewel zodat tot sinds voordat nadat niet geen niets
        niks nooit ook nog al wel zeer heel erg meer minder meest veel weinig wat iets alles iedereen iemand niemand elke elk ieder
        alle allemaal andere ander zelf te in op aan bij met naar van voor uit over om onder door tegen zonder tussen na af toe heen
        mee in-de nu net weer steeds altijd soms vaak echt gewoon eigenlijk misschien waarschijnlijk natuurlijk ongeveer toch even zo
        daarna daarvoor eerst later laatst keer ja nee nou oké goed precies klopt inderdaad hè hoor zeg euh eh ehm ging gaan gaat
        gegaan kom komt kwam komen gekomen doe doet deed doen gedaan maak maakt maakte maken gemaakt zeg zegt zei zeggen gezegd zie
        ziet zag zien gezien vind vindt vond vinden denk dacht denken weet wist weten geef gaf krijg kreeg kregen stuk beetje ding
        dingen soort manier het's 't 'n m'n z'n d'r zo'n daarom daardoor daarmee ervan erop eraan erin hierbij bovendien
        """,
    ),
    small_talk=phrases(r"""
        (?:heel erg |hartelijk |ontzettend |super )?(?:bedankt|dank je(?: wel)?|dankjewel|dank u(?: wel)?|dankuwel|
        dank jullie wel)(?: (?:hoor|nogmaals|alvast|ook|allemaal))*(?: (?:voor|dat) (?:je|jullie|uw|de|jouw|u)(?: \w+){0,4})? /
        graag gedaan / geen dank / graag / (?:hallo|hoi|hey|hé|goedendag|goedemorgen|goedemiddag|goedenavond|goeiemorgen|goeiemiddag|dag|
        welkom)(?: (?:allemaal|daar|iedereen|meneer|mevrouw|ook))* / (?:tot (?:ziens|straks|later|snel|de volgende keer)|doei|doeg|
        dag dag|daag|fijne dag(?: nog| verder)*|fijne avond(?: nog)?|prettige dag(?: nog| verder)*|fijn weekend|werk ze|succes(?: ermee)?)
        / hoe gaat het(?: met (?:je|jou|u))? / (?:met mij )?(?:gaat )?(?:het )?(?:heel )?goed dank je / alles goed / leuk (?:je|
        u) te (?:ontmoeten|spreken) / aangenaam / insgelijks / (?:kun|kan|kunt) (?:je|u|jullie) (?:me|mij) (?:goed )?(?:horen|zien|
        verstaan)(?: zo)? / (?:hoor|zie|hoort|ziet) (?:je|u) (?:me|mij)(?: (?:goed|nu))* / ik (?:hoor|zie) (?:je|u)(?: (?:goed|prima))* /
        (?:je|u) (?:staat|bent)(?: nog)? (?:op mute|gedempt) / (?:de opname loopt|loopt de opname) / geen probleem / (?:kun|kan|
        kunt) (?:je|u) (?:dat|de vraag) (?:nog een keer |nog eens |even )*herhalen / veel (?:succes|plezier)
    """),
    weather=phrases(r"""
        (?:het|wat|is|lekker|mooi|slecht|vandaag|bij jullie)(?: (?:is|het|een|weer|zo|hier|vandaag|nogal|lekker|mooi))* (?:regent|sneeuwt|
        weer|weertje|regen|zonnig|zonnetje|koud buiten|warm buiten)
    """),
    shift=phrases(r"""
        maar / echter / aan de andere kant / aan de ene kant / daarentegen / trouwens / bovendien / verder / daarnaast / bijvoorbeeld /
        toch / desondanks / anderzijds / overigens / in ieder geval / hoe dan ook / afgezien daarvan / (?:en )?(?:nog )?iets anders /
        (?:en )?het (?:enige|ergste|beste|leukste|vervelendste|irritante|mooie|eerste|tweede) / ten (?:eerste|tweede|derde) / in het begin
        / eerst / uiteindelijk / op het laatst / later / de volgende (?:dag|ochtend|week|keer) / tegenwoordig / nu / inmiddels / vroeger /
        daarvoor / wat betreft / o ja / oh ja / oh / terwijl / hoewel
    """),
    onward=phrases(r"en toen / en dan / toen / dan / daarna / dus / en / nou / ja / als / nadat / voordat / nee / ik / we / wij"),
    continuing=phrases(r"""
        het / dat / dit / die / deze / hij / zij / ze / hem / haar / hun / want / omdat / daardoor / daarom / en (?:dat|het|die|ze|hij) /
        waardoor / waarbij / ik bedoel / namelijk / met name / vooral / zelfs / allebei / beide / elke / nooit / niet / ook / twee keer /
        oftewel / met andere woorden / er / daar / zijn
    """),
    clause_strong=words("maar en want omdat dus toen daarna of daarom hoewel terwijl uiteindelijk"),
    clause_weak=words("als dat dan die wanneer voordat nadat tot zodat waar wat om"),
    subjects=words("ik je jij u hij ze zij we wij jullie het dat die er de een mijn men"),
    nominative=words("ik jij hij wij we"),
    asking=phrases(r"""
        (?:(?:en|dus|oké|ok|okay|goed|maar|ja|nou|dan|nu|eh|ehm|prima|mooi|duidelijk) )*(?:(?:wat|hoe|waarom|wanneer|waar|wie|waarmee|
        waarvoor|waaraan|waarover) (?:\w+ )?(?:heb|heeft|hebben|had|hadden|is|was|waren|zijn|doe|doet|deed|deden|ga|gaat|ging|gingen|vind|
        vindt|vond|vonden|kun|kunt|kan|zou|zouden|gebeurde|ben|bent|gebruik|gebruikt|moest|kwam|bedoel|bedoelt|wil|wilt|denk|denkt|voelde|
        verliep|maakte)|welke? \w+ (?:heb|heeft|is|was|gebruik|vond)|hoe (?:lang|vaak|veel|belangrijk|makkelijk|moeilijk|tevreden|lang)|
        (?:heb|had|kun|kan|zou|wil|ben|was|vind|vond|gebruik|weet|denk|deed|ging) (?:je|jij)|(?:heeft|hebt|had|kunt|zou|wilt|bent|was|
        vindt|vond|gebruikt|weet|denkt) u|(?:is|was|zijn|waren) er)
    """),
    requests=phrases(r"""
        (?:(?:en|dus|oké|ok|okay|goed|ja|nou|dan|nu|eh|misschien|prima) )*(?:vertel(?:t u)?(?: eens| me| mij| maar| ons| even)*|
        beschrijf(?:t u)?(?: eens| me| mij| even)*|neem(?:t u)? (?:me|mij|ons)|leg(?:t u)? (?:me |mij |eens |dat )*uit|geef(?:t u)? (?:me|
        eens|mij) een voorbeeld|stel jezelf|loop(?:t u)? (?:me|eens))
    """),
    addressing=phrases(r"""
        \b(?:wat|hoe|waarom|wanneer|waar|wie|welke?|waarmee|waarvoor)(?: \w+){1,2} (?:je|jij|jullie|u) / \b(?:kun|kan|zou|heb|had|ben|wil|
        vind|vond|gebruik) (?:je|jij) (?:dat|me|mij|daar|iets|wat|ook|nog|wel|eens|een|het|vaak) / \b(?:kunt|zou|heeft|hebt|had|bent|wilt|
        vindt|gebruikt) u / \bvertel (?:eens|me|mij|maar|daar) / \bhoe (?:was|ging|verliep|voelde|vond) (?:dat|het|je|u) /
        \bwat gebeurde er
    """),
    hosting=phrases(r"""
        \b(?:bedankt|dank je wel|dankjewel|dank u wel|dank)(?: \w+){0,2},? (?:voor (?:je|jullie|uw|de|het) (?:tijd|deelname|komst|meedoen|
        gesprek)|dat (?:je|u|jullie)) / \bvertel(?:t u)? (?:eens|me|mij|ons|daar|er|iets|maar) / \b(?:kun|kan|kunt|zou|zou kunnen) (?:je|
        u)(?: \w+){0,3} (?:vertellen|beschrijven|uitleggen|toelichten) / \bneem me (?:eens )?mee / \bvoordat we (?:beginnen|starten|
        afsluiten|stoppen) / \b(?:eerste|volgende|laatste) vraag / \bik (?:wil|zou) (?:je|u|graag)(?: \w+){0,3} (?:vragen|weten|horen) /
        \bwat gebeurde er (?:toen|daarna) / \bhoe (?:was|ging|voelde|verliep) (?:dat|het) / \bals je (?:één|iets|
        een)(?: \w+){0,3} (?:veranderen|wensen) / \b(?:nog iets|iets anders) (?:dat|wat) / \bik neem (?:dit|het) (?:gesprek )?op /
        \bdat waren (?:al )?mijn vragen
    """),
)
