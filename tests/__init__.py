import gc

# Importing everything, and parsing pages, makes many objects in little time; looking for garbage at every 700 of them
# takes longer.
gc.set_threshold(50_000)
