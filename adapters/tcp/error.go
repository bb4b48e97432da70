package tcp

import (
	"context"
	"errors"
	"net"
	"os"

	"github.com/fleetms/obdctl/internal/errs"
)

const joinHint = "join the adapter's own Wi-Fi network first (often named OBDII, WiFi_OBDII, V-LINK or the like), and check its address"

// dialError says why nobody could be reached and what to do about it.
func dialError(hostport string, err error) error {
	var lookup *net.DNSError
	var address *net.AddrError
	switch {
	case errors.As(err, &lookup):
		return errs.New(errs.NoAdapter, "connect to %s: host %q is not known", hostport, lookup.Name).
			WithHint("give the adapter's address in numbers, such as tcp://192.168.0.10:35000")
	case errors.As(err, &address):
		return errs.New(errs.Usage, "connect to %s: %s", hostport, address.Err).
			WithHint("the form is tcp://HOST:PORT, such as tcp://192.168.0.10:35000")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return errs.New(errs.NoAdapter, "connect to %s: no answer in time", hostport).WithHint(joinHint)
	case isRefused(err):
		return errs.New(errs.NoAdapter, "connect to %s: the host refuses the connection", hostport).
			WithHint("most adapters serve one program at a time: close the others; or the port is wrong (35000 and 23 are common)")
	case isUnreachable(err):
		return errs.New(errs.NoAdapter, "connect to %s: the network is not reachable", hostport).WithHint(joinHint)
	}
	return errs.New(errs.NoAdapter, "connect to %s: %w", hostport, err).WithHint(joinHint)
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
