package doip

import (
	"context"
	"errors"
	"net"
	"os"

	"github.com/fleetms/obdctl/internal/errs"
)

const cableHint = "plug the DoIP cable in, switch the ignition on, and give the computer an address in the vehicle's network " +
	"(169.254.x.x, by DHCP or link-local); doip:// without a host looks for vehicles"

// dialError says why nobody could be reached and what to do about it.
func dialError(hostport string, err error) error {
	var lookup *net.DNSError
	var timeout interface{ Timeout() bool }
	if explained := certificateError(hostport, err); explained != nil {
		return explained
	}
	switch {
	case errs.KindOf(err) == errs.Usage:
		return err
	case errors.As(err, &lookup):
		return errs.New(errs.NoAdapter, "connect to %s: host %q is not known", hostport, lookup.Name).
			WithHint("give the vehicle's address in numbers, or doip:// alone to look for it")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errs.New(errs.NoAdapter, "connect to %s: no answer in time", hostport).WithHint(cableHint)
	case isRefused(err):
		return errs.New(errs.NoAdapter, "connect to %s: the host refuses the connection", hostport).
			WithHint("nobody speaks DoIP there; vehicles use port 13400, and 3496 with tls=1")
	}
	return errs.New(errs.NoAdapter, "connect to %s: %w", hostport, err).WithHint(cableHint)
}
