"""The pages by which somebody hears of what becomes public about a topic: by mail, or as a feed."""
