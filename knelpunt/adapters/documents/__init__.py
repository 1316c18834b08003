"""A quarter as the files of an office: text to edit, and sheets to count with."""
