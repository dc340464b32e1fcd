"""The compose target: docker-compose.yml on a Docker engine of this host."""
