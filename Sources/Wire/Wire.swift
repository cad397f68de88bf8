// The Wire room.
