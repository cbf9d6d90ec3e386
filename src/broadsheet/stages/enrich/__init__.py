"""What the page does not say of itself: topics, the publisher's name, a true instant."""
