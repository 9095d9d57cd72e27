"""How a running bot is watched from outside: metrics, health, and what a service manager is told."""
