"""What every service needs: the context of an act, events, clocks, submissions, search terms."""
