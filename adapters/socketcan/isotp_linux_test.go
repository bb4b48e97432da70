package socketcan_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/socketcan"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// TestChannel runs over a pair of sockets, on which a datagram is a message as on CAN_ISOTP.
func TestChannel(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := socketcan.NewChannel(fds[0], "can://can0")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 4095)
	if err := c.Send(t.Context(), []byte("\x22\xF1\x90")); err != nil {
		t.Fatal(err)
	}
	var got [16]byte
	if n, err := unix.Read(fds[1], got[:]); err != nil || string(got[:n]) != "\x22\xF1\x90" {
		t.Errorf("%q, %v", got[:n], err)
	}
	if _, err := unix.Write(fds[1], []byte(long)); err != nil {
		t.Fatal(err)
	}
	if message, err := c.Receive(t.Context()); err != nil || string(message) != long {
		t.Errorf("%d bytes, %v", len(message), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := c.Receive(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nothing comes: %v", err)
	}
	if err := unix.Close(fds[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Receive(t.Context()); !link.IsLost(err) {
		t.Errorf("the other end is gone: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestProbeChannel tells a kernel without ISO-TP, and finds one that has it.
func TestProbeChannel(t *testing.T) {
	fd, err := unix.Socket(unix.AF_CAN, unix.SOCK_DGRAM, unix.CAN_ISOTP)
	if err == nil {
		if err := errors.Join(unix.Close(fd), socketcan.ProbeChannel("can://can0")); err != nil {
			t.Error(err)
		}
		return
	}
	if err := socketcan.ProbeChannel("can://can0"); errs.KindOf(err) != errs.Unsupported || !strings.Contains(errs.HintOf(err), "can-isotp") {
		t.Errorf("%v (hint %q)", err, errs.HintOf(err))
	}
}

func TestEndsOfTransfersHaveReasons(t *testing.T) {
	for errno, want := range map[unix.Errno]error{unix.ETIMEDOUT: link.ErrIncomplete, unix.EILSEQ: link.ErrIncomplete, unix.EBADMSG: link.ErrIncomplete, unix.ECOMM: link.ErrNoReply} {
		if err := (&socketcan.Channel{}).Explain("receive", errno); !errors.Is(err, want) {
			t.Errorf("%s: %v", errno, err)
		}
	}
	if err := (&socketcan.Channel{}).Explain("send", unix.ENETDOWN); !link.IsLost(err) {
		t.Errorf("a line that is down: %v", err)
	}
}
