package ble_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/ble"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const (
	w  = ble.CanWrite
	wc = ble.CanWriteCommand
	n  = ble.CanNotify
	in = ble.CanIndicate
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) (link.Port, adaptertest.Peer) {
		notify, write := &value{service: "FFF0", uuid: "FFF1", properties: n}, &value{service: "FFF0", uuid: "FFF2", properties: wc, mtu: 185}
		s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01", Name: "OBDII"}}, peer: newPeer(notify, write)}
		p, err := ble.Open(t.Context(), s, "obdii", ble.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p, farEnd{s.peer, notify, write}
	})
}

// TestChoose shows the characteristics of devices, and which are the serial line.
func TestChoose(t *testing.T) {
	battery := &value{service: "180F", uuid: "2A19", properties: n | w}
	for _, row := range []struct {
		name          string
		all           []*value
		wish          ble.Wish
		notify, write string
	}{
		{"clone", []*value{battery, {service: "FFF0", uuid: "FFF1", properties: n}, {service: "FFF0", uuid: "FFF2", properties: wc | w}}, ble.Wish{}, "FFF1", "FFF2"},
		{"exchanged", []*value{{service: "FFF0", uuid: "FFF1", properties: w}, {service: "FFF0", uuid: "FFF2", properties: n}}, ble.Wish{}, "FFF2", "FFF1"},
		{"one for both", []*value{{service: "FFE0", uuid: "FFE1", properties: n | wc}}, ble.Wish{}, "FFE1", "FFE1"},
		{"one for each", []*value{{service: "FFE0", uuid: "FFE1", properties: n}, {service: "FFE0", uuid: "FFE2", properties: w}}, ble.Wish{}, "FFE1", "FFE2"},
		{"vLinker has two", []*value{{service: "FFF0", uuid: "FFF3", properties: w}, {service: "18F0", uuid: "2AF0", properties: n}, {service: "18F0", uuid: "2AF1", properties: wc}}, ble.Wish{}, "2AF0", "2AF1"},
		{"nordic", []*value{
			{service: "6E400001-B5A3-F393-E0A9-E50E24DCCA9E", uuid: "6E400002-B5A3-F393-E0A9-E50E24DCCA9E", properties: wc},
			{service: "6E400001-B5A3-F393-E0A9-E50E24DCCA9E", uuid: "6E400003-B5A3-F393-E0A9-E50E24DCCA9E", properties: n},
		}, ble.Wish{}, "6E400003-B5A3-F393-E0A9-E50E24DCCA9E", "6E400002-B5A3-F393-E0A9-E50E24DCCA9E"},
		{"ISSC", []*value{
			{service: "49535343-FE7D-4AE5-8FA9-9FAFD205E455", uuid: "49535343-8841-43F4-A8D4-ECBE34729BB3", properties: w | wc},
			{service: "49535343-FE7D-4AE5-8FA9-9FAFD205E455", uuid: "49535343-ACA3-481C-91EC-D85E28A60318", properties: w | n},
			{service: "49535343-FE7D-4AE5-8FA9-9FAFD205E455", uuid: "49535343-1E4D-4BD9-BA61-23C647249616", properties: n},
		}, ble.Wish{}, "49535343-1E4D-4BD9-BA61-23C647249616", "49535343-8841-43F4-A8D4-ECBE34729BB3"},
		{"unknown maker", []*value{battery, {service: "ABCD1234-0000-4000-8000-000000000001", uuid: "0001", properties: in}, {service: "ABCD1234-0000-4000-8000-000000000001", uuid: "0002", properties: w}}, ble.Wish{}, "0001", "0002"},
		{"as wished", []*value{
			{service: "FFF0", uuid: "FFF1", properties: n}, {service: "FFF0", uuid: "FFF2", properties: w},
			{service: "FFE0", uuid: "FFE4", properties: n | w}, {service: "FFE0", uuid: "FFE9", properties: w},
		}, ble.Wish{Service: uuid("FFE0"), Write: uuid("FFE9")}, "FFE4", "FFE9"},
		{"no pair", []*value{battery, {service: "FFF0", uuid: "FFF1", properties: n}}, ble.Wish{}, "", ""},
		{"nothing", nil, ble.Wish{}, "", ""},
		{"wish without", []*value{{service: "FFF0", uuid: "FFF1", properties: n | w}}, ble.Wish{Notify: uuid("FFF3")}, "", ""},
	} {
		var all []ble.Characteristic
		for _, v := range row.all {
			all = append(all, v)
		}
		got, err := ble.Choose(all, row.wish)
		if row.notify == "" {
			if errs.KindOf(err) != errs.NoAdapter || errs.HintOf(err) == "" {
				t.Errorf("%s: %v, %v", row.name, got, err)
			}
			continue
		}
		if err != nil || got.Notify.UUID().String() != row.notify || got.Write.UUID().String() != row.write {
			t.Errorf("%s: %v, %v", row.name, got, err)
		}
	}
}

