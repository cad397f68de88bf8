// The Projectors room.
