"""Files a case by the statements that Knelpunt ran when it filed one, with this filing's own values in their places."""

import hashlib
import hmac
import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

import psycopg

from benchmarks.capture import BASE_URL, SECRET_KEY, Plan, Statement
from knelpunt.adapters.words.search_terms import to_document

_WHICH = re.compile(r"(case_id|cases_id|pk|draft_id|drafts_id|id|primary_keys)(_\d+|__\d+)?")
_OF_CASE = frozenset({"case_id", "cases_id", "pk"})
_OF_DRAFT = frozenset({"draft_id", "drafts_id", "id"})


def _said(statement: str, *starts: str) -> bool:
    return statement.startswith(starts)


def recorded(statements: list[Statement]) -> dict[str, Any]:
    """What was this one filing's own in the statements that were written down: its numbers, keys and addresses."""
    found: dict[str, Any] = {}
    for statement, values in statements:
        if _said(statement, "INSERT INTO cases"):
            found |= {"reference": values["reference"], "draft_key": values["draft_key"], "now": values["filed_at"]}
        elif _said(statement, "INSERT INTO submissions"):
            found["submission_key"] = values["key"]
        elif _said(statement, "INSERT INTO follow_links"):
            found |= {"case_id": values["case_id"], "public_id": values["public_id"], "nonce": values["nonce"]}
        elif _said(statement, "DELETE FROM drafts"):
            (found["draft_id"],) = values.values()
        elif _said(statement, "INSERT INTO outbox"):
            found["message_id"] = values["message_id"]
        elif _said(statement, "UPDATE submissions"):
            found["location"] = values["location"]
    return found


class _Filing:
    """One filing on its way: what was learned so far takes the place of what was recorded."""

    def __init__(self, plan: Plan, key: str, submission_key: str) -> None:
        then = plan.filed
        self.then = then
        self.public_id, self.nonce = secrets.token_hex(6), secrets.token_hex(16)
        self.now = datetime.now(UTC)
        self.texts: dict[Any, Any] = {
            then["draft_key"]: key,
            then["submission_key"]: submission_key,
            then["public_id"]: self.public_id,
            then["nonce"]: self.nonce,
            then["message_id"]: f"<{secrets.token_hex(16)}@knelpunt.example>",
            then["location"]: f"/melden/{key}/ontvangen",
        }
        self.case_id = self.draft_id = self.period_id = self.number = 0
        self.reference = self.previous = ""

    def values_for(self, statement: str, values: Any) -> Any:
        new = {name: self._value(name, value) for name, value in values.items()}
        if _said(statement, "INSERT INTO case_search"):
            new["documents"] = [to_document(f"{self.reference}\n{self.title}\n{self.description}")]
            new["ids"] = [self.case_id]
        elif _said(statement, "INSERT INTO outbox"):
            text = f"volgen:{self.public_id}:{self.nonce}".encode()
            mark = hmac.new(SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:32]
            body = re.sub(r"https://\S+/volgen/\w+", f"{BASE_URL}/volgen/{self.public_id}{mark}", values["body"])
            new["body"] = body.replace(self.then["reference"], self.reference)
            new["subject"] = values["subject"].replace(self.then["reference"], self.reference)
        elif _said(statement, "INSERT INTO events"):
            new |= {"number": self.number + 1, "previous_hash": self.previous}
            content = {name: str(value) for name, value in new.items() if name != "hash"}
            new["hash"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return new

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self.reference if value == self.then["reference"] else self.texts.get(value, value)
        if isinstance(value, datetime):
            return self.now
        which = _WHICH.fullmatch(name) if isinstance(value, int) else None
        if which is None:
            return value
        if which[1] in _OF_CASE and value == self.then["case_id"]:
            return self.case_id
        if which[1] in _OF_DRAFT and value == self.then["draft_id"]:
            return self.draft_id
        return self.period_id if which[1] == "primary_keys" else value

    def learn(self, statement: str, values: Any, row: Any) -> None:
        if _said(statement, "SELECT drafts.id"):
            self.draft_id = row[0]
        elif _said(statement, "INSERT INTO case_numbers"):
            self.reference = f"KNP-{self.now.year}-{row[0]:05d}"
        elif _said(statement, "INSERT INTO cases"):
            self.case_id, self.title, self.description = row[0], values["title"], values["description"]
        elif _said(statement, "INSERT INTO clock_periods"):
            self.period_id = row[0]
        elif _said(statement, "SELECT events.number"):
            self.number, self.previous = row[0], row[1]


def file_case(connection: psycopg.Connection[Any], plan: Plan, key: str, submission_key: str) -> None:
    """Everything in one transaction; an error of the database rolls all of it back."""
    filing = _Filing(plan, key, submission_key)
    with connection.transaction():
        for statement, values in plan.filing:
            new = filing.values_for(statement, values)
            cursor = connection.execute(statement, new)
            if cursor.description is not None:
                filing.learn(statement, new, cursor.fetchone())
