// The Audit room.
