"""What is typed on the step pages."""

VERDICT = {
    "verdict": "V4",
    "plain": "Het kan met een vergunning.",
    "legal": "Afwijken kan met een omgevingsvergunning.",
    "level": "gemeente",
    "route": "ontheffing_of_maatwerk",
}
PROPOSAL = {
    "text": "De gemeente kan tijdelijk afwijken.",
    "legal_basis": "Omgevingswet, artikel 5.1",
    "conditions": "Vraag een vergunning aan.",
    "who_acts": "Uw initiatief",
}
CLOSING = {"result": "via_experiment", "reason": "Het mag als proef.", "next_step": "De gemeente begint."}
TEXT = {"title": "Buurthuis", "question": "Mag het?", "answer": "Ja, tijdelijk."}
