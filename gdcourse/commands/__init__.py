"""What `python3 -m gdcourse` can do: one file for each command, and what they share."""
