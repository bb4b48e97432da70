package text

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// mergeOlder joins what the older lines send in several messages (SAE J1979 clauses 6.3 and 6.9).
func mergeOlder(lines []olderLine) []link.Reply {
	var out []link.Reply
	used := make([]bool, len(lines))
	for i, l := range lines {
		if used[i] {
			continue
		}
		if !isCodes(l.data[0]) && !isOrdered(l.data) {
			out = append(out, link.Reply{ECU: l.from, Data: l.data, Frames: 1})
			continue
		}
		var parts [][]byte
		frames := 0
		for k := i; k < len(lines); k++ {
			if !used[k] && lines[k].from == l.from && together(l.data, lines[k].data) {
				used[k] = true
				frames++
				parts = append(parts, lines[k].data)
			}
		}
		if isCodes(l.data[0]) {
			out = append(out, link.Reply{ECU: l.from, Data: joinCodes(parts), Frames: frames})
			continue
		}
		for _, run := range runs(parts, l.from) {
			data, err := joinOrdered(run)
			out = append(out, link.Reply{ECU: l.from, Data: data, Frames: len(run), Err: err})
		}
	}
	return out
}

// together tells whether two lines of one ECU are parts of one answer.
func together(a, b []byte) bool {
	if isCodes(a[0]) {
		return b[0] == a[0]
	}
	return isOrdered(b) && b[1] == a[1]
}

// isOrdered tells a service 09 message with an order byte. The bit maps (InfoTypes 00, 20, ...) carry a
// message count there, and InfoTypes 01, 03, 05, 07 and 09 are nothing but such counts.
func isOrdered(data []byte) bool {
	if len(data) < 4 || data[0] != 0x49 || data[1]&0x1F == 0 {
		return false
	}
	return data[1] > 9 || data[1]%2 == 0
}

// joinCodes puts the codes of several messages behind one service byte. An equal line is the same
// answer once more.
func joinCodes(parts [][]byte) []byte {
	data := []byte{parts[0][0]}
	for i, p := range parts {
		if !slices.ContainsFunc(parts[:i], func(q []byte) bool { return bytes.Equal(p, q) }) {
			data = append(data, p[1:]...)
		}
	}
	return data
}

// runs parts the lines of several ECUs that have no headers: each begins anew with order byte 1. With
// an address there is one ECU and one run.
func runs(parts [][]byte, from obd.Address) [][][]byte {
	if from != 0 {
		return [][][]byte{parts}
	}
	var out [][][]byte
	for _, p := range parts {
		last := len(out) - 1
		if last < 0 || p[2] == 1 && slices.ContainsFunc(out[last], func(q []byte) bool { return q[2] == 1 }) {
			out = append(out, [][]byte{p})
			continue
		}
		out[last] = append(out[last], p)
	}
	return out
}

// joinOrdered puts messages into the order of their order byte and removes it.
func joinOrdered(parts [][]byte) ([]byte, error) {
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b []byte) int { return int(a[2]) - int(b[2]) })
	data := []byte{sorted[0][0], sorted[0][1]}
	due := byte(1)
	for i, p := range sorted {
		switch {
		case i > 0 && bytes.Equal(p, sorted[i-1]):
			continue // the same message once more
		case i > 0 && p[2] == sorted[i-1][2]:
			return data[:2], fmt.Errorf("%w: two different messages have order byte %02X", link.ErrIncomplete, p[2])
		case p[2] != due:
			return data, fmt.Errorf("%w: message %d is missing", link.ErrIncomplete, due)
		}
		data = append(data, p[3:]...)
		due++
	}
	return data, nil
}
