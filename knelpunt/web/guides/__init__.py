"""The ruimtewijzers: the public answers, the path to them before filing, their claims, and their desk."""
