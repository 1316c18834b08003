"""The words by which names and addresses are told from other words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "van von de den der des ter ten te het 't t op in aan uit over onder voor bij la le du el al ben bin da di dos d"
)
"""Words between a first name and a surname."""

GIVEN_NAMES = _words(
    """
    aad aaltje aart abdel abdelkader abdul abdullah achmed adam adri adriaan agnes ahmed ahmet aisha albert alex
    alexander ali alice alida amber amin amina amir amira anastasia andre andrea angela angelique anita anja anke
    anna anne anneke annelies annemarie annemiek annemieke annette annie anniek anouk antje antoinette anton antonio
    ap appie arend arie arjan arjen arno arnold arthur astrid aukje aylin ayse barbara barend bart bartholomeus bas
    bastiaan bea beatrix ben benjamin bernadette bernard bert berta betty bianca bilal birgit bjorn bob boris bouke
    bram brenda brigitte britt bruno burak carel carla carlijn carlo carmen carolien caroline casper catharina cees
    celine chantal charlotte chris christa christel christiaan christina christine cindy claudia clemens coby coen
    cor cora corine corinne cornelia cornelis corrie daan daisy dani daniel daniella danielle danny dave david
    debbie debby demi denise dennis desiree diana dick diederik dieuwertje dilara dimitri dina dirk dirkje ditmar
    dominique dorien doris douwe driss eddy edgar edith eduard edwin eefje eelco elif eline elisabeth elise ellen
    elly els elsa elsbeth elvira emiel emine emma emmy emre erica erik erika erna ernst erwin esmee esther eva
    evelien evelyn evert fadi fadime farah farid fatih fatima fatma femke fenna ferdinand ferry fien fleur floor
    floris foekje folkert fouad francien francis frank frans fred frederik freek frits gabriel gea geert geertje
    geertruida george gerard gerda gerrit gerritje gert gertjan gerwin gijs gisela goos grace greet greetje greta
    guus gwen hajar hakan halil hamid hamza hanna hannah hanneke hannie hans harald harm harmen harold harrie
    harriet harry hasan hassan hatice heidi hein heleen helena helga hella hendrik hendrika henk henny henri
    henriette herman hetty hidde hilda hilde hubert hugo huib huseyin hussein ibrahim ida ids ilse imane ina ineke
    inge ingeborg ingrid irene iris irma isa isabel isabella ismail ivo jaap jack jaco jacob jacoba jacqueline
    jacques jade jamal jan janine janna janneke jannie janny jantje jarno jasmijn jasper jayden jeanette jeanne
    jeffrey jelle jennifer jeroen jesper jesse jessica jet jildou jill jip jitske jo joan joanna job jochem joep
    johan johanna johannes john johnny joke jolanda jolien joop joost jordy jorien joris jorrit jos jose josephine
    josine joyce judith julia julian juliette jurgen jurre justin karel karen karim karin karl kasper katarzyna
    katja kees kelly kevin khadija khalid kim klaas koen koos krijn kristel krzysztof kyra lars laura laurens lea
    leen leendert leila lena leni lennart leo leon leonie lia lianne lieke lies liesbeth lilian lina linda lisa
    lisanne lodewijk loes lotte louis louise luc lucas lucia luuk lydia maaike maarten maartje machteld madelon mady
    maike malika manon marc marcel margreet margriet maria marian marianne marie marieke mariella marije marijke
    marijn marika marina mario marion mariska marissa marit marja marjan marjolein marjolijn mark marleen marlies
    marloes martha martijn martin martina martine marwan mathijs mathilde mats matthijs maud maurice maxime mees
    mehmet meike melanie melissa menno merel merijn mia michael michel michelle michiel mieke mien miep mike mila
    milan milou mimoun minke miranda mireille mirjam mohamed mohammed moniek monique moussa muhammed murat mustafa
    myriam myrthe nadia nadine naima nancy naomi natasja nathalie neeltje nel nelleke nick nico nicole nicolien niek
    niels nienke nina noah noor noortje nora noud olaf olga olivier omar onno oscar osman otto pascal patricia
    patrick paul paula pauline peter petra philip pia pien piet pieter pim piotr pleun priscilla quinten rachid raf
    ralf ramon raymond rebecca reinier reinoud remco remko renate rene renske ria rianne richard rick rien rik rina
    rita rixt rob robbert robert robin roel roelof rogier roland rolf romy ron ronald rosa rosalie rosanne ruben
    rudi rudolf rutger ruth ruud ryan saar sabine said saida salima salma sam samantha samir samira samuel sander
    sandra sanne sara sarah saskia sebastiaan selma sem serge shirley sieb siebe siebren sietse sietske sigrid silke
    silvia simon simone sjaak sjef sjoerd sofie sonja sophie stan stef stefan stefanie stella stephan steven stijn
    suzan suzanne sven svetlana sylvia tamara tanja tara ted tessa teun teunis thea theo theodora thera thijs thomas
    thorsten tiemen tijmen tim timo tineke titia tjeerd tjitske tom tomasz ton tonnie toon trijntje trudy truus twan
    ursula valentijn valerie vera veronica veronique victor vincent wendy wesley wessel wiebe wieger wietske wijnand
    wilco wilhelmina willeke willem willemijn wilma wim wout wouter xander yara yasin yasmin yasmina yolanda youssef
    yusuf yvette yvonne zainab zeynep zoe
    """
)
"""First names in common use, without accents. Those that are plain words too are left out."""

ORGANISATION_WORDS = _words(
    """
    stichting vereniging gemeente provincie ministerie waterschap woningcorporatie corporatie woonstichting
    woningstichting woningbouwvereniging woningbouw wonen woning bv nv vof cv ua groep bureau dienst cooperatie
    energiecooperatie bewonersinitiatief initiatief initiatiefnemers buurthuis dorpshuis wijkraad wijkcentrum college
    raad rijk rijkswaterstaat rijksdienst school schoolbestuur basisschool universiteit hogeschool bank bewoners
    organisatie instituut museum bibliotheek loket bond unie partij platform netwerk overleg autoriteit inspectie
    commissie rechtbank hof staten kamer eu europese nederland nederlandse team project proef plan fonds coalitie
    """
)
OFFICES = _words(
    """
    minister ministers staatssecretaris burgemeester wethouder wethouders voorzitter commissaris gedeputeerde kamerlid
    raadslid notaris rechter koning koningin dijkgraaf secretaris ambtenaar directeur griffier inspecteur
    """
)
LAW_WORDS = _words(
    """
    wet besluit regeling artikel bijlage verordening omgevingswet huisvestingswet leegstandwet woningwet participatiewet
    grondwet awb wabo wro bro bor bbl bkl bal ob rv wmo avg kamerstukken staatsblad staatscourant stb stcrt trb ecli
    bestemmingsplan omgevingsplan richtlijn tabel lid onderdeel hoofdstuk paragraaf
    """
)
STARTERS = _words(
    """
    de het een er dit dat die deze ik u wij we zij ze hij hun haar ons onze mijn uw jullie en of maar want dus als dan
    toen nu ook niet geen wel nog al in op aan van voor met zonder bij naar om uit over onder tot tegen door na sinds
    volgens daarom daardoor toch wat wie waar wanneer waarom hoe welke welk mag mogen kan kunnen moet moeten wil willen
    is zijn was waren heeft hebben had hadden wordt worden werd werden zal zullen ja nee echter omdat terwijl daar
    hier eerst later straks elk elke iedere ieder alle alles veel weinig meer sommige andere beide tijdens tussen
    binnen buiten boven volgens helaas graag misschien inmiddels bovendien verder
    """
)
"""Words that begin a sentence, and so have a capital that says nothing."""
NO_NAME = ORGANISATION_WORDS | OFFICES | LAW_WORDS | STARTERS
"""Words that are no name of a person, although they may have a capital."""

SAID_OF_A_NAME = _words(
    """
    bekend onbekend genoemd genoteerd vermeld ingevuld opgegeven hierboven hieronder bovenstaand bijgevoegd anoniem
    geheim vertrouwelijk veranderd gewijzigd verkeerd fout juist hetzelfde gelijk iedereen allen allemaal mensen
    bezoekers gasten bewoners welkom voluit eigenlijk gewoon trouwens blij bang boos klaar bezig bewoner eigenaar
    huurder lid kwijt buurt oud jong ziek zelfstandig werkzaam verplicht dus nu hier daar belangrijk belang
    """
)
"""What people write after "mijn naam is", "ik heet" or "ik ben" that is no name."""
ROLE_WORDS = _words(
    """
    behandelaar triagist toetser hoofd beheerder eigenaar auteur auditor indiener medewerker medewerkers account
    proefaccount proefpersoon proef test demo loket bureau redactie secretariaat bestuur contactpersoon afdeling balie
    organisatiebeheerder regelknelpunt kwartaal gemeente demoaccount voorbeeld een twee drie vier vijf persoon naam
    """
)
"""Words in the name of an account or contact that point at nobody."""
WORDS_TOO = _words(
    """
    bakker visser smit boer groot jong berg dijk bos meer vos kok koning prins wit bruin haan graaf post schipper
    timmerman brouwer mulder molenaar water heuvel broek ven linde linden vliet veen kuiper jager kramer wolf leeuw
    beek brink burg dam dekker hoek hof huis kamp klein kroon laan lang mol poort ridder
    schouten slager smid snel steen stok straat tuin veld vogel vries wal weg winkel winter zand zee zomer zwart land
    park plein stad dorp bron roos bloem hart wil mark rob faith mei iris linde bas daan noor max
    """
)
"""Names that are plain words as well: at the beginning of a sentence, or in small letters, they say nothing."""
NAMES_TOO = _words(
    "amber ad an ap arend ben bob cor erica ernst floor frans ids jade jasmijn jet job koos leen lies marina marjolein"
    " mees merel nel piet rob said ton toon"
)
"""First names that are plain words in small letters: alone they say nothing."""
GROUP_ENDINGS = tuple(
    _words(
        """
        groep cafe comite initiatief huis kamer tafel winkel tuin ploeg team club vereniging commissie buurt school
        delers cooperatie kring werkplaats vrienden bewoners ouders starters genoten kerk koor bond raad centrum
        stichting collectief gemeenschap netwerk lab atelier platform hof dorp wijk straat project plan bv fonds
        """
    )
)
"""How the first word of a name ends that is a group's: such a name points at nobody."""

