"""The words by which names and addresses are told from other words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "van von de den der des ter ten te het 't t op in aan uit over onder voor bij la le du el al ben bin da di dos d"
)
"""Words between a first name and a surname."""

GIVEN_NAMES = _words(
    """
    aad aaltje abdel abdelkader abdullah achmed adam adriaan agnes ahmed ahmet aisha albert alex alexander ali alice
    alida amber amina amir amira andre andrea anita anja anke anna anne anneke annelies annemarie annemiek annie
    anouk antje antoinette anton ap arend arie arjan arjen arno arnold arthur astrid aukje ayse barbara bart
    bartholomeus bas bea beatrix ben benjamin bernard bert berta betty bianca birgit bjorn bob boris bram brigitte
    carla carlijn carolien caroline casper catharina cees celine charlotte chris christa christiaan christina
    christine claudia coen cor corinne cornelia cornelis corrie daan dani daniel danielle danny dave david debbie
    demi denise dennis diana dick dieuwertje dimitri dina dirk dominique dorien douwe eduard edwin eefje elif
    elisabeth ellen els elsa emiel emma emre erica erik erwin esmee esther eva evelien evert fadime fatih fatima
    fatma femke fenna ferdinand fleur floor floris foekje folkert fouad frank frans fred frederik frits gabriel
    geert geertje geertruida gerard gerda gerrit gert gertjan gijs goos greet greta guus hajar hakan hamid hanna
    hannah hanneke hannie hans harm harmen harold harrie harry hasan hassan hatice heidi hein heleen helena hella
    hendrik hendrika henk henny henri henriette herman hetty hidde hugo huib hussein ibrahim ids ilse imane ineke
    inge ingrid irene iris isabel ismail ivo jaap jack jacob jacoba jacqueline jacques jan janine janna janneke
    jannie jantje jasmijn jasper jeanette jeffrey jelle jeroen jesper jessica jet jip jitske jo joan job jochem joep
    johan johanna johannes john jolanda joost jordy joris jos josephine joyce judith julia julian juliette jurgen
    justin karel karen karim karin katja kees kelly kevin khadija khalid kim klaas koen kristel kyra lars laura
    laurens leen leendert leila lena leo leonie lianne lieke lies liesbeth lina linda lisa lisanne loes lotte louis
    louise luc lucas lucia luuk maaike maarten machteld madelon maike malika manon marc marcel maria marianne
    marieke marije marijke marijn marion marit marja marjan marjolein mark marleen martha martijn martin martina
    martine marwan mathilde matthijs maud maurice meike melissa menno merel mia michael michel michiel mieke miep
    mila milan milou mimoun minke mireille mirjam mohamed mohammed monique mustafa myrthe nadia naima nancy natasja
    nathalie nel nicole niek niels nienke nina noor noortje nora olga olivier omar onno oscar osman otto pascal
    patricia patrick paul paula pauline peter petra pien piet pieter pim priscilla quinten rachid raf ramon raymond
    renate rene renske richard rick rik rita rixt robbert robert robin roel roelof roland romy ron ronald rosa
    rosalie ruben rudolf ruth ruud sabine saida salima sam samira samuel sander sandra sanne sara sarah saskia
    sebastiaan selma sem serge shirley sietske sigrid silvia simon simone sjaak sjoerd sofie sonja sophie stef
    stefan stella steven stijn suzanne sven sylvia tamara tanja tara ted teun teunis thea theo thera thijs thomas
    tijmen tim tineke tjeerd tom ton toon trijntje truus ursula valerie vera vincent wendy wesley wiebe wieger
    wietske wijnand wilco wilhelmina willeke willem willemijn wim wout wouter yara yasmin yasmina youssef yusuf
    yvonne zeynep zoe
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
    beek brink burg dam dekker dijkstra driessen hoek hof huis kamp klein kroon laan lang mol muller peters poort ridder
    schouten slager smid snel steen stok straat tuin veld vogel vries wal weg winkel winter zand zee zomer zwart land
    park plein stad dorp bron roos bloem hart jansen wil mark rob faith mei iris linde bas daan noor max
    """
)
"""Names that are plain words as well: at the beginning of a sentence, or in small letters, they say nothing."""
NAMES_TOO = _words(
    "amber ad an ap arend ben bob cor erica floor frans ids jasmijn jet job leen lies marjolein merel nel piet ton toon"
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
NOT_A_STREET = _words("rijksweg snelweg autoweg spoorweg bestemmingsplan omgevingsplan")
NOT_A_PERSON_ENDINGS = (
    *STREET_ENDINGS,
    *_words("school college lyceum huis brug tunnel buurt stichting prijs hal kerk museum ziekenhuis arena fonds"),
)
SURNAMES_TOO = tuple(_words("akker brink burg dijk gaard hoek hof horst huis kamp veld waard zand"))
"""How places and surnames end: Veldhuis, Groeneveld, Wijngaard."""
COMMON_SURNAMES = _words("bakker veldhuis nijhuis nieuwenhuis veldkamp groeneveld middelburg boomgaard")
THINGS = (
    r"(?:woning|appartement|huis|huiz|studio|bom|boom|bank|plaats|plek|kamer|bewoner|winkel|eenhe|meter|jaar|jar|dag|week"
    r"|wek|maand|keer|kilometer|uur|graden|procent|euro|hectare|leerling|lokal|auto|bedrijf|bedrijv|fiets|pand)"
)
"""How words begin that are counted: a number before them is no house number."""
