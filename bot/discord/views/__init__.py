"""What each kind of answer looks like in Discord; pure functions from data to pages."""
