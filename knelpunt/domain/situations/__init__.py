"""Situaties: patterns of facts in plain words, with the rules, answers and questions that come with them."""
