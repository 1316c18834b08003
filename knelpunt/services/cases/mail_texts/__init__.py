"""The texts of the mails about a case. Some may be reworded by administrators: ``domain/post/letter_templates``."""
