"""The environment is read once, strictly: a mistake stops the start with a sentence, never with a surprise later."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import Config, ConfigError, Environment, MailSecurity
from knelpunt.adapters.uploads.virus_scanner import ClamdScanner
from knelpunt.installation import virus_scanner

SECRET = "0123456789abcdef0123456789abcdef"
PRODUCTION = {"SECRET_KEY": SECRET, "KNELPUNT_BASE_URL": "https://knelpunt.example.nl"}


@pytest.fixture
def demo(tmp_path):
    return {"KNELPUNT_ENV": "demo", "KNELPUNT_DATA_DIR": str(tmp_path)}


def test_without_a_word_it_is_production_and_that_needs_a_secret_and_an_address():
    with pytest.raises(ConfigError, match=r"KNELPUNT_BASE_URL|SECRET_KEY"):
        Config.from_environment({})
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config.from_environment({"KNELPUNT_BASE_URL": "https://knelpunt.example.nl"})
    with pytest.raises(ConfigError, match="KNELPUNT_BASE_URL"):
        Config.from_environment({"SECRET_KEY": SECRET})
    config = Config.from_environment(PRODUCTION)
    assert config.is_production
    assert config.is_https


def test_the_demo_needs_nothing_and_keeps_its_own_secret(demo):
    first = Config.from_environment(demo)
    assert first.environment is Environment.DEMO
    assert first.base_url == "http://localhost:8000"
    assert len(first.secret_key) == 64
    assert Config.from_environment(demo).secret_key == first.secret_key
    assert (first.data_dir / "secret-key").stat().st_mode & 0o077 == 0


def test_processes_that_start_at_once_agree_on_one_secret(demo):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Config.from_environment(demo).secret_key, range(8)))
    assert len(keys) == 1


def test_nothing_secret_is_shown_when_the_configuration_is_printed(demo):
    secret = {"SMTP_PASSWORD": "mail-geheim", "KNELPUNT_S3_SECRET_ACCESS_KEY": "s3-geheim", "SECRET_KEY": SECRET}
    config = Config.from_environment({**demo, **secret, "DATABASE_URL": "postgresql://a:db-geheim@host/x"})
    assert "geheim" not in repr(config)
    assert SECRET not in repr(config)


def test_the_owner_of_the_database_is_the_application_unless_another_one_is_named(demo):
    config = Config.from_environment({**demo, "DATABASE_URL": "postgres://app@host/x"})
    assert config.database_url == config.database_owner_url == "postgresql+psycopg://app@host/x"
    config = Config.from_environment(
        {**demo, "DATABASE_URL": "postgresql://app@host/x", "DATABASE_OWNER_URL": "postgresql://owner@host/x"}
    )
    assert config.database_owner_url == "postgresql+psycopg://owner@host/x"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KNELPUNT_ENV", "productie"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80a"),
        ("PORT", "-1"),
        ("PORT", "8" * 20),
        ("PORT", "\N{ARABIC-INDIC DIGIT EIGHT}0"),
        ("KNELPUNT_TRUSTED_PROXIES", "6"),
        ("KNELPUNT_ATTACHMENT_MAX_MB", "0"),
        ("KNELPUNT_CLAMD_PORT", "0"),
        ("KNELPUNT_BASE_URL", "knelpunt.example.nl"),
        ("KNELPUNT_BASE_URL", "https://knelpunt.example.nl/pad"),
        ("KNELPUNT_BASE_URL", "javascript:alert(1)"),
        ("SECRET_KEY", "kort"),
        ("SMTP_SECURITY", "ssl"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("DATABASE_URL", "host/x"),
    ],
)
def test_a_malformed_value_is_refused_by_name(demo, name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_environment({**demo, name: value})


def test_numbers_and_choices_are_read(demo):
    config = Config.from_environment(
        {**demo, "PORT": "9000", "HOST": "0.0.0.0", "KNELPUNT_ATTACHMENT_MAX_MB": "5", "SMTP_SECURITY": "tls"}
    )
    assert (config.port, config.attachment_max_bytes, config.smtp_security) == (9000, 5 * 1024**2, MailSecurity.TLS)
    assert config.base_url == "http://localhost:9000"


def test_a_virus_scanner_is_used_once_it_is_named(demo):
    assert virus_scanner(Config.from_environment(demo)) is None
    by_host = {**demo, "KNELPUNT_CLAMD_HOST": "clamd", "KNELPUNT_CLAMD_PORT": "3311"}
    assert virus_scanner(Config.from_environment(by_host)) == ClamdScanner("clamd", 3311)
    by_socket = {**by_host, "KNELPUNT_CLAMD_SOCKET": "/run/clamd.sock"}
    assert virus_scanner(Config.from_environment(by_socket)) == ClamdScanner(path=Path("/run/clamd.sock"))


def test_the_desk_has_addresses_of_no_one_until_somebody_names_them(demo):
    config = Config.from_environment(demo)
    assert config.contact_email.endswith(".example")
    assert config.security_contact.endswith(".example")
    named = {"KNELPUNT_CONTACT_EMAIL": "loket@stad.nl", "KNELPUNT_SECURITY_CONTACT": "https://stad.nl/melden"}
    config = Config.from_environment({**demo, **named})
    assert config.contact_email == "loket@stad.nl"
    assert config.security_contact == "https://stad.nl/melden"
    config = Config.from_environment({**demo, "KNELPUNT_SECURITY_CONTACT": "cert@stad.nl"})
    assert config.security_contact == "mailto:cert@stad.nl"


@pytest.mark.parametrize("name", ["KNELPUNT_CONTACT_EMAIL", "KNELPUNT_SECURITY_CONTACT"])
@pytest.mark.parametrize(
    "value", ["loket", "a@b", "a@b.nl\nContact: x", "http://stad.nl", "https://a.nl/ x", "@stad.nl"]
)
def test_an_address_that_is_none_stops_the_start(demo, name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_environment({**demo, name: value})


def test_old_keys_and_the_key_of_links_are_read(tmp_path):
    given = {"KNELPUNT_ENV": "test", "KNELPUNT_DATA_DIR": str(tmp_path)}
    keys = {"SECRET_KEY_FALLBACKS": "a" * 32 + "," + "b" * 32, "KNELPUNT_LINK_KEY": "c" * 32}
    config = Config.from_environment({**given, **keys})
    assert config.old_secret_keys == ("a" * 32, "b" * 32)
    assert config.link_key == "c" * 32
    for name in keys:
        with pytest.raises(ConfigError, match=name):
            Config.from_environment({**given, name: "short"})


def test_a_mailbox_needs_an_address_in_which_a_tag_fits(demo):
    assert Config.from_environment(demo).reply_address is None
    imap = {**demo, "IMAP_HOST": "imap.example.nl"}
    config = Config.from_environment({**imap, "KNELPUNT_REPLY_ADDRESS": "loket@example.nl"})
    assert (config.reply_address, config.imap_security, config.imap_port) == ("loket@example.nl", MailSecurity.TLS, 993)
    assert Config.from_environment({**imap, "KNELPUNT_MAIL_FROM": "post@example.nl"}).reply_address == "post@example.nl"
    for wrong in ("", "loket", "lo+ket@example.nl", "een-heel-lange-naam-hier@example.nl"):
        with pytest.raises(ConfigError, match="KNELPUNT_REPLY_ADDRESS"):
            Config.from_environment({**imap, "KNELPUNT_REPLY_ADDRESS": wrong})
