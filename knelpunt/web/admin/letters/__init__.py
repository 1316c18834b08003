"""The fixed texts of letters: versions, compared, previewed and agreed to."""
