"""What the bot stores about servers and members: settings, answers, votes and audit log; and for how long."""
