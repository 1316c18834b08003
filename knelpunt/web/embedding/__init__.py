"""Answers that other sites show in a frame, and how they find out how (oEmbed)."""
