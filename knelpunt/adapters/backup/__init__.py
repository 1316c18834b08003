"""What a backup is made with: PostgreSQL's own dump, a sum of every row, and a folder of sealed parts."""
