//go:build linux || darwin

package simulator

import (
	"context"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/internal/errs"
)

// ServePTY lets one other program talk to the car of an address through a pseudo terminal, as if through
// a serial port. It returns the path to open; wait returns when the context has ended. The other program
// may close and open the path again and finds the same adapter.
func ServePTY(ctx context.Context, address string) (path string, wait func() error, err error) {
	o, err := parseAddress(address)
	if err != nil {
		return "", nil, err
	}
	c, err := loadCar(o)
	if err != nil {
		return "", nil, err
	}
	master, slave, err := openPTY()
	if err != nil {
		return "", nil, errs.New(errs.Unsupported, "open pty: %w", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer slave.Close() // held open, so that the master does not fail between two clients
		bridge(ctx, master, newPort(address, o, c, newClock(o.pace), true))
	}()
	return slave.Name(), func() error { <-done; return nil }, nil
}

// openPTY opens both ends: the slave raw, the master such that Close ends a Read under way.
func openPTY() (master, slave *os.File, err error) {
	blocking, slave, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer blocking.Close()
	if err := raw(slave); err != nil {
		slave.Close()
		return nil, nil, err
	}
	fd, err := unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		slave.Close()
		return nil, nil, err
	}
	return os.NewFile(uintptr(fd), blocking.Name()), slave, nil
}

// raw turns off echo, line editing and every translation.
func raw(f *os.File) error {
	fd := int(f.Fd())
	t, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag &^= unix.CSIZE | unix.PARENB
	t.Cflag |= unix.CS8
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, setTermios, t)
}
