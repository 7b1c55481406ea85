"""How a run is carried out: a thread, bursts in a worker process, snapshots and history. No Qt."""
