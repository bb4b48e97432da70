package adapters_test

import (
	"context"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// serveDoIP lets a simulated car serve DoIP on the loopback until the test ends, and returns its address.
func serveDoIP(t *testing.T, car string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- simulator.ServeDoIP(ctx, car, l, nil) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// TestDoIPAgainstTheSimulator talks to an entity that shares no code with the codec.
func TestDoIPAgainstTheSimulator(t *testing.T) {
	host := serveDoIP(t, "sim:?pace=0")
	car := adaptertest.Car{VIN: "1FADP3E21EL200017", ECUs: 2}
	adaptertest.RunLink(t, car, func(t *testing.T) link.Link {
		l, err := adapters.Open(t.Context(), "doip://"+host, adapters.Options{Allow: link.ReadOnly()})
		if err != nil {
			t.Fatal(err)
		}
		return l
	})
}

// TestDoIPOverTLS tells a vehicle that wants TLS from one that has it.
func TestDoIPOverTLS(t *testing.T) {
	secure := serveDoIP(t, "sim:?pace=0&tls=on")
	for _, row := range []struct {
		query string
		kind  errs.Kind
		says  string
	}{
		{"?tls=insecure", 0, ""},
		{"?tls=1", errs.NoAdapter, "cannot be verified"},
	} {
		l, err := adapters.Open(t.Context(), "doip://"+secure+row.query, adapters.Options{Allow: link.ReadOnly()})
		if row.says != "" {
			if errs.KindOf(err) != row.kind || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s: %v", row.query, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", row.query, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	plain := serveDoIP(t, "sim:?pace=0&tls=required")
	var told []string
	_, err := adapters.Open(t.Context(), "doip://"+plain, adapters.Options{Allow: link.ReadOnly(), Notify: func(e adapters.Event) { told = append(told, e.Text) }})
	if err == nil || !strings.Contains(strings.Join(told, "\n"), "TLS connection is required") {
		t.Errorf("Open: %v, told %q", err, told)
	}
}

// TestDoIPReplay records a session and plays it without a network: of a vehicle, and of a simulated one.
func TestDoIPReplay(t *testing.T) {
	for _, address := range []string{"doip://" + serveDoIP(t, "sim:?pace=0"), "sim:?pace=0&via=doip"} {
		replayDoIP(t, address)
	}
}

func replayDoIP(t *testing.T, address string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "doip.jsonl")
	recorder, err := replay.Create(file, "test")
	if err != nil {
		t.Fatal(err)
	}
	read := func(address string, o adapters.Options) string {
		t.Helper()
		o.Allow = link.ReadOnly()
		l, err := adapters.Open(t.Context(), address, o)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		var all strings.Builder
		for _, data := range [][]byte{{0x01, 0x00}, {0x09, 0x02}, {0x01, 0xE3}, {0x03}} {
			replies, err := l.Exchange(t.Context(), link.Request{Data: data})
			for _, r := range replies {
				all.WriteString(r.ECU.String() + " " + string(r.Data) + "\n")
			}
			if err != nil {
				all.WriteString(err.Error() + "\n")
			}
		}
		return all.String()
	}
	want := read(address, adapters.Options{Record: recorder})
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	if got := read("replay:"+file, adapters.Options{}); got != want {
		t.Errorf("the replay of %s reads %q, the car gave %q", address, got, want)
	}
}

// TestDoIPSearch finds the simulated car by its answer to a vehicle identification request.
func TestDoIPSearch(t *testing.T) {
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- simulator.ServeDoIP(ctx, "sim:?pace=0&announce=127.0.0.1:9", nil, udp) }()
	at := udp.LocalAddr().(*net.UDPAddr).AddrPort()
	found, err := doip.Discover(t.Context(), doip.Search{Where: []netip.AddrPort{at}, Wait: 10 * time.Second, Enough: 1})
	if err != nil || len(found) != 1 || found[0].Vehicle() != "1FADP3E21EL200017" || !found[0].EID.IsSet() || found[0].Open() != "doip://"+at.String() {
		t.Errorf("%+v, %v", found, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
