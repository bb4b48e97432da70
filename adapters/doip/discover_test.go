package doip_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/doip"
)

const announcement = "02FD0004000000215A5A5A54455354303030303030303030310010" + "02005E005301" + "02005E005302" + "0000"

// udp is an entity's discovery side on the loopback: it answers every datagram with the given ones.
func udp(t *testing.T, replies ...string) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 64)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if string(buf[:n]) != "\xFF\x00\x00\x01\x00\x00\x00\x00" {
				continue
			}
			for _, r := range replies {
				_, _ = conn.WriteTo(unhex(t, r), from)
			}
		}
	}()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func TestDiscover(t *testing.T) {
	a := udp(t, "02FD", "02FD000000000001 00", announcement, announcement)
	b := udp(t, "03FC0004000000 20 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 1010 02005E005303 FFFFFFFFFFFF 10")
	closed := netip.MustParseAddrPort("127.0.0.1:9")
	found, err := doip.Discover(t.Context(), doip.Search{Where: []netip.AddrPort{closed, a, b}, Wait: 5 * time.Second, Enough: 2})
	if err != nil || len(found) != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	if found[0].At != a {
		found[0], found[1] = found[1], found[0]
	}
	e := found[0]
	if e.Vehicle() != "ZZZTEST0000000001" || e.Address != 0x10 || e.EID.String() != "02:00:5E:00:53:01" || e.Open() != "doip://"+a.String() {
		t.Errorf("%+v", e)
	}
	if e := found[1]; e.Vehicle() != "" || e.Address != 0x1010 || e.GID.IsSet() || e.HasSync {
		t.Errorf("%+v", e)
	}
}

func TestDiscoverNobody(t *testing.T) {
	found, err := doip.Discover(t.Context(), doip.Search{Where: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9")}, Wait: 30 * time.Millisecond})
	if err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestDiscoverEndsAtOnce(t *testing.T) {
	at := udp(t, announcement)
	ctx, cancel := context.WithCancel(t.Context())
	start := time.Now()
	found, err := doip.Discover(ctx, doip.Search{Where: []netip.AddrPort{at}, Wait: time.Minute, Found: func(doip.Entity) { cancel() }})
	if !errors.Is(err, context.Canceled) || len(found) != 1 || time.Since(start) > 5*time.Second {
		t.Errorf("%v, %v after %s", found, err, time.Since(start))
	}
}

// TestEverywhere asks this computer first, and only places of the link.
func TestEverywhere(t *testing.T) {
	where := doip.Everywhere()
	if len(where) < 2 || !where[0].Addr().IsLoopback() || !where[1].Addr().IsLoopback() {
		t.Fatalf("%v", where)
	}
	for _, at := range where {
		if at.Port() != 13400 || at.Addr().IsMulticast() && (at.Addr().WithZone("") != netip.MustParseAddr("ff02::1") || at.Addr().Zone() == "") {
			t.Errorf("asks %s", at)
		}
	}
}

func TestAddressOfEntity(t *testing.T) {
	for _, row := range []struct{ at, want string }{
		{"192.0.2.7:13400", "doip://192.0.2.7"},
		{"192.0.2.7:13401", "doip://192.0.2.7:13401"},
		{"[fe80::1%eth0]:13400", "doip://[fe80::1%eth0]"},
	} {
		if got := (doip.Entity{At: netip.MustParseAddrPort(row.at)}).Open(); got != row.want {
			t.Errorf("%s: %s, want %s", row.at, got, row.want)
		}
	}
}

// FuzzAnnouncement lets anything answer a search.
func FuzzAnnouncement(f *testing.F) {
	f.Add(unhex(f, announcement))
	f.Add([]byte("\x02\xFD\x00\x04\xFF\xFF\xFF\xFF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, ok := doip.Hear(b, netip.MustParseAddrPort("192.0.2.7:13400"))
		if ok && (e.Open() == "" || len(e.Vehicle()) != 17 && e.Vehicle() != "") {
			t.Errorf("%+v", e)
		}
	})
}
