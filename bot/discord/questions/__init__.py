"""The path of a question or search from a member to the page that answers it."""
