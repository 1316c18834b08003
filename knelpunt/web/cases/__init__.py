"""The submitter's own cases: by follow link without an account, or inside an organisation."""
