// The Front room.
