"""What stays of a picture over a video, measured from the frames that a run has saved."""
