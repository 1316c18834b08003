"""The pages by which somebody brings a file with cases in: the desk history, an organisation its backlog."""
