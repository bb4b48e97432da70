package text_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// show writes an answer in one line: lines, then condition, banners, echo.
func show(a text.Answer) string {
	s := ""
	for _, l := range a.Lines {
		s += l.Text
		if l.Mark != text.None {
			s += "<" + string(l.Mark)
		}
		s += "|"
	}
	if c := a.Condition(); c != text.None {
		s += " !" + string(c)
	}
	if len(a.Banners) > 0 {
		s += fmt.Sprintf(" %q", a.Banners)
	}
	if a.Echoed {
		s += " echo"
	}
	return s
}

func TestClean(t *testing.T) {
	for _, row := range []struct{ name, command, raw, want string }{
		{"plain", "010D", "41 0D 1E \r\r>", "41 0D 1E|"},
		{"line feeds", "010D", "41 0D 1E\r\n\r\n>", "41 0D 1E|"},
		{"only line feeds", "010D", "41 0D 1E\n\n>", "41 0D 1E|"},
		{"no line end", "010D", "410D1E>", "410D1E|"},
		{"echo", "010D", "010D\r41 0D 1E\r\r>", "41 0D 1E| echo"},
		{"echo with other blanks", "010D", "01 0D\r41 0D 1E\r\r>", "41 0D 1E| echo"},
		{"echo in small letters", "ATE0", "ate0\rOK\r\r>", "OK| echo"},
		{"echo glued to the data", "010D", "010D41 0D 1E\r\r>", "41 0D 1E| echo"},
		{"echo glued to an error", "010D", "010DNO DATA\r\r>", " !NO DATA echo"},
		{"echo and blanks before an error", "0101", "0101   STOPPED\r>", " !STOPPED echo"},
		{"echo of another form glued to an error", "221018", "STPXH:18DA18F1,D:221018,R:1CANERROR", " !CAN ERROR echo"},
		{"a length line that begins like the command", "03", "03F\r0:43 1E 01 71 03 00\r>", "03F|0:43 1E 01 71 03 00|"},
		{"NULs", "010D", "41\x00 0D\x00 1E\r\x00\r>", "41 0D 1E|"},
		{"junk of a wrong speed", "ATZ", "\xFC\xC0\x7F\r\rELM327 v1.5\r\r>", "ELM327 v1.5|"},
		{"Bluetooth module: disconnect", "ATZ", "+DISC:SUCCESS\r\n>", ` ["+DISC:SUCCESS"]`},
		{"Bluetooth module: connecting", "ATE0", "+CONNECTING<<9C:2\r\nOK\r\n>", `OK| ["+CONNECTING<<9C:2"]`},
		{"late answer to another command", "ATH0", "ATZ\rELM327 v1.5\r\r>", "ATZ|ELM327 v1.5|"},
		{"searching", "0100", "SEARCHING...\r7E8 06 41 00 98 18 00 01\r\r>", `7E8 06 41 00 98 18 00 01| ["SEARCHING..."]`},
		{"searching glued to the data", "0100", "SEARCHING...7E8 06 41 00 98 18 00 01\r\r>", `7E8 06 41 00 98 18 00 01| ["SEARCHING..."]`},
		{"echo, searching and data glued", "0100", "0100SEARCHING: ...41 00 98 18 00 01\r\r>", `41 00 98 18 00 01| ["SEARCHING: ..."] echo`},
		{"searching without success", "0100", "SEARCHING...\rUNABLE TO CONNECT\r\r>", ` !UNABLE TO CONNECT ["SEARCHING..."]`},
		{"bus init", "0100", "BUS INIT: OK\r41 00 98 18 00 01\r\r>", `41 00 98 18 00 01| ["BUS INIT: OK"]`},
		{"bus init with dots", "0100", "BUS INIT: ...OK\r41 00 98 18 00 01\r\r>", `41 00 98 18 00 01| ["BUS INIT: ...OK"]`},
		{"bus init glued to the data", "0100", "BUS INIT: ...OK41 00 98 18 00 01\r\r>", `41 00 98 18 00 01| ["BUS INIT: ...OK"]`},
		{"bus init without success", "0100", "BUS INIT: ...ERROR\r\r>", " !BUS INIT ERROR"},
		{"bus init without success, no dots", "0100", "BUS INIT: ERROR\r\r>", " !BUS INIT ERROR"},
		{"bus init in small letters, no end", "0100", "bus init", " !BUS INIT"},
		{"bus init whose end got lost", "0100", "BUS INIT: ...\r41 00 98 18 00 01\r\r>", "41 00 98 18 00 01|"},
		{"banner cut in two", "0100", "SEARCHING.\r..\r41 00 98 18 00 01\r\r>", `41 00 98 18 00 01| ["SEARCHING."]`},
		{"data, then stopped, two prompts", "0100", "41 00 98 18 00 01\rSTOPPED\r\r>\r>", "41 00 98 18 00 01| !STOPPED"},
		{"stopped glued to the data", "0100", "41 00 98STOPPED\r\r>", "41 00 98| !STOPPED"},
		{"buffer full", "0902", "7E8 10 14 49 02 01 41 42 43\rBUFFER FULL\r\r>", "7E8 10 14 49 02 01 41 42 43| !BUFFER FULL"},
		{"marked line", "03", "43 01 71 00 00 00 00 <DATA ERROR\r43 02 01 00 00 00 00\r\r>", "43 01 71 00 00 00 00<DATA ERROR|43 02 01 00 00 00 00|"},
		{"marked line, no blanks", "0100", "7E80641009818<RXERROR\r>", "7E80641009818<RX ERROR|"},
		{"data error", "03", "DATA ERROR\r\r>", " !DATA ERROR"},
		{"rejected", "ATAL", "?\r\r>", " !?"},
		{"rejected, glued to the echo", "ATAL", "ATAL?\r\r>", " !? echo"},
		{"internal error", "03", "ERR94\r\r>", " !ERR94"},
		{"internal error glued to the echo", "0101", "0101    ERR93\r>", " !ERR93 echo"},
		{"bare error", "0100", "ERROR\r\r>", " !ERROR"},
		{"low voltage reset", "0100", "LV RESET\r\rELM327 v2.2\r\r>", "ELM327 v2.2| !LV RESET"},
		{"low power alert", "0100", "41 00 98 18 00 01\r!LP ALERT\r\r>", "41 00 98 18 00 01| !LP ALERT"},
		{"the most serious of two", "0100", "NO DATA\rCAN ERROR\r>", " !CAN ERROR"},
		{"activity alert beside no data", "0100", "ACT ALERT\rNO DATA\r>", " !NO DATA"},
		{"prompt and command in a log", "", "> 7E0.010D\r7E8 03 41 0D 00\r>7E0.010C\rNO DATA", "7E8 03 41 0D 00| !NO DATA"},
		{"prompt and command of a terminal", "", ">010D\r7E8 03 41 0D 00\r\r>AT RV\r12.6V\r>", "7E8 03 41 0D 00|12.6V|"},
		{"prompt glued to data", "", ">7E8 03 41 0D 00\r\r>18DAF110 03 41 0D 01\r>STN2120 v5.6", "7E8 03 41 0D 00|18DAF110 03 41 0D 01|STN2120 v5.6|"},
		{"nothing", "", "", ""},
	} {
		if got := show(text.Clean([]byte(row.raw), row.command)); got != row.want {
			t.Errorf("%s: %q\n got %s\nwant %s", row.name, row.raw, got, row.want)
		}
	}
}

