package adapters_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/link"
)

// ask reads a truck and returns all that a document would be made from.
func ask(t *testing.T, n link.Network, clock adapters.Clock) []string {
	t.Helper()
	nodes, err := n.Nodes(t.Context())
	log := []string{fmt.Sprint(nodes, err), clock.Now().Format(time.RFC3339Nano)}
	groups, err := link.RequestAll(t.Context(), n, []link.Query{
		{PGN: 65260, Destination: 255}, {PGN: 65227, Destination: 0}, {PGN: 65227, Destination: 3}, {PGN: 54016, Destination: 0}, {PGN: 65259, Destination: 255},
	})
	log = append(log, fmt.Sprint(err), clock.Now().Format(time.RFC3339Nano))
	for _, g := range groups {
		log = append(log, fmt.Sprintf("%d %d % X %v %s", g.PGN, g.Source, g.Data, g.Err, g.At.Format(time.RFC3339Nano)))
	}
	return log
}

func askTruck(t *testing.T, address string, o adapters.Options) []string {
	t.Helper()
	l, err := adapters.Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	log := ask(t, l.(link.Network), adapters.ClockOf(l))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return log
}

// TestTruckReplay records a truck's network and compares everything, times too; nothing is waited for.
func TestTruckReplay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "truck.rec")
	rec, err := replay.Create(path, "obdctl test")
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Record = rec
	live := askTruck(t, "sim:truck?via=bus", o)
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if len(live) < 8 {
		t.Errorf("live: %q", live)
	}
	for _, query := range []string{"", "?speed=0", "?strict=1"} {
		if diff := cmp.Diff(live, askTruck(t, "replay:"+path+query, options())); diff != "" {
			t.Errorf("replay%s (-live +replay):\n%s", query, diff)
		}
	}
	other := filepath.Join(t.TempDir(), "other.rec")
	data, err := os.ReadFile(path)
	err = errors.Join(err, os.WriteFile(other, []byte(strings.ReplaceAll(string(data), "tx 18EA00", "tx 18EA01")), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	l, err := adapters.Open(t.Context(), "replay:"+other+"?strict=1", options())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = l.(link.Network).Request(t.Context(), 65227, 0)
	if err == nil || !strings.Contains(err.Error(), "the recording") {
		t.Errorf("strict replay of another dialogue: %v", err)
	}
}
