//go:build linux

package serial_test

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/internal/errs"
)

func TestOpenErrors(t *testing.T) {
	for _, row := range []struct {
		err        error
		says, hint string
	}{
		{syscall.EBUSY, "in use", "fuser"},
		{syscall.EACCES, "no permission", ""},
		{syscall.ENOENT, "no such port", "adapter list"},
		{syscall.ENXIO, "no such port", "plugged in"},
		{syscall.EIO, "input/output error", "plugged in"},
	} {
		err := serial.OpenError("/dev/ttyUSB-x", row.err)
		if errs.KindOf(err) != errs.NoAdapter || !strings.Contains(err.Error(), row.says) || !strings.Contains(errs.HintOf(err), row.hint) {
			t.Errorf("%v: %v (hint %q), want %q and %q", row.err, err, errs.HintOf(err), row.says, row.hint)
		}
	}
}

func TestGroupHint(t *testing.T) {
	for _, row := range []struct {
		mode                fs.FileMode
		group, system, says string
	}{
		{0o660, "dialout", "linux", "sudo usermod -aG dialout $USER"},
		{0o660, "uucp", "linux", "sudo usermod -aG uucp $USER"},
		{0o600, "dialout", "linux", "udev"},
		{0o660, "root", "linux", "udev"},
		{0o660, "wheel", "darwin", "group wheel: add your account"},
	} {
		if got := serial.GroupHint("/dev/ttyUSB0", row.mode, row.group, row.system); !strings.Contains(got, row.says) {
			t.Errorf("%o %s %s: %q, want %q", row.mode, row.group, row.system, got, row.says)
		}
	}
}
