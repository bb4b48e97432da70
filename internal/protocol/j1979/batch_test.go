package j1979_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// lengths knows the PIDs of the rows below.
func lengths(pid byte) int {
	return map[byte]int{0x00: 4, 0x20: 4, 0x04: 1, 0x05: 1, 0x0B: 1, 0x0C: 2, 0x0D: 1, 0x0E: 1, 0x10: 2, 0x11: 1, 0x15: 2, 0x55: 1}[pid]
}

func TestSplitBatch(t *testing.T) {
	for _, row := range []struct {
		name, data, asked string
		want              string
		broken            bool
	}{
		{"one", "41 0C 1A F8", "0C", "0C=1AF8", false},
		{"one, frame padding kept by a clone", "41 0C 0A F4 00 00 00", "0C", "0C=0AF4", false},
		{"six", "41 0C 00 00 10 00 00 0B 66 0D 00 05 22 11 26", "0C 10 0B 0D 05 11", "0C=0000 10=0000 0B=66 0D=00 05=22 11=26", false},
		{"another order, more than asked", "41 15 0D 80 0C 00 00 04 00 06 80", "0C 04 15", "15=0D80 0C=0000 04=00", false},
		{"left out and padded", "41 0C 1A F8 00 00 00", "0C 0D 00", "0C=1AF8", false},
		{"left out and padded with a PID that was asked", "41 0C 1A F8 55 55 55", "0C 55", "0C=1AF8", false},
		{"a uniform rest that is one item", "41 0C 1A F8 55 55", "0C 55", "0C=1AF8 55=55", false},
		{"padded with AA", "41 05 7B AA AA AA AA", "05 0C", "05=7B", false},
		{"padded with FF", "41 05 7B FF FF FF FF", "05 0C", "05=7B", false},
		{"unknown PID", "41 05 7B 99 12 34", "05 99 0C", "05=7B", true},
		{"single PID of unknown length", "41 99 12 34 56", "99", "99=123456", false},
		{"cut", "41 05 7B 0C 1A", "05 0C", "05=7B", true},
		{"not asked", "41 05 7B 0C 1A F8", "05 0D", "05=7B", true},
		{"foreign reply", "41 0D 20", "0C", "", true},
		{"freeze frame", "42 0C 00 1A F8 05 00 7B", "0C 05", "0C=1AF8 05=7B", false},
		{"bitmaps of monitor tests", "46 00 C0 00 00 01 20 80 00 00 00 00", "00 20", "00=C0000001 20=80000000", false},
		{"service byte only", "41", "0C", "", false},
		{"another service", "43 00", "0C", "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			items, err := j1979.SplitBatch(wire(t, row.data), wire(t, row.asked), lengths)
			var got []string
			for _, item := range items {
				got = append(got, fmt.Sprintf("%02X=%X", item.PID, item.Data))
			}
			if strings.Join(got, " ") != row.want || errors.Is(err, j1979.ErrMalformed) != row.broken {
				t.Errorf("SplitBatch(%s, %s) = %v, %v, want %s, broken %v", row.data, row.asked, got, err, row.want, row.broken)
			}
		})
	}
}

func TestSplitBatchNamesTheUnknownPID(t *testing.T) {
	_, err := j1979.SplitBatch(wire(t, "41 05 7B 99 12 34"), wire(t, "05 99"), lengths)
	unknown, ok := errors.AsType[*j1979.UnknownPIDError](err)
	if !ok || unknown.PID != 0x99 || len(unknown.Rest) != 3 {
		t.Errorf("err = %v, want the unknown PID 99 with 3 bytes", err)
	}
}

// FuzzSplitBatch builds a reply from distinct PIDs and reads it back in their order, with padding behind.
func FuzzSplitBatch(f *testing.F) {
	f.Add([]byte{0x0C, 0x05, 0x0D}, byte(0xAA), byte(3))
	f.Fuzz(func(t *testing.T, pids []byte, fill, pad byte) {
		length := func(pid byte) int { return int(pid)%5 - 1 }
		j1979.SplitBatch(pids, []byte{fill, pad}, length)
		data, asked := []byte{0x41}, []byte{}
		seen := map[byte]bool{}
		for _, pid := range pids {
			if n := length(pid); n > 0 && !seen[pid] && len(asked) < j1979.MaxBatch {
				seen[pid] = true
				asked = append(asked, pid)
				data = append(data, pid)
				for range n {
					data = append(data, pid^0x5A)
				}
			}
		}
		for range pad % 6 {
			data = append(data, 0)
		}
		items, err := j1979.SplitBatch(data, asked, length)
		if err != nil || len(items) != len(asked) {
			t.Fatalf("SplitBatch(% X, % X) = %v, %v", data, asked, items, err)
		}
		for i, item := range items {
			if item.PID != asked[i] || len(item.Data) != length(item.PID) || item.Data[0] != item.PID^0x5A {
				t.Fatalf("item %d = %v", i, item)
			}
		}
	})
}

func BenchmarkSplitBatch(b *testing.B) {
	data, asked := wire(b, "41 0C 00 00 10 00 00 0B 66 0D 00 05 22 11 26"), wire(b, "0C 10 0B 0D 05 11")
	known := [256]int{0x0C: 2, 0x10: 2, 0x0B: 1, 0x0D: 1, 0x05: 1, 0x11: 1}
	length := func(pid byte) int { return known[pid] }
	b.ReportAllocs()
	for b.Loop() {
		if items, err := j1979.SplitBatch(data, asked, length); err != nil || len(items) != 6 {
			b.Fatal(items, err)
		}
	}
}
