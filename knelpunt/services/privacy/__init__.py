"""What people ask about their own data: export, and erasure with its proof."""
