"""Guards, fields, labels, filters and error pages that every part of the site uses."""
