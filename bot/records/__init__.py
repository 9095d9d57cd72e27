"""What the bot keeps about servers and members: settings, answers asked for, votes, audit; and for how long."""
