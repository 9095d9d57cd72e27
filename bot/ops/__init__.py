"""Operating a running bot: metrics, health checks, logs, and systemd notifications."""
