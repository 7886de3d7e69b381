"""Camera paths of other programs: one file a format, read to poses and written from them."""
