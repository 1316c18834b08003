"""The version of the API, and where it stands: what the API is and what other parts of the site tell of it."""

API_VERSION = "1.0.0"
MAJOR = "v1"
BASE = f"/api/{MAJOR}"
