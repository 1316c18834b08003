"""File a case with an attachment, answer the first question about it, and read how it stands. Standard library only.

KNELPUNT_URL=https://… KNELPUNT_CLIENT=knelpunt-… KNELPUNT_SECRET=… python file_a_case.py GM0193 letter.pdf
"""

import base64
import json
import os
import sys
import time
import urllib.request
import uuid
from pathlib import Path

API = os.environ["KNELPUNT_URL"] + "/api/v1"
KEY = f"{os.environ['KNELPUNT_CLIENT']}:{os.environ['KNELPUNT_SECRET']}"
municipality, letter = sys.argv[1], Path(sys.argv[2])


def send(path, body=None, kind="application/json", authorization=""):
    request = urllib.request.Request(API + path, body, {"Authorization": authorization or f"Bearer {token}"})
    if body is not None:
        request.add_header("Content-Type", kind)
        request.add_header("Idempotency-Key", str(uuid.uuid4()))  # when you send it again: the same one
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def post(path, **values):
    return send(path, json.dumps(values).encode())


form = "application/x-www-form-urlencoded"
basic = "Basic " + base64.b64encode(KEY.encode()).decode()
token = send("/token", b"grant_type=client_credentials", form, basic)["access_token"]

draft = post(
    "/concepten",
    titel="Tijdelijke woningen op het veilingterrein",
    beschrijving="De provincie staat geen woningen toe langs het spoor, vanwege het geluid.",
    gemeente=municipality,
)
mark = uuid.uuid4().hex
head = f'--{mark}\r\nContent-Disposition: form-data; name="bestand"; filename="{letter.name}"\r\n\r\n'
parts = head.encode() + letter.read_bytes() + f"\r\n--{mark}--\r\n".encode()
send(f"/concepten/{draft['sleutel']}/bijlagen", parts, f"multipart/form-data; boundary={mark}")

case = post("/zaken", concept=draft["sleutel"], versie=draft["versie"], mandaat=True, gelezen=True)
number = case["nummer"]
print(f"{number}: {case['staat']}", flush=True)

while not (question := case["openVraag"]):  # in earnest: once an hour, from a timer
    time.sleep(float(os.environ.get("KNELPUNT_PAUSE", "3600")))
    case = send(f"/zaken/{number}")
print(question["tekst"])
case = post(f"/zaken/{number}/berichten/{question['id']}/antwoorden", tekst="De brief is van 2 maart 2026.")
print(f"{number}: {case['staat']}, aan zet: {case['aanZet']}, resultaat: {case['resultaat']}")
