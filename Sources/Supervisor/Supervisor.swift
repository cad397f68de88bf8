// The Supervisor room.
