"""The header of an account stands the same on every page, and nothing in it covers anything else."""

import pytest

from knelpunt.domain.vocabulary import Role
from tests.e2e.people import Person, account_of, log_in

PLACES = """
() => {
  const box = name => {
    const found = document.querySelector(name);
    if (!found || found.getBoundingClientRect().width <= 2) return null;
    const {left, right, top, height} = found.getBoundingClientRect();
    return [left, right, top, height].map(Math.round);
  };
  const inRow = innerWidth >= 360 && innerWidth < 704 ? ['.kn-menu-button'] : [];  // else it has a row of its own
  const parts = ['.kn-mark__sign', '.kn-mark__name', ...inRow, '.kn-languages', '.kn-account'].map(box).filter(Boolean);
  return {
    stands: {
      height: box('.kn-header')[3], mark: box('.kn-mark'),
      first: box('.kn-nav__item')?.toSpliced(1, 1),  // where it ends differs: the page that one is on is bold
      account: box('.kn-account').slice(1),  // where it begins differs: a name gives way to the language
    },
    covers: parts.some((part, at) => at > 0 && part[0] < parts[at - 1][1]),
  };
}
"""


@pytest.mark.parametrize(
    ("role", "organisation", "work"),
    [
        (Role.FILER, "Gemeente Zwolle", "/onze-zaken"),
        (Role.TRIAGER, None, "/werkvoorraad"),
        (Role.ADMINISTRATOR, None, "/beheer"),
    ],
)
def test_it_does_not_move_from_page_to_page(site, new_page, check_page, role, organisation, work):
    person = log_in(Person(new_page(), check_page), account_of(site, role, organisation))
    page = person.page
    for width in (320, 390, 768, 1024, 1152, 1280, 1472, 1728):
        page.set_viewport_size({"width": width, "height": 900})
        seen = []
        for path in ("/", work):
            page.goto(path)
            page.evaluate("document.querySelector('.kn-account__name').textContent = 'Een heel lange naam van iemand'")
            seen.append(page.evaluate(PLACES))
        reading, working = seen
        assert reading["stands"] == working["stands"], (role, width)
        assert not reading["covers"] and not working["covers"], (role, width)
