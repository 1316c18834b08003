"""Work lists and dashboards of the desk."""
