"""A page in another language: one view behind two addresses, told apart by the first part of the address."""

import re

import pytest

PAGES = ("/", "/knelpunten", "/wetten", "/over/werkwijze", "/contact", "/melden", "/volgen/kwijt")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_in_which_language_it_is_and_where_the_others_are(client, path):
    for prefix, code, other in (("", "nl", "en"), ("/en", "en", "nl")):
        answer = client.get(prefix + path)
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == code
        page = answer.get_data(as_text=True)
        assert f'<html lang="{code}"' in page
        switch = re.search(r'<nav class="kn-languages".*?</nav>', page, re.DOTALL).group()
        there = path if other == "nl" else f"/en{path}"
        assert f'href="{there}" lang="{other}" hreflang="{other}"' in switch
        assert dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)) in (
            {},
            {
                "nl": f"http://localhost{path}",
                "en": f"http://localhost/en{path}",
                "x-default": f"http://localhost{path}",
            },
        )
