"""The pages on which somebody at a ministry answers a question of the desk, by a link and without an account."""
