"""The pages of the desk: work lists, the case page, and a page for each step."""
