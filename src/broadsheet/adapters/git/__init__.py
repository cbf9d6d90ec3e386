"""The content repository, through the git command line."""
