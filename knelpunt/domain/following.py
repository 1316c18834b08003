"""Following by e-mail, without an account: for how long, and what is said when it is asked for too often."""

from knelpunt.domain.texts import Text

FOLLOWED_MONTHS = 24
"""How long an address of a follower is kept after it was confirmed."""
UNCONFIRMED_DAYS = 7
"""How long an address is kept that nobody confirmed."""
TOO_OFTEN = Text("U vroeg dit een paar keer kort na elkaar. Wacht een kwartier en probeer het dan opnieuw.")
LINK_OVER = Text("Deze link werkt niet meer. Misschien bent u al gestopt met volgen, of is de link ouder dan 7 dagen.")
