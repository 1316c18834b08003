"""What every service needs: the context of an act, bounds, events, clocks, submissions, search terms."""
