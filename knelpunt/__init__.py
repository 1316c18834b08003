"""Knelpunt: cases about rules that block a liveability project, judged by the law of their day, and answered."""
