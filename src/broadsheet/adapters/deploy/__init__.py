"""Places to deploy to: a git branch, a folder, S3, whatever rsync reaches."""
