"""The quarters as everybody may read them: pages, and every form of a quarter made from its one edition."""
