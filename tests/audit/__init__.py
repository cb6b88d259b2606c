"""The audit: findings over time, on a tenant small enough to hold in one's head."""