STREET_ENDINGS = _words(
    """
    straat straatje laan weg plein gracht kade dijk singel pad plantsoen dreef steeg hof hoven hove markt baan wal park
    einde eind oord waard zand zoom kamp kwartier wijk haven werf gaarde gaard akker brink burg veld weide rak rade
    horst eiland duin bocht boulevard promenade allee lei hoek
    """
)
NOT_A_STREET = _words(
    "rijksweg snelweg autoweg spoorweg bestemmingsplan omgevingsplan blok gebouw cluster fase deel kavel hal toren"
)
NOT_A_PERSON_ENDINGS = (
    *STREET_ENDINGS,
    *_words(
        """
        school college lyceum huis brug tunnel buurt stichting prijs hal kerk museum ziekenhuis arena fonds kazerne
        gebouw centrum flat toren fabriek polder hoeve boerderij kapel klooster sluis station stadion theater
        bibliotheek loods gemaal kliniek gymnasium academie instituut passage kwekerij zwembad
        """
    ),
)
SURNAMES_TOO = tuple(_words("akker brink burg dijk gaard hoek hof horst huis kamp veld waard zand"))
"""How places and surnames end: Veldhuis, Groeneveld, Wijngaard."""
COMMON_SURNAMES = _words(
    """
    jansen peters muller dijkstra driessen bakker veldhuis nijhuis nieuwenhuis veldkamp groeneveld middelburg boomgaard
    """
)
THINGS = (
    r"(?:woning|appartement|huis|huiz|studio|bom|boom|bank|plaats|plek|kamer|bewoner|winkel|eenhe|meter|jaar|jar|dag|week"
    r"|wek|maand|keer|kilometer|uur|graden|procent|euro|hectare|leerling|lokal|auto|bedrijf|bedrijv|fiets|pand)"
)
"""How words begin that are counted: a number before them is no house number."""
