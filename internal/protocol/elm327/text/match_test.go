package text_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		request, data string
		want          bool
	}{
		{"010D", "410D1E", true},
		{"010D", "410C1AF8", false},
		{"010D", "420D001E", false},
		{"010C0D", "410D1E0C1AF8", true},
		{"020C00", "420C000000", true},
		{"020C00", "42001A", false},
		{"020C000D00", "420D0000", true},
		{"03", "4300", true},
		{"03", "43", true},
		{"03", "4700", false},
		{"05 01 01", "45010118", true},
		{"0601", "460183000000", true},
		{"0902", "4904014142", false},
		{"22F190", "62F1904142", true},
		{"22F190", "62F1874142", false},
		{"22F190F187", "62F1874142", true},
		{"22F190", "62F1", true}, // cut
		{"2101", "6102", false},
		{"1003", "5003003201F4", true},
		{"1083", "5003", true}, // the bit that suppresses the response does not count
		{"1902FF", "5902FF", true},
		{"190AFF", "5902FF", false},
		{"3E00", "7E00", true},
		{"3E", "7E", true},
		{"14FFFFFF", "54", true},
		{"010D", "7F0112", true},
		{"010D", "7F2231", false},
		{"010D", "7F", false},
		{"A111", "7EA123", true}, // Volvo's negative response
		{"010D", "7E0123", false},
		{"3F00", "7F3F11", true},
		{"010D", "", false},
	} {
		if got := text.Answers(wire(t, row.data), wire(t, row.request)); got != row.want {
			t.Errorf("%s to %s: %v", row.data, row.request, got)
		}
	}
}

func TestSplit(t *testing.T) {
	reply := func(data string) link.Reply { return link.Reply{ECU: obd.CAN11(0x7E8), Data: wire(t, data)} }
	broken := link.Reply{Err: link.ErrIncomplete}
	all := []link.Reply{reply("410D1E"), reply("410C1AF8"), broken, reply("410D1F"), reply("4700")}
	mine, foreign := text.Split(all, wire(t, "010D"))
	if got, want := list(mine), "7E8 410D1E in 0; in 0 incomplete; 7E8 410D1F in 0"; got != want {
		t.Errorf("mine %s, want %s", got, want)
	}
	if got, want := list(foreign), "7E8 410C1AF8 in 0; 7E8 4700 in 0"; got != want {
		t.Errorf("foreign %s, want %s", got, want)
	}
	if got := list(all); got != "7E8 410D1E in 0; 7E8 410C1AF8 in 0; in 0 incomplete; 7E8 410D1F in 0; 7E8 4700 in 0" {
		t.Errorf("the caller's list was changed: %s", got)
	}
	if mine, foreign := text.Split(all, nil); len(mine) != len(all) || foreign != nil {
		t.Error("without a request not all are mine")
	}
}
