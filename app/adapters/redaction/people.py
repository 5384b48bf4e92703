"""Words that stand beside names, folded, in eight languages."""

import re

from app.adapters.redaction.lexicon import words

TITLES = words("""
    mr mrs ms miss mister missus missis dr doctor prof professor sir madam lady lord auntie aunty aunt uncle nurse pastor reverend
    rev sheikh haji imam rabbi mx herr frau fraulein doktor herrn monsieur madame mademoiselle mme mlle docteur maitre senor senora
    senorita sr sra srta don dona meneer mevrouw mevr dhr mw juffrouw senhor senhora seu doutor doutora signor signora signorina
    sig dottor dottore dottoressa dott ingegner avvocato tia tio tante oom onkel tonton tata zio zia nonna captain officer judge
    justice councillor mevr. grandma grandpa granny nan
""")
KIN = words("""
    husband wife partner son daughter sister brother mother father mum mom dad mam cousin niece nephew friend mate boyfriend
    girlfriend fiance fiancee neighbour neighbor colleague coworker boss manager supervisor assistant accountant lawyer solicitor
    therapist dentist cleaner plumber electrician builder landlord landlady tenant teacher tutor coach trainer rep agent advisor
    adviser consultant client customer driver courier receptionist secretary midwife nanny babysitter roommate flatmate housemate
    grandmother grandfather grandson granddaughter stepson stepdaughter stepdad stepmum uncle aunt auntie nurse guy man woman lady
    lad girl boy bloke kid dog cat director chef founder cofounder ceo cto cfo coo head lead buddy pal pastor vet doctor twin
    toddler baby eldest youngest ex fella chap person someone somebody intern technician engineer developer designer carer
    caregiver midwife physio broker handyman gardener hairdresser banker barista waiter waitress mann mutter vater mama papa
    schwester bruder sohn tochter freund freundin kollege kollegin chef chefin nachbar nachbarin tante onkel oma opa cousine
    vermieter steuerberater techniker arzt arztin hausmeister betreuer ansprechpartner ansprechpartnerin lehrer lehrerin mari femme
    fils fille soeur frere mere pere maman ami amie copain copine collegue patron patronne voisin voisine cousin comptable medecin
    gendre belle-soeur beau-frere conseiller conseillere compagnon compagne epoux epouse marido mujer esposa esposo hijo hija
    hermana hermano madre padre amigo amiga companero companera jefe jefa vecino vecina primo prima novio novia cunada cunado
    abuela abuelo gestor gestora cuñada man vrouw zoon dochter zus broer moeder vader vriend vriendin collega baas buurman
    buurvrouw neef nicht oma huisarts boekhouder filho filha irma irmao mae pai namorado namorada colega chefe vizinho vizinha
    sogra sogro mulher avo contador contadora marito moglie figlio figlia sorella fratello amico amica collega capo capa vicino
    vicina cugino cugina fidanzato fidanzata nonna nonno suocera commercialista
""")
POSSESSIVES = words("""
    my our his her their your the a an mein meine meinem meinen meiner unser unsere unserem dein ihr ihre sein seine der die ein
    eine mon ma mes notre son sa ton ta votre leur le la un une mi mis tu su nuestro nuestra el una mijn onze ons zijn haar hun de
    het een meu minha nosso nossa seu sua o a um uma mio mia nostro nostra suo sua il lo una this that another some as
""")
NAMED = (
    r"(?:names?(?:'s|’s| is| was|, is|'s is)|(?:called|named|nicknamed)|goes by|go by|went by|call me|call him|call her"
    r"|calls me|calls him|calls her|"
    r"spelled|spelt|introduced (?:himself|herself|themselves) as|(?:ask|asked|asking) for|short for|"
    r"dear|regards,?|sincerely,?|cheers,?|signed,?|maiden name was|surname is|first name is|last name is|answers? to|known as|name of|"
    r"ich hei(?:ß|ss)e|hei(?:ß|ss)t|mein name ist|name ist|namens|genannt|ein gewisser|eine gewisse|nennt mich|nennen mich|"
    r"je m['’]appelle|s['’]appelle|mon nom est|nomm[ée]e?|pr[ée]nomm[ée]e?|un certain|une certaine|appelle[zr]?-moi|moi c['’]est|"
    r"me llamo|se llama|mi nombre es|llamad[oa]|un tal|una tal|ll[aá]m[ae]n? |mijn naam is|heet|genaamd|noem me|ene|"
    r"chamo-me|me chamo|se chama|chama-se|meu nome [ée]|chamad[oa]|um tal|uma tal|mi chiamo|si chiama|il mio nome [eè]"
    r"|chiamat[oa]|un certo|una certa)"
)
"""After these comes a name, whatever it looks like."""
GREETING = (
    r"(?:i'm|i’m|i am|im|this is|it's|it’s|it is|that's|that’s|hi|hello|hey|hiya|thanks|thank you|welcome|bye|goodbye|morning"
    r"|evening|afternoon|"
    r"spoke (?:to|with)|speak (?:to|with)|speaking (?:to|with)|talked (?:to|with)|talk (?:to|with)|chatted (?:to|with)|met"
    r"|meet|with|to|from|"
    r"and|by|tell|told|ask|asked|emailed|email|texted|text|rang|ring|phoned|called|messaged|contacted|for|via|cc'd|invited|thanked|like|"
    r"says|said|says to|said to|was it|or|ich bin(?: der| die)?|hier (?:ist|spricht)|hallo|guten tag,?|danke|bonjour|merci"
    r"|salut|c['’]est|je suis|"
    r"soy|hola|gracias|ik ben|dag|bedankt|sou (?:o|a)|eu sou|ol[aá]|obrigad[oa]|sono|ciao|grazie|buongiorno|mit|von|avec|par"
    r"|chez|con|met|com|di)"
)
"""After these a name may come: it must be a known one or be capitalised."""
SPEAKS = words("""
    said says told tells asked asks replied answered explained suggested rang called emailed texted phoned mentioned thinks thought
    wanted wants knows knew goes went helped fixed showed sent sends came got gets did does tried took left joined works worked
    handles handled runs ran introduced recommended insisted promised agreed laughed reckons confirmed booked signed wrote set
    sorted picked was is had has hates loves likes uses used keeps kept never always just also who sagt sagte hat meinte dit disait
    dice dijo zegt zei heeft disse diz
""")
SPEAKS_STRONGLY = words("""
    said says told asked replied answered explained suggested rang emailed texted phoned mentioned thinks reckons insisted promised
    goes helped fixed showed introduced recommended sagt sagte meinte dit dijo dice zei disse picked sorted laughed
""")
PLACES_BEFORE = words("""
    in near from to at via around outside towards through leaving visiting across toward to in aus nach bei à a en desde hacia te
    naar uit em para ate da na no in vicino di de von van do of
""")
"""Before a word that is a town as well as a name, these mean the town."""
TOWNS = words("""
    paris london milan florence sydney austin charlotte victoria georgia jordan chelsea carolina virginia savannah madison lincoln
    washington houston dallas jackson phoenix orlando santiago valencia sofia israel india chad kenya asia lourdes lorraine
    adelaide alexandria verona siena roma cairo odessa vienna geneva bath berlin hamburg leon cordoba trinidad dakota boston lyon
    nice nantes brest tours kiel bonn essen ulm halle lima quito salvador victoria aurora brooklyn holland ireland england france
    germany spain italy china jamaica cuba york lancaster chester carlisle preston derby kent devon surrey sussex durham bradford
    leeds bristol stockholm oslo lagos accra nairobi delhi mumbai chennai kyoto tokyo seoul dublin cork belfast cardiff swansea
    glasgow edinburgh perth melbourne brisbane dunedin wellington auckland toronto montreal ottawa denver chicago cleveland
    columbus lafayette salem newark buffalo albany tucson memphis nashville raleigh richmond norfolk utrecht amsterdam rotterdam
    groningen porto lisboa braga recife natal torino bari napoli genova pisa bilbao sevilla granada murcia marseille lille toulouse
    bordeaux rennes munich koln köln munchen potsdam dresden leipzig bremen dubai pune goa ohio nevada montana texas arizona
    florida hoorn hove ely corfe fitzroy lekki cambridge oxford reading sheffield nottingham america africa europe australia canada
    mexico brazil corfu malta cyprus lisbon rome vancouver calgary manhattan hackney camden brighton newcastle manchester
    birmingham liverpool ely
""")
MONTHS = words(
    "april may june august avril mai juin aout juni juli mayo junio julio abril maio junho julho maggio giugno luglio summer autumn"
)
THINGS = words("""
    street road avenue lane station springs hospital airport park school university college bank bridge square hotel church island
    islands beach city hall stadium centre center clinic foundation award prize day disease syndrome method insurance group ltd inc
    sons brothers county river lake mountain valley bay cross palace tower towers museum library theatre theater arena house
    gallery gardens market mall store café cafe bar pub restaurant pharmacy court cathedral terminal line building museum festival
    cup trophy index scale test law theorem limited plc gmbh corp corporation company co airlines railway stadium secret crossing
    junction heath common green hill hills wells falls pass zoo
""")
"""After a name these make it a place, a firm or a thing, where they are capitalised."""
LOWER_THINGS = words("disease syndrome method insurance theorem scale test station airport hospital")
THING = re.compile(
    r"(?<!\w)(?:john lewis|marks (?:and|&) spencer|ben (?:and|&) jerry's?|jack daniel|johnnie walker|jim beam|calvin klein"
    r"|ralph lauren|tommy hilfiger|hugo boss|"
    r"paul smith|ted baker|kate spade|michael kors|louis vuitton|yves (?:saint|rocher)|giorgio armani|stella mccartney"
    r"|laura ashley|charles schwab|"
    r"morgan stanley|j\.?\s?p\.? ?morgan|merrill lynch|edward jones|goldman sachs|ernst (?:and|&)|trader joe|papa john"
    r"|jimmy john|johnson (?:and|&)|"
    r"procter|harley|john deere|warner bro|jo malone|est[ée]e lauder|elizabeth arden|mary kay|oscar mayer|aunt jemima"
    r"|uncle ben|dr\.? (?:pepper|martens?|"
    r"oetker)|betty crocker|sara lee|mickey mouse|harry potter|james bond|sherlock holmes|santa claus|father christmas"
    r"|jesus christ|uncle sam|leroy merlin|"
    r"albert heijn|charles de gaulle|alice springs|san francisco|los angeles|st\.? (?:louis|pancras|thomas)|king's cross"
    r"|rolls.royce|aston martin|"
    r"alfa romeo|mercedes.benz|thomas cook|william hill|fred perry|fortnum|harvey nichols|bath (?:and|&) body|abercrombie"
    r"|jean paul gaultier|pierre cardin|"
    r"christian dior|paul reed smith|les paul|ray.?ban|steve madden|hudson bay|dolce|dunkin|tim hortons|carl's jr"
    r"|little caesar|panda express|jack in the|"
    r"peter pan|snow white|joe bloggs|john doe|jane doe|murphy's law|catch.22|robin hood|big ben|phileas|st\.? john ambulance"
    r"|rosetta stone|ada lovelace)\w*",
    re.IGNORECASE,
)
"""Firms, characters and places that are named as people are."""
NEVER = words("""
    alexa siri cortana amazon mercedes tesla ford dell chase lloyds barclays wells fargo morgan-stanley goldman sachs lidl aldi
    asana jira figma miro canva stripe venmo zoom slack teams gemini copilot notion android hermes wendy's macy's trello google
    facebook instagram twitter netflix spotify apple microsoft adobe oracle salesforce dropbox paypal klarna revolut monzo starling
    uber lyft airbnb ebay etsy shopify wordpress squarespace wix hubspot zendesk intercom mailchimp photoshop excel word powerpoint
    outlook gmail safari chrome firefox edge windows linux whatsapp telegram signal discord tiktok snapchat linkedin pinterest
    reddit youtube twitch kindle echo roku sky virgin orange vodafone tesco sainsbury's asda waitrose argos ikea nokia sony samsung
    huawei siemens bosch philips dyson honda toyota nissan fiat renault peugeot volkswagen audi bmw volvo kia hyundai okta
    confluence atlassian github gitlab bitbucket monday tuesday wednesday thursday friday saturday sunday january february march
    june july august september october november december god jesus christ christmas easter diwali ramadan eid hanukkah santa
    english spanish french german dutch italian portuguese japanese chinese korean arabic welsh irish scottish british american
    montag dienstag mittwoch donnerstag freitag samstag sonntag ostern weihnachten januar februar juni juli lundi mardi mercredi
    jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo maandag dinsdag woensdag donderdag vrijdag
    zaterdag zondag segunda luglio gennaio febbraio lunedi martedi mercoledi giovedi venerdi mac ios iphone ipad chatgpt claude
    openai alipay wechat kakaotalk line nhs bbc ok okay sap tim poste bol kpn dhl ups fedex lg hp ibm ai it hr api pdf usb faq
    bank-of-america santander halifax nationwide natwest hsbc sparkasse commerzbank carrefour movistar nubank tikkie pathao
    headspace calm kyc barbie lego nike adidas puma levi's visa mastercard amex bitcoin wifi internet covid brexit kobo docusign
    workday webex skype sharepoint onedrive icloud quicken quickbooks xero sage marks spencer john-lewis macbook playstation xbox
    nintendo switch alexa's parkinson alzheimer crohn hodgkin asperger huntington tourette wendy domino denny macy levi mcdonald
    kellogg heinz cadbury nestle sainsbury morrisons boots kohl nordstrom dillard penney walmart costco walgreens pepper netto
    migros coop edeka rewe aldi dm penny auchan leclerc mercadona zara hema jumbo continente pingo esselunga conad tikkie bizum pix
    ideal klarna paypal bluetooth wordle duolingo strava fitbit wifi english ipa cv ceo url pdf faq pin sms gps aadhaar aadhar
    medicare medicaid kyc he she it we they you this that there here what when where why how who which janvier fevrier mars avril
    aout octobre novembre decembre septembre enero febrero marzo septiembre octubre noviembre diciembre januari februari maart
    augustus janeiro fevereiro marco setembro outubro dezembro febbraio aprile settembre ottobre dicembre oktober dezember marz
    juillet lunes hello oh in my hi hey yes no yeah thanks thank please sorry right exactly well also then so but and because
""")
"""Products, firms, days, months, peoples: capitalised, and nobody's name here."""
HONORIFICS_JA = "さん|様|さま|くん|君|ちゃん|氏|先生|殿"
NOT_PEOPLE_JA = words("""
    お客 皆 みな お母 お父 お兄 お姉 母 父 兄 姉 奥 店員 担当者 業者 医者 お医者 看護師 客 お子 子 お孫 お隣 隣 娘 息子 旦那 主人 お嬢
    王 たく 司会者 患者 王子 駅員 職員 社員 運転手 管理人 大家 同 諸 皆々 どちら 誰
    神 仏 何 おじい おばあ おじ おば じい ばあ お疲れ お世話 ご苦労 各 有 一 模 多 異 同様 仕 お客様
""")
