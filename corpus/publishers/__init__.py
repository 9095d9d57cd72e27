"""Publishers: who they are, and the footers that recur in their articles."""
