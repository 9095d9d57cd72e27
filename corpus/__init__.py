"""What we know: reads, cleans and stores articles, each once, and cuts them into passages."""
