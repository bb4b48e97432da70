package uds

import "time"

// S3 is how long an ECU keeps a session without hearing anything (S3 server); KeepAlive is how often the
// tester says that it is there (S3 client).
const (
	S3        = 5 * time.Second
	KeepAlive = 2 * time.Second
)

// Present tells an ECU that the tester is there (service 3E); quiet asks for no reply.
func Present(quiet bool) []byte {
	request := []byte{byte(TesterPresent), 0}
	if quiet {
		request[1] = SuppressPositive
	}
	return request
}
