"""docs/workflow.md says what the code does."""

from config import PROJECT_DIR
from knelpunt.commands.workflow_document import document
from knelpunt.domain.bottlenecks import OPEN, RULES, TRACKS, BottleneckStatus


def test_the_document_is_the_one_that_the_code_gives():
    written = (PROJECT_DIR / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert written == document(), "run `knelpunt workflow-document > docs/workflow.md`"


def test_the_track_of_a_rule_bottleneck_is_drawn_and_told_whole():
    _case, _heading, track = document().partition("## The track of a rule bottleneck")
    assert track.count("```mermaid") == 1
    for rule in RULES:
        words = rule.step.removeprefix("regelknelpunt_").replace("_", " ")
        assert any(line.startswith(f"| {words} |") for line in track.splitlines()), rule.step
        for source in rule.sources:
            assert rule.target is None or f"{source} --> {rule.target}: {words}" in track
    for choice in TRACKS:
        assert f"| {choice.replace('_', ' ')} |" in track
    for status in BottleneckStatus:
        assert (f"{status} --> [*]" in track) == (status not in OPEN)
