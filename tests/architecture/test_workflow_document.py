"""docs/workflow.md says what the code does."""

from config import PROJECT_DIR
from knelpunt.commands.workflow_document import document


def test_the_document_is_the_one_that_the_code_gives():
    written = (PROJECT_DIR / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert written == document(), "run `knelpunt workflow-document > docs/workflow.md`"
