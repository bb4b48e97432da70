package socketcan_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/socketcan"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const inNamespace = "OBDCTL_TEST_IN_NAMESPACE"

// TestVirtualCAN runs the suite over a vcan interface in a user and network namespace of its own. Where the
// kernel has no CAN, it checks that Open says so.
func TestVirtualCAN(t *testing.T) {
	if os.Getenv(inNamespace) != "" {
		t.Run("suite", overVirtualCAN)
		t.Run("kernel's ISO-TP", overKernelTransport)
		return
	}
	fd, err := unix.Socket(unix.AF_CAN, unix.SOCK_RAW, unix.CAN_RAW)
	if err != nil {
		if _, err := socketcan.Open(t.Context(), "lo", socketcan.Options{}); errs.KindOf(err) == errs.Internal {
			t.Errorf("a kernel without CAN: %v", err)
		}
		t.Logf("this kernel has no CAN (%v): the suite ran over a pair of sockets only", err)
		return
	}
	if err := unix.Close(fd); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestVirtualCAN$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	said, err := cmd.CombinedOutput()
	if errors.Is(err, unix.EPERM) {
		t.Logf("no namespaces here (%v): the suite ran over a pair of sockets only", err)
		return
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}

// node is another socket on the interface.
type node struct {
	link.Bus
	got []can.Frame
}

func (n *node) Send(f can.Frame) error { return n.Bus.Send(context.Background(), f) }

func (n *node) Received() []can.Frame {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		f, err := n.Receive(ended)
		if err != nil {
			return n.got
		}
		n.got = append(n.got, f)
	}
}

func (n *node) Hangup() error { return exec.Command("ip", "link", "del", "vcan0").Run() }

func overVirtualCAN(t *testing.T) {
	adaptertest.Bus(t, func(t *testing.T) (link.Bus, adaptertest.BusPeer) {
		_ = exec.Command("ip", "link", "add", "dev", "vcan0", "type", "vcan").Run() // it may be there
		o := socketcan.Options{Up: true}
		b, err := socketcan.Open(t.Context(), "vcan0", o)
		if err != nil {
			t.Fatal(err)
		}
		peer, err := socketcan.Open(t.Context(), "vcan0", o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = peer.Close() }) // some cases take the interface away
		return b, &node{Bus: peer}
	})
}

// overKernelTransport has two channels of the kernel speak to each other over vcan: 20 bytes there and back.
func overKernelTransport(t *testing.T) {
	if err := socketcan.ProbeChannel("vcan1"); err != nil {
		t.Logf("this kernel has no ISO-TP: %v", err)
		return
	}
	_ = exec.Command("ip", "link", "add", "dev", "vcan1", "type", "vcan").Run()
	o := socketcan.Options{Up: true}
	b, err := socketcan.Open(t.Context(), "vcan1", o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	c := socketcan.ChannelOptions{Padded: true}
	tester, err := socketcan.OpenChannel(t.Context(), "vcan1", o, c, 0x7E0, 0x7E8)
	if err != nil {
		t.Fatal(err)
	}
	defer tester.Close()
	ecu, err := socketcan.OpenChannel(t.Context(), "vcan1", o, c, 0x7E8, 0x7E0)
	if err != nil {
		t.Fatal(err)
	}
	defer ecu.Close()
	message := []byte("01234567890123456789")
	for _, way := range [][2]*socketcan.Channel{{tester, ecu}, {ecu, tester}} {
		if err := way[0].Send(t.Context(), message); err != nil {
			t.Fatal(err)
		}
		if got, err := way[1].Receive(t.Context()); err != nil || string(got) != string(message) {
			t.Errorf("%q, %v", got, err)
		}
	}
}
