"""Writing the text of a sealed quarter: the pages of the author, of who agrees, and of the ministries that comment."""
