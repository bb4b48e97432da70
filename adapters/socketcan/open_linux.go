package socketcan

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// receiveBuffer is asked of the kernel in bytes: some seconds of a full bus.
const receiveBuffer = 4 << 20

// Open opens the interface. Errors are of kind [errs.NoAdapter] with the command that helps as hint, or
// [errs.Unsupported] where the kernel has no CAN.
func Open(ctx context.Context, device string, o Options) (link.Bus, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	face, err := ready(ctx, device, o)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_CAN, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.CAN_RAW)
	if err != nil {
		return nil, explain(device, o, "open", err)
	}
	if err := configure(fd, face.Index, o); err != nil {
		_ = unix.Close(fd) // the error before is the one to tell
		return nil, explain(device, o, "open", err)
	}
	return newBus(fd, o.name(device), device, o)
}

// ready finds the interface and sees that it is up.
func ready(ctx context.Context, device string, o Options) (*net.Interface, error) {
	face, err := net.InterfaceByName(device)
	if err != nil {
		return nil, missing(device, o)
	}
	if face.Flags&net.FlagUp != 0 {
		return face, nil
	}
	if !o.Up {
		return nil, errs.New(errs.NoAdapter, "open %s: the interface is down", o.name(device)).
			WithHint("set it up: %s; or add up=1 to the address", upCommand(device, o))
	}
	if err := setUp(ctx, device, o); err != nil {
		return nil, err
	}
	return net.InterfaceByName(device)
}

func missing(device string, o Options) error {
	hint := "plug the adapter in, see 'ip -br link show type can', then: " + upCommand(device, o)
	if strings.HasPrefix(device, "vcan") {
		hint = fmt.Sprintf("make it: sudo ip link add dev %s type vcan && sudo ip link set %s up", device, device)
	}
	return errs.New(errs.NoAdapter, "open %s: there is no interface %s", o.name(device), device).WithHint("%s", hint)
}

// upArgs are the words behind ip that set the interface up.
func upArgs(device string, o Options) []string {
	args := []string{"link", "set", device, "up"}
	if strings.HasPrefix(device, "vcan") || strings.HasPrefix(device, "vxcan") {
		return args
	}
	args = append(args, "type", "can", "bitrate", strconv.Itoa(o.Bitrate))
	if o.FD {
		data := o.DataBitrate
		if data == 0 {
			data = 2_000_000
		}
		args = append(args, "dbitrate", strconv.Itoa(data), "fd", "on")
	}
	return args
}

func upCommand(device string, o Options) string {
	return "sudo ip " + strings.Join(upArgs(device, o), " ")
}

// setUp runs ip, which knows what the driver needs.
func setUp(ctx context.Context, device string, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, "ip", upArgs(device, o)...).CombinedOutput()
	if err == nil {
		return nil
	}
	words, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
	return errs.New(errs.NoAdapter, "set %s up: %w: %s", device, err, words).
		WithHint("an administrator can: %s", upCommand(device, o))
}

// configure asks for everything that the bus needs of the socket and binds it.
func configure(fd, index int, o Options) error {
	if o.FD {
		if err := unix.SetsockoptInt(fd, unix.SOL_CAN_RAW, unix.CAN_RAW_FD_FRAMES, 1); err != nil {
			return fmt.Errorf("ask for CAN FD: %w", err)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_CAN_RAW, unix.CAN_RAW_ERR_FILTER, unix.CAN_ERR_MASK); err != nil {
		return fmt.Errorf("ask for error frames: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return fmt.Errorf("ask for times: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer) // the kernel gives what it may
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)           // only for counting
	return unix.Bind(fd, &unix.SockaddrCAN{Ifindex: index})
}

// explain turns an error of the system into one with its next step.
func explain(device string, o Options, what string, err error) error {
	name := o.name(device)
	switch {
	case errors.Is(err, unix.EAFNOSUPPORT), errors.Is(err, unix.EPROTONOSUPPORT), errors.Is(err, unix.ESOCKTNOSUPPORT):
		return errs.New(errs.Unsupported, "%s %s: this kernel has no CAN: %w", what, name, err).
			WithHint("load it: sudo modprobe can_raw; kernels of some virtual machines and containers are built without")
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return errs.New(errs.NoAdapter, "%s %s: not permitted: %w", what, name, err).
			WithHint("run as a user who may use CAN sockets; in a container allow AF_CAN")
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return missing(device, o)
	case errors.Is(err, unix.ENETDOWN):
		return errs.New(errs.NoAdapter, "%s %s: the interface is down: %w", what, name, err).
			WithHint("set it up: %s", upCommand(device, o))
	}
	return errs.New(errs.NoAdapter, "%s %s: %w", what, name, err)
}

// asFile gives the socket to the runtime's poller, which knows deadlines.
func asFile(fd int, name string) (*os.File, syscall.RawConn, error) {
	f := os.NewFile(uintptr(fd), name)
	raw, err := f.SyscallConn()
	if err != nil {
		_ = f.Close() // the error before is the one to tell
		return nil, nil, err
	}
	return f, raw, nil
}
