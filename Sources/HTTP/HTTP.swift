// The HTTP room.
