"""What is said of a story on other people's services, of which stories, and when."""
