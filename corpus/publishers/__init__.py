"""Who publishes: what is known of publishers, and the lines that come back in their articles."""
