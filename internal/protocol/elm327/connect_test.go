package elm327_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// TestConnectPitfalls dials adapters that greet or behave oddly; each must end in a working link.
func TestConnectPitfalls(t *testing.T) {
	clone := plainCar.with(table{"ATZ": "\r\rELM327 v1.5\r\r>", "ATI": "ELM327 v1.5\r\r>"})
	for _, row := range []struct {
		name  string
		table table
		kind  string
	}{
		{"honest", plainCar, "elm327"},
		{"clone by version", clone, "clone"},
		{"clone that claims v2.1", plainCar.with(table{"ATZ": "ELM327 v2.1\r\r>", "ATI": "ELM327 v2.1\r\r>"}), "clone"},
		{"junk before the banner", plainCar.with(table{"ATZ": "\xfc\r\rELM327 v1.4b\r\r>"}), "elm327"},
		{"NUL bytes and line feeds", plainCar.with(table{"ATZ": "\x00\r\n\r\nELM327 v1.4b\r\n\r\n>", "ATE0": "ATE0\r\nOK\r\n\r\n>"}), "elm327"},
		{"ATZ refused", plainCar.with(table{"ATZ": "?\r\r>"}), "elm327"},
		{"ATZ and ATWS refused", plainCar.with(table{"ATZ": "?\r\r>", "ATWS": "?\r\r>"}), "elm327"},
		{"module text before the banner", plainCar.with(table{"ATZ": "+DISC:SUCCESS\r\n>+CONNECTING<<9C:2\r\n>ATZ\rELM327 v1.4b\r\r>"}), "elm327"},
		{"echo cannot be turned off", plainCar.with(table{"ATE0": "ATE0\r?\r\r>", "ATH1": "ATH1\rOK\r\r>", "0100": "0100\r7E8064100BE3EB811\r\r>"}), "elm327"},
		{"refuses all but the basics", plainCar.with(table{"ATS0": "?\r>", "ATL0": "?\r>", "ATM0": "?\r>", "AT@1": "?\r>", "ATST10": "?\r>", "0100": "7E8 06 41 00 BE 3E B8 11 \r\r>"}), "elm327"},
		{"stray second prompt", plainCar.with(table{"ATE0": "ATE0\rOK\r\r>\r>"}), "elm327"},
		{"STN", plainCar.with(table{"STI": "STN2120 v5.6.5\r\r>", "ATZ": "ELM327 v1.4b\r\r>"}), "stn"},
		{"vLinker", plainCar.with(table{"STI": "vLinker MC v2.2\r\r>", "AT@1": "vLinker MC+\r\r>"}), "vlinker"},
		{"DPN without answer", plainCar.with(table{"ATDPN": "?\r\r>", "ATDP": "AUTO, ISO 15765-4 (CAN 11/500)\r\r>"}), "elm327"},
		{"neither DPN nor DP", plainCar.with(table{"ATDPN": "?\r\r>", "ATDP": "?\r\r>"}), "elm327"},
		{"no SP0", plainCar.with(table{"ATSP0": "?\r\r>"}), "elm327"},
		{"search broken, by hand found", plainCar.with(table{"ATSP0": "OK\r\r>", "0100": "7E8064100BE3EB811\r\r>"}), "elm327"},
		{"digit read as data", plainCar.with(table{"01001": "NO DATA\r\r>"}), "elm327"},
		{"digit refused", plainCar.with(table{"01001": "?\r\r>"}), "elm327"},
	} {
		synctest.Test(t, func(t *testing.T) {
			port := newScripted(row.table.answer)
			l, err := elm327.Dial(t.Context(), port, elm327.Options{})
			if err != nil {
				t.Errorf("%s: %v, sent %q", row.name, err, port.lines())
				return
			}
			sent := port.lines()
			if slices.Contains(sent, "") {
				t.Errorf("%s: sent a bare carriage return, which repeats the last command: %q", row.name, sent)
			}
			d := l.Describe()
			if d.Protocol != obd.CAN11x500 || d.Adapter.Kind != row.kind {
				t.Errorf("%s: described as %+v", row.name, d)
			}
			if got := show(ask(t, l, link.Request{Data: data("010C"), Frames: 1})); got != "7E8:410C1AF8" {
				t.Errorf("%s: got %s", row.name, got)
			}
			if digit := slices.Contains(port.lines(), "010C1"); digit != !strings.HasPrefix(row.name, "digit") {
				t.Errorf("%s: count digit used: %v", row.name, digit)
			}
		})
	}
}

func TestRepliesLagBehindCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Every answer comes with the next command, as from a Bluetooth module that holds one back.
		late := "+DISC:SUCCESS\r\n>"
		lag := 3
		port := newScripted(func(line string) []chunk {
			answer := plainCar.answer(line)
			if lag--; lag < 0 {
				return append(now(late), answer...)
			}
			out := now(late)
			late = answer[0].text
			if lag == 0 {
				out, late = append(out, chunk{text: late}), ""
			}
			return out
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestHeadersIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{
			"ATDPN": "A7\r\r>",
			"0100":  "SEARCHING...\r410098180001\r410098180001\r410098180011\r410098180001\r\r>",
			"03":    "4301D218\r4300\r4300\r4300\r\r>",
			"0902":  "014\r0:490201314434\r1:47503030523535\r2:42313233343536\r\r>",
		}).answer)
		l := dial(t, port, elm327.Options{})
		if l.Capabilities().Commands["ATH1"] {
			t.Error("ATH1 counts as honoured though no header came")
		}
		if got := show(ask(t, l, link.Request{Data: data("03")})); got != ":4301D218 :4300 :4300 :4300" {
			t.Errorf("got %s", got)
		}
		if got := show(ask(t, l, link.Request{Data: data("0902")})); got != ":4902013144344750303052353542313233343536" {
			t.Errorf("got %s", got)
		}
	})
}

func TestSkipReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		if _, err := elm327.Dial(t.Context(), port, elm327.Options{SkipReset: true}); err != nil {
			t.Fatal(err)
		}
		sent := port.lines()
		if slices.Contains(sent, "ATZ") || !slices.Contains(sent, "ATD") {
			t.Errorf("sent %q", sent)
		}
	})
}

func TestResetDropsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(nil)
		port.answer = func(string) []chunk { port.ended = errPulled; return nil }
		_, err := elm327.Dial(t.Context(), port, elm327.Options{})
		if !errors.Is(err, elm327.ErrResetDropped) || !link.IsLost(err) || errs.HintOf(err) == "" && errs.KindOf(err) != errs.Adapter {
			t.Errorf("got %v", err)
		}
	})
}

func TestFirstRequestWaitsForTheSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := plainCar.with(table{"ATDPN": "A3\r\r>"})
		port := newScripted(func(line string) []chunk {
			if line == "0100" {
				return []chunk{{text: "SEARCHING..."}, {after: 9 * time.Second, text: "\rBUS INIT: OK\r"}, {after: 12 * time.Second, text: "486B114100BE1FB810AA\r\r>"}}
			}
			return slow.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		if got := l.ECUs(); len(got) != 1 || got[0] != obd.NodeAddress(0x11) || l.Describe().CountDigit {
			t.Errorf("ECUs %v, %+v", got, l.Describe())
		}
	})
}

func TestAskedProtocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{"ATDPN": "7\r\r>", "0100": "18DAF110064100BE3EB811\r18DAF11E06410080000001\r\r>"}).answer)
		if _, err := elm327.Dial(t.Context(), port, elm327.Options{Protocol: obd.CAN29x500}); err != nil {
			t.Fatal(err)
		}
		if sent := port.lines(); !slices.Contains(sent, "ATSP7") || slices.Contains(sent, "ATSP0") {
			t.Errorf("sent %q", sent)
		}
	})
}

func TestKnownCapabilitiesSpareTheProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		known := dial(t, port, elm327.Options{}).Capabilities()
		if _, err := elm327.Dial(t.Context(), port, elm327.Options{Known: &known}); err != nil {
			t.Fatal(err)
		}
		if sent := port.lines(); slices.Contains(sent, "STI") || slices.Contains(sent, "01001") {
			t.Errorf("sent %q", sent)
		}
		known.Claimed = "ELM327 v9.9"
		if _, err := elm327.Dial(t.Context(), port, elm327.Options{Known: &known}); err != nil {
			t.Fatal(err)
		}
		if sent := port.lines(); !slices.Contains(sent, "STI") {
			t.Errorf("another adapter's knowledge was believed: sent %q", sent)
		}
	})
}
