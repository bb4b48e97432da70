package socketcan

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The socket options of linux/can/isotp.h (Linux 5.10 and later).
const (
	solISOTP     = unix.SOL_CAN_BASE + unix.CAN_ISOTP
	isotpOptions = 1
	isotpLayer   = 5

	isotpPadded = 0x0004 // CAN_ISOTP_TX_PADDING

	fdFrame     = 72 // CANFD_MTU: struct canfd_frame
	fdData      = 64 // bytes of a frame
	largestISO  = 4095
	channelRead = largestISO + 1
)

// ChannelOptions say how messages are cut into frames.
type ChannelOptions struct {
	Padded bool
	Pad    byte
	FD     bool // CAN FD frames with the faster bit rate for the data
}

// ProbeChannel tells whether the kernel has ISO 15765-2 (CAN_ISOTP); where it has not, the error is
// [errs.Unsupported] with what would help.
func ProbeChannel(name string) error {
	fd, err := unix.Socket(unix.AF_CAN, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.CAN_ISOTP)
	if err != nil {
		return noChannel(name, err)
	}
	return unix.Close(fd)
}

// noChannel is the error of a kernel without ISO 15765-2.
func noChannel(name string, err error) error {
	return errs.New(errs.Unsupported, "open %s: this kernel has no ISO-TP (CAN_ISOTP): %w", name, err).
		WithHint("load it: sudo modprobe can-isotp (Linux 5.10 and later); or leave isotp=kernel out: our own transport protocol needs no module")
}

// OpenChannel opens the kernel's transport protocol between two identifiers of an interface.
func OpenChannel(_ context.Context, device string, o Options, c ChannelOptions, request, reply can.ID) (*Channel, error) {
	name := o.name(device)
	face, err := net.InterfaceByName(device)
	if err != nil {
		return nil, missing(device, o)
	}
	fd, err := unix.Socket(unix.AF_CAN, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.CAN_ISOTP)
	if err != nil {
		return nil, noChannel(name, err)
	}
	if err := shape(fd, c); err != nil {
		_ = unix.Close(fd) // the error before is the one to tell
		return nil, explain(device, o, "open ISO-TP on", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrCAN{Ifindex: face.Index, RxID: kernelID(reply), TxID: kernelID(request)}); err != nil {
		_ = unix.Close(fd) // as above
		return nil, explain(device, o, "open ISO-TP on", err)
	}
	return newChannel(fd, name)
}

// shape sets padding and the size of frames; struct can_isotp_options and can_isotp_ll_options.
func shape(fd int, c ChannelOptions) error {
	if c.Padded {
		options := make([]byte, 12)
		binary.NativeEndian.PutUint32(options, isotpPadded)
		options[9] = c.Pad
		if err := unix.SetsockoptString(fd, solISOTP, isotpOptions, string(options)); err != nil {
			return fmt.Errorf("ask for padding: %w", err)
		}
	}
	if c.FD {
		if err := unix.SetsockoptString(fd, solISOTP, isotpLayer, string([]byte{fdFrame, fdData, fdBRS})); err != nil {
			return fmt.Errorf("ask for CAN FD: %w", err)
		}
	}
	return nil
}

func kernelID(id can.ID) uint32 {
	if id.IsExtended() {
		return id.Raw() | flagExtended
	}
	return id.Raw()
}

// Channel is one pair of identifiers on which the kernel speaks ISO 15765-2: a datagram is a message.
type Channel struct {
	file *os.File
	raw  syscall.RawConn
	name string
}

func newChannel(fd int, name string) (*Channel, error) {
	f, raw, err := asFile(fd, name)
	if err != nil {
		return nil, errs.New(errs.Internal, "open %s: %w", name, err)
	}
	return &Channel{f, raw, name}, nil
}

// Send hands a message to the kernel, which sends its frames. While it sends another one it takes none.
func (c *Channel) Send(ctx context.Context, message []byte) error {
	limit := time.Now().Add(fullLimit)
	for {
		var failed error
		control := c.raw.Control(func(fd uintptr) { _, failed = unix.Write(int(fd), message) })
		switch {
		case control != nil:
			return c.lost("send", control)
		case failed == nil:
			return nil
		case errors.Is(failed, unix.EAGAIN), errors.Is(failed, unix.EINTR), errors.Is(failed, unix.ENOBUFS):
		default:
			return c.explain("send", failed)
		}
		if time.Now().After(limit) {
			return &link.Fault{Text: "BUS BUSY", Err: errs.New(errs.Adapter, "%s: nothing could be sent for a second", c.name).
				WithHint("no other node acknowledges: check the plug, the ignition and the bit rate")}
		}
		if err := rest(ctx, fullPause); err != nil {
			return err
		}
	}
}

// Receive returns the next message.
func (c *Channel) Receive(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.file.SetReadDeadline(time.Unix(1, 0)) }) // a closed file wakes by itself
	defer stop()
	buffer := make([]byte, channelRead)
	var n int
	var failed error
	waited := c.raw.Read(func(fd uintptr) bool {
		n, failed = unix.Read(int(fd), buffer)
		return !errors.Is(failed, unix.EAGAIN) && !errors.Is(failed, unix.EINTR)
	})
	switch {
	case ctx.Err() != nil && waited != nil:
		return nil, ctx.Err()
	case waited != nil:
		return nil, c.lost("receive", waited)
	case failed != nil:
		return nil, c.explain("receive", failed)
	case n == 0:
		return nil, c.lost("receive", unix.ENODEV)
	}
	return buffer[:n], nil
}

// explain sorts the errors by which the kernel ends a transfer (Documentation/networking/iso15765-2.rst).
func (c *Channel) explain(what string, err error) error {
	switch {
	case errors.Is(err, unix.ETIMEDOUT), errors.Is(err, unix.EILSEQ), errors.Is(err, unix.EBADMSG):
		return fmt.Errorf("%s on %s: %w: %w", what, c.name, link.ErrIncomplete, err)
	case errors.Is(err, unix.ECOMM):
		return fmt.Errorf("%s on %s: no flow control within a second: %w", what, c.name, link.ErrNoReply)
	case errors.Is(err, unix.EMSGSIZE):
		return errs.New(errs.Unsupported, "%s on %s: the ECU cannot take a message of this length: %w", what, c.name, err)
	}
	return c.lost(what, err)
}

func (c *Channel) lost(what string, err error) error {
	return &link.Fault{Lost: true, Err: errs.New(errs.Adapter, "%s on %s: %w", what, c.name, err)}
}

// Close ends the channel; the kernel ends what is under way.
func (c *Channel) Close() error { return c.file.Close() }
