"""What the console commands do, apart from how they are typed."""