// Every condition is found in every way that adapters print it.
func TestConditions(t *testing.T) {
	for spelled, want := range map[string]text.Condition{
		"?": text.Rejected, "NO DATA": text.NoData, "NODATA": text.NoData, "no data": text.NoData,
		"UNABLE TO CONNECT": text.UnableToConnect, "UNABLETOCONNECT": text.UnableToConnect,
		"BUS BUSY": text.BusBusy, "BUS ERROR": text.BusError, "BUSINIT: ERROR": text.BusInitError,
		"CAN ERROR": text.CANError, "CANERROR": text.CANError, "Can Error": text.CANError,
		"BUFFER FULL": text.BufferFull, "DATA ERROR": text.DataError, "RX ERROR": text.RxError,
		"STOPPED": text.Stopped, "ERR71": "ERR71", "LV RESET": text.LVReset, "LP ALERT": text.LPAlert,
		"ACT ALERT": text.ActAlert, "FB ERROR": text.FBError, "FC RX TIMEOUT": text.FCRxTimeout,
		"NOT CONNECTED": text.NotConnected, "OUT OF MEMORY": text.OutOfMemory, "UART RX OVERFLOW": text.UARTOverflow,
	} {
		for _, raw := range []string{spelled + "\r\r>", "0902" + spelled, "0902\r" + spelled + "\r>", "SEARCHING..." + spelled} {
			if got := text.Clean([]byte(raw), "0902").Condition(); got != want {
				t.Errorf("%q: %q, want %q", raw, got, want)
			}
		}
	}
}

func TestConditionErr(t *testing.T) {
	if err := text.None.Err(); err != nil {
		t.Errorf("none: %v", err)
	}
	if !errors.Is(text.NoData.Err(), link.ErrNoReply) {
		t.Error("no data is not link.ErrNoReply")
	}
	if f, ok := errors.AsType[*link.Fault](text.Condition("ERR94").Err()); !ok || f.Text != "ERR94" {
		t.Errorf("internal error: %v", f)
	}
	if !text.Condition("ERR94").Internal() || text.GeneralError.Internal() {
		t.Error("internal errors are not told from others")
	}
}

// Whatever comes, reading it ends: work that grew with the square of the input would not come to the end here.
func TestHostileAnswersEnd(t *testing.T) {
	for name, unit := range map[string]string{
		"one endless line":       "41",
		"conditions in one line": "?",
		"colons":                 "0FF0:",
		"lines":                  "7E8 03 41 0D 1E\r",
		"other lines":            "48 6B 10 43 01 71 03 00 04 20 1F\r",
		"first frames":           "7E8 1F FF 41 0D 1E 00 00\r",
		"pending":                "7E8 03 7F 01 78\r",
		"length lines":           "FFF\r",
		"marks":                  "7E8 03 41 0D 1E <RX ERROR\r",
	} {
		raw := bytes.Repeat([]byte(unit), 40_000/len(unit))
		for i := range raw { // many ECUs, many values
			if name == "lines" && i%16 == 2 || name == "other lines" && i%33 == 21 {
				raw[i] = "0123456789ABCDEF"[i/37%16]
			}
		}
		a := text.Clean(raw, "010D")
		for _, p := range []obd.Protocol{obd.ProtocolUnknown, obd.CAN11x500, obd.ISO9141} {
			for _, headers := range []bool{true, false} {
				text.Replies(a, text.Format{Protocol: p, Headers: headers}, []byte{1, 0x0D})
			}
		}
	}
}
