package j2534_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/j2534"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

func open(t *testing.T, d *driver) *j2534.Bus {
	t.Helper()
	b, err := j2534.Open(t.Context(), d, j2534.Options{Name: "j2534://test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.Close()
		if len(d.mistakes) > 0 {
			t.Errorf("%s", d.mistakes[0])
		}
	})
	return b
}

func TestConformance(t *testing.T) {
	for _, d := range []func() *driver{newDriver, func() *driver { d := newDriver(); d.echo = true; return d }} {
		adaptertest.Bus(t, func(t *testing.T) (link.Bus, adaptertest.BusPeer) {
			d := d()
			return open(t, d), d
		})
	}
}

// TestLayout holds the structures to those of the standard, which have 32-bit numbers on every Windows; run
// it with GOARCH=386 too.
func TestLayout(t *testing.T) {
	var m j2534.Message
	for _, row := range []struct {
		name      string
		got, want uintptr
	}{
		{"ProtocolID", unsafe.Offsetof(m.ProtocolID), 0},
		{"RxStatus", unsafe.Offsetof(m.RxStatus), 4},
		{"TxFlags", unsafe.Offsetof(m.TxFlags), 8},
		{"Timestamp", unsafe.Offsetof(m.Timestamp), 12},
		{"DataSize", unsafe.Offsetof(m.DataSize), 16},
		{"ExtraDataIndex", unsafe.Offsetof(m.ExtraDataIndex), 20},
		{"Data", unsafe.Offsetof(m.Data), 24},
		{"PASSTHRU_MSG", unsafe.Sizeof(m), 4152},
		{"two of them", unsafe.Sizeof([2]j2534.Message{}), 8304},
		{"SCONFIG", unsafe.Sizeof(j2534.Config{}), 8},
		{"SCONFIG_LIST pointer", unsafe.Offsetof(j2534.ConfigList{}.Config), unsafe.Sizeof(uintptr(0))},
		{"SCONFIG_LIST", unsafe.Sizeof(j2534.ConfigList{}), 2 * unsafe.Sizeof(uintptr(0))},
	} {
		if row.got != row.want {
			t.Errorf("%s: %d, want %d", row.name, row.got, row.want)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	for _, row := range []struct {
		name  string
		setup func(*driver)
		kind  errs.Kind
		calls string
	}{
		{"not plugged in", func(d *driver) { d.opens = j2534.NotConnected }, errs.NoAdapter, "open unload"},
		{"in use", func(d *driver) { d.opens = j2534.InUse }, errs.NoAdapter, "open unload"},
		{"no CAN", func(d *driver) { d.connects = j2534.NotSupported }, errs.Unsupported, "open connect connect close unload"},
		{"bit rate", func(d *driver) { d.connects = j2534.InvalidBaudrate }, errs.Unsupported, "open connect close unload"},
	} {
		d := newDriver()
		row.setup(d)
		_, err := j2534.Open(t.Context(), d, j2534.Options{Name: "j2534://test"})
		if errs.KindOf(err) != row.kind || errs.HintOf(err) == "" || !strings.Contains(err.Error(), "Driver says no") || strings.Contains(err.Error(), "garbage") {
			t.Errorf("%s: %v", row.name, err)
		}
		if got := strings.Join(d.calls, " "); got != row.calls {
			t.Errorf("%s: calls %q, want %q", row.name, got, row.calls)
		}
	}
}

// TestOneLengthOfIdentifiers is a driver without CAN_ID_BOTH.
func TestOneLengthOfIdentifiers(t *testing.T) {
	d := newDriver()
	d.oneLength = true
	b := open(t, d)
	_ = d.Send(can.New(0x7E8, 1))
	if f, err := b.Receive(t.Context()); err != nil || f.ID != 0x7E8 {
		t.Errorf("%v, %v", f, err)
	}
}

func TestFilters(t *testing.T) {
	d := newDriver()
	b := open(t, d)
	if err := b.Filter(link.Mask{ID: 0x7E8, Bits: 0x7F8}, link.Mask{ID: can.Extended | 0x18DAF100, Bits: can.Extended | 0x1FFFFF00}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []can.ID{0x123, 0x7DF, 0x7EC, can.Extended | 0x0CF00400, can.Extended | 0x18DAF110} {
		_ = d.Send(can.New(id))
	}
	for _, want := range []can.ID{0x7EC, can.Extended | 0x18DAF110} {
		if f, err := b.Receive(t.Context()); err != nil || f.ID != want {
			t.Errorf("%s, %v, want %s", f.ID, err, want)
		}
	}
	for range 3 {
		if err := b.Filter(make([]link.Mask, 20)...); err != nil { // more than there are: everything passes
			t.Fatal(err)
		}
	}
	_ = d.Send(can.New(0x123))
	if f, err := b.Receive(t.Context()); err != nil || f.ID != 0x123 || len(d.filters) != 2 {
		t.Errorf("%s, %v with %d filters", f.ID, err, len(d.filters))
	}
}

func TestVoltageAndVersion(t *testing.T) {
	d := newDriver()
	b := open(t, d)
	if v, err := b.SupplyVoltage(t.Context()); v != 12.345 || err != nil {
		t.Errorf("SupplyVoltage = %v, %v", v, err)
	}
	if v, err := b.Version(t.Context()); v != (j2534.Version{Firmware: "1.0", Library: "2.0", API: "04.04"}) || err != nil {
		t.Errorf("Version = %+v, %v", v, err)
	}
	d.battery = j2534.NotSupported
	if _, err := b.SupplyVoltage(t.Context()); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("SupplyVoltage: %v", err)
	}
	_ = b.Close()
	if got := d.calls[len(d.calls)-3:]; !slices.Equal(got, []string{"disconnect", "close", "unload"}) {
		t.Errorf("last calls %v", got)
	}
}

func TestNobodyAcknowledges(t *testing.T) {
	d := newDriver()
	d.writes = j2534.Timeout
	b := open(t, d)
	err := b.Send(t.Context(), can.New(0x7DF, 2, 1, 0))
	if f, ok := errors.AsType[*link.Fault](err); !ok || f.Lost || f.Text != "NO ACK" || b.Health().NoAck != 1 {
		t.Errorf("Send: %v", err)
	}
	fd := can.Frame{ID: 1, FD: true, Len: 64}
	if err := b.Send(t.Context(), fd); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("Send of CAN FD: %v", err)
	}
}

// TestHangingDriver must not hang the program.
func TestHangingDriver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		b, err := j2534.Open(t.Context(), hanging{newDriver(), never}, j2534.Options{Name: "j2534://test"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := b.Send(ctx, can.New(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Send: %v", err)
		}
		start := time.Now()
		if err := b.Close(); errs.KindOf(err) != errs.Adapter || time.Since(start) != 3*time.Second {
			t.Errorf("Close: %v after %s", err, time.Since(start))
		}
		close(never) // so that nothing is left of this test
	})
}

// hanging never comes back from a read.
type hanging struct {
	*driver
	never chan struct{}
}

func (h hanging) Read(uint32, []j2534.Message, time.Duration) (int, j2534.Status) {
	<-h.never
	return 0, 0
}

func TestPick(t *testing.T) {
	all := []j2534.Device{{Name: "Old Cable", Bits: 32, Library: "a.dll"}, {Name: "New Box", Bits: 64, Library: "b.dll"}}
	for _, row := range []struct {
		name string
		bits int
		want string
		kind errs.Kind
	}{
		{"auto", 32, "Old Cable", 0}, {"", 64, "New Box", 0}, {"old cable", 32, "Old Cable", 0},
		{"Old Cable", 64, "", errs.Unsupported}, {"Third", 64, "", errs.NoAdapter},
	} {
		d, err := j2534.Pick(all, row.name, row.bits)
		if d.Name != row.want || row.want == "" && (errs.KindOf(err) != row.kind || errs.HintOf(err) == "") {
			t.Errorf("%s with %d bits: %v, %v", row.name, row.bits, d, err)
		}
	}
	if _, err := j2534.Pick(nil, "auto", 64); errs.KindOf(err) != errs.NoAdapter {
		t.Errorf("no driver: %v", err)
	}
}

func TestStatusNames(t *testing.T) {
	for s, want := range map[j2534.Status]string{
		j2534.OK: "no error", j2534.InvalidDevice: "invalid device", j2534.BufferOverflow: "buffer overflow",
		j2534.InvalidBaudrate: "invalid bit rate", j2534.ChannelInUse: "the channel is in use", 0x99: "code 99", -1: "code FFFFFFFF",
	} {
		if got := s.String(); got != want {
			t.Errorf("%d: %q, want %q", s, got, want)
		}
	}
}

// FuzzMessage lets a driver say anything; what is a frame goes back as it came.
func FuzzMessage(f *testing.F) {
	f.Add(uint32(5), uint32(0), uint32(12), []byte{0, 0, 7, 0xE8, 6, 0x41, 0, 1, 2, 3, 4, 5})
	f.Add(uint32(5), uint32(0x100), uint32(4), []byte{0x18, 0xDA, 0xF1, 0x10})
	f.Add(uint32(5), uint32(0), uint32(0xFFFFFFFF), []byte{})
	f.Fuzz(func(t *testing.T, protocol, status, size uint32, data []byte) {
		m := j2534.Message{ProtocolID: protocol, RxStatus: status, DataSize: size}
		copy(m.Data[:], data)
		frame, ok := j2534.ToFrame(&m)
		if !ok {
			return
		}
		back := j2534.ToMessage(frame)
		again, ok := j2534.ToFrame(&j2534.Message{ProtocolID: back.ProtocolID, RxStatus: back.TxFlags, DataSize: back.DataSize, Data: back.Data})
		if !ok || !again.Same(frame) || back.DataSize != size {
			t.Errorf("%+v, %+v", frame, again)
		}
	})
}

// FuzzDevice lets the registry hold anything.
func FuzzDevice(f *testing.F) {
	f.Add("Maker Box", "Maker Box 2", "Maker", `"C:\Program Files\Maker\box.dll"`, "1")
	f.Add("", "\x00", "\xFF", "\x00a.dll", "0")
	f.Fuzz(func(t *testing.T, key, name, vendor, library, can string) {
		d, ok := j2534.DeviceOf(key, map[string]string{"name": name, "vendor": vendor, "functionlibrary": library, "can": can}, 32)
		if ok && (d.Name == "" || d.Library == "" || strings.ContainsAny(d.Name+d.Vendor, "\x00\n\x1b") || strings.ContainsRune(d.Library, 0) || len(d.Name) > 80) {
			t.Errorf("%+v", d)
		}
	})
}
