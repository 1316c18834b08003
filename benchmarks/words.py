"""Dutch texts of any length for made-up cases: sentences from one drawn pool, with common and seldom words."""

import bisect
import itertools
import random

FUNCTION_WORDS = (
    "de het een van en in dat op voor met niet aan zijn er om ook als bij door uit naar maar over wordt deze die dan "
    "nog wel geen kan kunnen moet moeten heeft hebben werd tot na onder tussen zonder per volgens omdat terwijl"
)
FIELD_WORDS = (
    "gemeente buurt wijk bewoners initiatief vergunning omgevingsplan ontheffing regel artikel besluit aanvraag "
    "termijn bouwplan woning schuur dak gevel stoep plein boom tuin speelplek moestuin sloot oever brug pad fiets "
    "parkeerplaats laadpaal warmtepomp zonnepaneel isolatie geluid stank bodem water natuur vleermuis stikstof "
    "monument erfgoed welstand leegstand winkel kantoor kerk school klaslokaal zorg ouderen jongeren buurthuis "
    "eigenaar huurder corporatie provincie waterschap ministerie college raad ambtenaar loket toezicht handhaving "
    "boete leges kosten subsidie begroting contract pacht erfpacht verkoop sloop renovatie nieuwbouw tijdelijk "
    "flexwoning tiny splitsen hospitaverhuur urgentie briefadres inschrijving uitkering bijstand vrijwilliger "
    "vereniging stichting coöperatie energie warmtenet batterij windmolen molen kermis markt evenement muziek "
    "terras drank horeca brandveiligheid vluchtweg constructie toegankelijk rolstoel lift drempel verkeer snelheid "
    "zebrapad bus halte haven steiger boot zwemwater recreatie camping landbouw boerderij stal mest kas voedsel"
)
HEADS = (
    "bouw woon wijk buurt dorps stads water natuur energie warmte groen verkeers parkeer school zorg winkel kantoor "
    "monumenten omgevings geluids bodem milieu huur erf pacht speel sport muziek voedsel landbouw haven markt"
)
TAILS = (
    "plan regel kaart norm eis toets visie agenda overleg besluit beheer gebied ruimte project voorziening plek tuin "
    "gebouw fonds contract taak"
)
RARE_WORDS = ("ezelsbruggenproef", "dakkasvergunning", "kadefietsenstalling", "wadlopersloket")
"""Each stands in about one case of two hundred, so that a search has something to find in any number of cases."""
RARE_SHARE = 0.005
POOL_SIZE = 12_000


def _skewed(words: list[str]) -> list[float]:
    """Cumulative weights: the first words often, the last ones seldom."""
    return list(itertools.accumulate(1.0 / (place + 8) for place in range(len(words))))


class Writer:
    """Draws texts. The same seed gives the same texts."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        compounds = [head + tail for head in HEADS.split() for tail in TAILS.split()]
        random_.shuffle(compounds)
        self._small_words = FUNCTION_WORDS.split()
        self._words = [*FIELD_WORDS.split(), *compounds]
        self._weights = _skewed(self._words)
        self._pool = [self._sentence() for _ in range(POOL_SIZE)]

    def word(self) -> str:
        """One word of the field."""
        drawn = self._random.random() * self._weights[-1]
        return self._words[bisect.bisect_left(self._weights, drawn)]

    def title(self) -> str:
        return " ".join(self.word() for _ in range(self._random.randint(4, 8))).capitalize()

    def text(self, sentences: int) -> str:
        """That many sentences of some twelve words."""
        return " ".join(self._random.choices(self._pool, k=sentences))

    def story(self, sentences: int) -> str:
        """A text in which now and then one of the rare words stands."""
        text = self.text(sentences)
        for word in RARE_WORDS:
            if self._random.random() < RARE_SHARE:
                text += f" Het gaat om de {word}."
        return text

    def _sentence(self) -> str:
        words = [
            self._random.choice(self._small_words) if self._random.random() < 0.45 else self.word()
            for _ in range(self._random.randint(8, 16))
        ]
        return " ".join(words).capitalize() + "."
