// The log.
