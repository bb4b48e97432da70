package socketcan

// What the tests look at from outside.
var (
	NewBus    = newBus
	Encode    = encode
	Decode    = decode
	Note      = note
	UpCommand = upCommand
	Explain   = explain

	NewChannel = newChannel
)

// Explain is how a channel sorts the errors of the kernel.
func (c *Channel) Explain(what string, err error) error { return c.explain(what, err) }
