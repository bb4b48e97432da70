package elm327_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// addressed is an adapter that follows AT SH, AT FC SD and AT D, and asks answer what the ECUs that a
// request reaches say.
func addressed(base table, answer func(header, pause, line string) string) *scripted {
	header, pause := "7DF", ""
	return newScripted(func(line string) []chunk {
		switch {
		case strings.HasPrefix(line, "ATSH"):
			header = line[4:]
		case strings.HasPrefix(line, "ATFCSD"):
			pause = line[6:]
		case line == "ATD", line == "ATZ":
			header, pause = "7DF", ""
		}
		if a := answer(header, pause, line); a != "" {
			return now(a)
		}
		return base.answer(line)
	})
}

// TestTangledWithoutHeaders has two ECUs whose long answers cannot be told apart by an adapter that ignores AT H1.
func TestTangledWithoutHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := "014\r0:490201314434\r1:47503030523535\r2:42313233343536\r\r>", "014\r0:490201324434\r1:47503030523536\r2:42313233343537\r\r>"
		port := addressed(plainCar, func(header, _, line string) string {
			switch line + " " + header {
			case "0100 7DF", "01001 7DF":
				return "4100BE3EB811\r410080000001\r\r>"
			case "0902 7DF":
				return "014\r014\r0:490201314434\r0:490201324434\r1:47503030523535\r1:47503030523536\r2:42313233343536\r2:42313233343537\r\r>"
			case "0100 7E0":
				return "4100BE3EB811\r\r>"
			case "0100 7E2":
				return "410080000001\r\r>"
			case "0902 7E0":
				return one
			case "0902 7E2":
				return two
			}
			if strings.HasPrefix(line, "0") {
				return "NO DATA\r\r>"
			}
			return ""
		})
		l := dial(t, port, elm327.Options{})
		want := "7E8:4902013144344750303052353542313233343536 7EA:4902013244344750303052353642313233343537"
		if got := show(ask(t, l, link.Request{Data: data("0902")})); got != want {
			t.Errorf("got %s", got)
		}
	})
}

// TestBufferTooSmallForOne has an adapter that overruns already at the frames of one ECU, and that lost a
// second ECU's reply in the same way during the search.
func TestBufferTooSmallForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := addressed(plainCar, func(header, pause, line string) string {
			switch line + " " + header {
			case "0100 7DF":
				return "7E8064100BE3EB811\rBUFFER FULL\r\r>"
			case "0100 7E1":
				return "7E906410080000001\r\r>"
			case "0902 7DF":
				return "7E81014490201314434\rBUFFER FULL\r\r>"
			case "0902 7E0":
				if pause != "300019" {
					return "7E81014490201314434\rBUFFER FULL\r\r>"
				}
				return "7E81014490201314434\r7E82147503030523535\r7E82242313233343536\r\r>"
			case "0902 7E1":
				return "7E9037F0912\r\r>" // silent when all are asked
			}
			if strings.HasPrefix(line, "01") && header != "7E0" && header != "7DF" {
				return "NO DATA\r\r>"
			}
			return ""
		})
		var told []elm327.EventKind
		l := dial(t, port, elm327.Options{Notify: func(e elm327.Event) { told = append(told, e.Kind) }})
		if got := show(ask(t, l, link.Request{Data: data("0902")})); got != "7E8:4902013144344750303052353542313233343536" {
			t.Errorf("got %s", got)
		}
		if n := len(l.ECUs()); n != 2 {
			t.Errorf("knows %d ECUs", n)
		}
		if !slices.Contains(told, elm327.EventFallback) {
			t.Errorf("told %q", told)
		}
		port.lines()
		ask(t, l, link.Request{Data: data("0902")})
		if sent := port.lines(); count(sent, "0902") != 2 {
			t.Errorf("asked all at once again: %q", sent)
		}
	})
}
