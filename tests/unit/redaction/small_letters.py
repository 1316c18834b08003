"""Twenty public texts with a name in small letters, and twenty without: written before the code that reads them.

Nobody in them exists."""

PLANTED: tuple[tuple[str, str], ...] = (
    ("mijn naam is jan de vries en ik wil een moestuin beginnen", "jan de vries"),
    ("ik heet fatima el idrissi en ik woon hier al lang", "fatima"),
    ("ik ben kees bakker van de buurtvereniging", "kees"),
    ("vraag het aan annelies de jong, zij heeft de sleutel", "annelies"),
    ("volgens mevrouw van der meer mag het niet", "van der meer"),
    ("de heer j. pietersen belde drie keer met de gemeente", "j. pietersen"),
    ("mijn buurman henk jansen klaagt over het geluid", "henk"),
    ("Mag de poort open blijven?\ngroetjes, marieke visser", "marieke"),
    ("Wij horen het graag.\nmet vriendelijke groet\npieter van dijk", "pieter"),
    ("de ambtenaar die dit zei heet gerard hoekstra", "gerard"),
    ("contactpersoon: sanne mulder, van de bewoners", "sanne"),
    ("het formulier is getekend door willem-jan de boer", "willem-jan"),
    ("mijn vrouw yasmina wil een kas bouwen op het dak", "yasmina"),
    ("mijn zoon daan kan met zijn rolstoel niet naar binnen", "daan"),
    ("wij, hans en ineke dijkstra, willen samen gaan wonen", "ineke"),
    ("Ik sprak erover met johan van den berg van de gemeente.", "johan"),
    ("de aanvraag is van mohamed bouazza en ligt al een jaar stil", "mohamed"),
    ("bel anders even met truus, die weet ervan", "truus"),
    ("mijn moeder, geertruida hoekstra, woont in de schuur", "geertruida"),
    ("namens de bewoners, wouter smit", "wouter"),
)
"""A text, and a part of what must be marked in it."""

HARMLESS: tuple[str, ...] = (
    "mijn naam is niet van belang voor deze vraag",
    "ik ben bewoner van de wijk en wil een tuin",
    "de heer of mevrouw die dit vraagt krijgt geen antwoord",
    "mijn man en ik willen een huis splitsen",
    "wij zijn op zoek naar grond in de gemeente",
    "volgens de wet mag het college afwijken",
    "ik heet u welkom in de buurt",
    "met vriendelijke groet van de hele straat",
    "de bakker en de smid mogen hun deur open houden",
    "het plan van de buurt is om de grond te pachten, tegen een lage prijs",
    "ik ben het niet eens met de gemeente",
    "mijn zoon kan met zijn rolstoel niet naar binnen",
    "in de bosrand bij de beek willen wij picknicktafels en een ton voor regenwater",
    "contactpersoon: nog niet bekend",
    "mijn moeder woont in de schuur achter het huis",
    "de roos en de iris staan in de tuin, de merel broedt en de hazelaar bloeit in mei",
    "vraag het aan de gemeente, zij heeft de sleutel",
    "rond de sint jan en op het st. jansplein mag geen markt komen",
    "ik sprak erover met het college van de gemeente",
    "de aanvraag is van de stichting en de vereniging samen, en wij doen er een schep bovenop",
)
