"""The second factor: set up, shown when somebody logs in or before a grave act, and taken away when it is lost."""
