"""What the application's role may do with each table: what its code does, and nothing beside it.

Given anew after each migration, so that a new table has them too. A table that is not named may be read, added to and
changed; deleting is the exception.
"""

APP_ROLE = "knelpunt_app"
READ_ONLY = frozenset({"alembic_version"})
ADD_ONLY = frozenset(
    {
        "commitment_news",
        "events",
        "quarter_editions",
        "quarter_errata",
        "quarter_seals",
        "quarter_section_versions",
    }
)
DELETED = frozenset(
    {
        "account_tokens",
        "address_changes",
        "api_tokens",
        "attachments",
        "bottleneck_cases",
        "bottleneck_followers",
        "bulk_acts",
        "calendar_addresses",
        "case_labels",
        "case_links",
        "case_points",
        "case_presences",
        "case_search",
        "commitment_bottlenecks",
        "commitment_cases",
        "contacts",
        "delivery_failures",
        "digest_items",
        "disposal_cases",
        "drafts",
        "event_tries",
        "figure_facts",
        "figure_totals",
        "guide_followers",
        "guide_provisions",
        "import_rows",
        "import_runs",
        "incoming_mails",
        "incoming_sources",
        "job_runs",
        "law_successions",
        "ledger_builds",
        "letters",
        "login_attempts",
        "login_sessions",
        "messages",
        "notes",
        "notifications",
        "open_data_files",
        "outbox_events",
        "passkeys",
        "privacy_places",
        "privacy_requests",
        "proposals",
        "provision_successions",
        "provision_wordings",
        "public_texts",
        "recovery_codes",
        "retentions",
        "reviews",
        "running_workers",
        "saved_views",
        "sign_on_identities",
        "similar_cases",
        "spent_marks",
        "start_views",
        "submissions",
        "subscriptions",
        "tasks",
        "team_members",
        "teams",
        "totp_factors",
        "uploads",
        "usage_counts",
    }
)
"""The tables from which rows are deleted; those that hang on a deleted row go with it, by right of the owner."""


def rights_on(table: str) -> str:
    """The rights on one table, as GRANT writes them."""
    if table in READ_ONLY:
        return "SELECT"
    if table in ADD_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in DELETED else "SELECT, INSERT, UPDATE"


def _listed(tables: frozenset[str]) -> str:
    return ", ".join(f"'{table}'" for table in sorted(tables))


GRANT = f"""
DO $$
DECLARE
    found record;
BEGIN
    IF current_user = '{APP_ROLE}' OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        RETURN;
    END IF;
    FOR found IN
        SELECT tablename AS name, CASE
            WHEN tablename IN ({_listed(READ_ONLY)}) THEN '{rights_on(min(READ_ONLY))}'
            WHEN tablename IN ({_listed(ADD_ONLY)}) THEN '{rights_on(min(ADD_ONLY))}'
            WHEN tablename IN ({_listed(DELETED)}) THEN '{rights_on(min(DELETED))}'
            ELSE '{rights_on("")}'
        END AS rights
        FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM {APP_ROLE}', found.name);
        EXECUTE format('GRANT %s ON %I TO {APP_ROLE}', found.rights, found.name);
    END LOOP;
END $$
"""  # noqa: S608 - made of the names above
"""One statement for the owner, which may be sent as often as one likes."""
OWNED = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(tableowner, 'MEMBER') ORDER BY 1 LIMIT 1
"""
"""A table that the role that asks owns, or of whose owner it is a member; a superuser is a member of everything."""
TOO_MANY = f"""
SELECT tablename, given FROM pg_tables, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS given
WHERE schemaname = 'public' AND has_table_privilege(format('%I.%I', schemaname, tablename), given) AND CASE
    WHEN tablename IN ({_listed(READ_ONLY)}) THEN true
    WHEN tablename IN ({_listed(ADD_ONLY)}) THEN given <> 'INSERT'
    WHEN tablename IN ({_listed(DELETED)}) THEN given = 'TRUNCATE'
    ELSE given IN ('DELETE', 'TRUNCATE')
END ORDER BY 1, 2
"""  # noqa: S608 - made of the names above
"""What the role that asks may do beyond that: table and right."""