func TestWritesInPieces(t *testing.T) {
	for _, row := range []struct {
		mtu      int
		can      ble.Properties
		pieces   []int
		response bool
	}{
		{0, wc, []int{20, 20, 10}, false},
		{23, w, []int{20, 20, 10}, true},
		{50, w | wc, []int{47, 3}, false},
		{185, wc, []int{50}, false},
	} {
		v := &value{service: "FFE0", uuid: "FFE1", properties: n | row.can, mtu: row.mtu}
		s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01"}}, peer: newPeer(v)}
		p, err := ble.Open(t.Context(), s, "00:00:5e:00:53:01", ble.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if k, err := p.Write(bytes.Repeat([]byte("0"), 50)); k != 50 || err != nil {
			t.Errorf("Write = %d, %v", k, err)
		}
		var got []int
		for i, b := range v.writes {
			got = append(got, len(b))
			if v.asked[i] != row.response {
				t.Errorf("MTU %d: write with response %v", row.mtu, v.asked[i])
			}
		}
		if len(got) != len(row.pieces) || got[0] != row.pieces[0] || got[len(got)-1] != row.pieces[len(got)-1] {
			t.Errorf("MTU %d: pieces %v, want %v", row.mtu, got, row.pieces)
		}
		if err := p.Close(); err != nil || s.closed != 1 {
			t.Errorf("Close: %v, the stack was closed %d times", err, s.closed)
		}
	}
}

func TestLostWhileWriting(t *testing.T) {
	v := &value{service: "FFE0", uuid: "FFE1", properties: n | wc, refuses: true}
	s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01"}}, peer: newPeer(v)}
	p, err := ble.Open(t.Context(), s, "00:00:5E:00:53:01", ble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte("ATI\r")); !link.IsLost(err) || errs.HintOf(errors.Unwrap(err)) == "" {
		t.Errorf("Write: %v", err)
	}
	_ = p.Close()
}

// TestFloodIsBounded lets a device notify without an end and nobody read.
func TestFloodIsBounded(t *testing.T) {
	v := &value{service: "FFE0", uuid: "FFE1", properties: n | wc}
	s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01"}}, peer: newPeer(v)}
	p, err := ble.Open(t.Context(), s, "00:00:5E:00:53:01", ble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		v.tell(bytes.Repeat([]byte{'5'}, 100))
	}
	s.peer.drop()
	total, buf := 0, make([]byte, 4096)
	for {
		k, err := p.Read(buf)
		total += k
		if err != nil {
			break
		}
	}
	if total != 64<<10 {
		t.Errorf("%d bytes were kept", total)
	}
	_ = p.Close()
}

func TestFind(t *testing.T) {
	air := []ble.Device{
		{Address: "00:00:5E:00:53:09", Name: "Headphones", RSSI: -40},
		{Address: "00:00:5E:00:53:01", RSSI: -80, Services: []ble.UUID{ble.Short(0xFFF0)}},
		{Address: "00:00:5E:00:53:02", RSSI: -60},
		{Address: "00:00:5E:00:53:02", Name: "V-LINK"},
	}
	synctest.Test(t, func(t *testing.T) {
		for _, row := range []struct {
			target, want string
			took         time.Duration
		}{
			{"00:00:5e:00:53:01", "00:00:5E:00:53:01", 0},
			{"v-link", "00:00:5E:00:53:02", 0},
			{"headphones", "00:00:5E:00:53:09", 0},
			{"", "00:00:5E:00:53:02", 1500 * time.Millisecond}, // the stronger of the two that are likely
			{"OBDLink", "", 15 * time.Second},
		} {
			v := &value{service: "FFE0", uuid: "FFE1", properties: n | wc}
			s := &stack{air: air, peer: newPeer(v)}
			start := time.Now()
			p, err := ble.Open(t.Context(), s, row.target, ble.Options{})
			if took := time.Since(start); took != row.took {
				t.Errorf("%q: took %s, want %s", row.target, took, row.took)
			}
			if row.want == "" {
				if errs.KindOf(err) != errs.NoAdapter || !strings.Contains(errs.HintOf(err), "Headphones") || s.closed != 1 {
					t.Errorf("%q: %v, %q", row.target, err, errs.HintOf(err))
				}
				continue
			}
			if err != nil || p.Name() != "ble://"+row.want {
				t.Fatalf("%q: %v", row.target, err)
			}
			_ = p.Close()
		}
	})
}

func TestList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stack{air: []ble.Device{
			{Address: "00:00:5E:00:53:09", Name: "Headphones", RSSI: -40}, {Address: "00:00:5E:00:53:01", Name: "OBDII", RSSI: -80},
			{Address: "00:00:5E:00:53:02", Name: "vLinker MC-IOS", RSSI: -50},
		}}
		found, err := ble.List(t.Context(), s, 3*time.Second)
		if err != nil || len(found) != 3 || found[0].Name != "vLinker MC-IOS" || found[1].Name != "OBDII" {
			t.Errorf("%v, %v", found, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		if found, err := ble.List(ctx, s, time.Minute); !errors.Is(err, context.Canceled) || len(found) != 3 || time.Since(start) != time.Second {
			t.Errorf("%v, %v after %s", found, err, time.Since(start))
		}
	})
}

func TestConnectTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01"}}, hangs: true}
		start := time.Now()
		_, err := ble.Open(t.Context(), s, "00:00:5E:00:53:01", ble.Options{})
		if errs.KindOf(err) != errs.NoAdapter || errs.HintOf(err) == "" || time.Since(start) != 20*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := ble.Open(ctx, s, "00:00:5E:00:53:01", ble.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestUUID(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"fff0", "FFF0"}, {"0000fff0", "FFF0"}, {"0000fff0-0000-1000-8000-00805f9b34fb", "FFF0"},
		{"6e400001b5a3f393e0a9e50e24dcca9e", "6E400001-B5A3-F393-E0A9-E50E24DCCA9E"},
		{"12345678", "12345678-0000-1000-8000-00805F9B34FB"}, {"", ""}, {"ffff0", ""}, {"xyz0", ""},
	} {
		u, err := ble.ParseUUID(row.text)
		if (err == nil) != (row.want != "") || err == nil && u.String() != row.want {
			t.Errorf("%q: %s, %v", row.text, u, err)
		}
	}
}

func FuzzUUID(f *testing.F) {
	f.Add("fff0")
	f.Add("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := ble.ParseUUID(s)
		if err != nil {
			return
		}
		if back, err := ble.ParseUUID(u.String()); err != nil || back != u {
			t.Errorf("%q: %s, %v", s, back, err)
		}
	})
}

// FuzzLine holds that what is notified in any pieces is read as it was, whatever the reader takes at once.
func FuzzLine(f *testing.F) {
	f.Add([]byte("41 00 BE 3F A8 13 \r\r>"), 20, 3)
	f.Fuzz(func(t *testing.T, b []byte, piece, take int) {
		piece, take = 1+(piece&0x7FFFFFFF)%64, 1+(take&0x7FFFFFFF)%64
		v := &value{service: "FFE0", uuid: "FFE1", properties: n | wc}
		s := &stack{air: []ble.Device{{Address: "00:00:5E:00:53:01"}}, peer: newPeer(v)}
		p, err := ble.Open(t.Context(), s, "00:00:5E:00:53:01", ble.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for rest := b; len(rest) > 0; {
			k := min(piece, len(rest))
			v.tell(rest[:k])
			rest = rest[k:]
		}
		s.peer.drop()
		var got []byte
		buf := make([]byte, take)
		for {
			k, err := p.Read(buf)
			got = append(got, buf[:k]...)
			if err != nil {
				break
			}
		}
		if !bytes.Equal(got, b[:min(len(b), 64<<10)]) {
			t.Errorf("read %q, want %q", got, b)
		}
		_ = p.Close()
	})
}
