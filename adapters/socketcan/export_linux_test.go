package socketcan

// What the tests look at from outside.
var (
	NewBus    = newBus
	Encode    = encode
	Decode    = decode
	Note      = note
	UpCommand = upCommand
	Explain   = explain
)
