"""The live view: a generation plus what came and went since, within what a reader may see."""
