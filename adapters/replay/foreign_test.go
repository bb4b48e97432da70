package replay_test

import (
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
)

const arrowLog = `# a made-up car, headers off
    0.016 >> ATZ\r
    0.817 << \r\rELM327 v1.5\r\r>
    0.900 >> 0100\r
    1.100 << SEARCHING...\r
    1.255 << 4100BE3EB811\r\r>
    1.300 >> 03\r
    1.400 << 430103 01\r\r>
`

const terminal = `> ATZ

ELM327 v2.1

>0100
SEARCHING...
41 00 BE 3E B8 11

>01 0C
41 0C 0B 54

>
`

const scripted = `{"scenario_id": "x", "defaults": {"at_response": "OK\r\r>", "obd_response": "NO DATA\r\r>"}, "commands": [
 {"request": "ATZ", "response_chunks": ["ELM327 v1.5\r\r>"], "delay_ms": 10, "echo": true},
 {"request": "0902", "response_chunks": ["7E8 10 14 49 02 01 31 32 33\r", "7E8 21 34 35 36 37 38 39 30\r\r>"], "delay_ms": 15.5, "echo": false}
]}`

const dialogs = `{"vehicle": "one", "dialog": [{"tx": "ATZ", "rx": "ü\r\rELM327 v1.5\r\r>"}, {"tx": "03", "rx": "43 01 04 20\r\r>"}]}

{"vehicle": "two", "dialog": [{"tx": "03", "rx": "43 00\r\r>"}, {"tx": "0101", "rx": ""}]}
`

func TestForeignTranscripts(t *testing.T) {
	for _, row := range []struct {
		name, text string
		pick       replay.Select
		turns      [][2]string
	}{
		{"arrows", arrowLog, replay.Select{}, [][2]string{
			{"ATZ", "\r\rELM327 v1.5\r\r>"}, {"ATH1", "OK\r\r>"}, {"0100", "SEARCHING...\r4100BE3EB811\r\r>"},
			{"03", "430103 01\r\r>"}, {"07", "NO DATA\r\r>"},
		}},
		{"arrows without times", ">> 03\n<< 43 00\\r\\r>\n", replay.Select{}, [][2]string{{"03", "43 00\r\r>"}}},
		{"terminal", terminal, replay.Select{}, [][2]string{
			{"ATZ", "ELM327 v2.1\r\r>"}, {"0100", "SEARCHING...\r41 00 BE 3E B8 11\r\r>"}, {"010C1", "41 0C 0B 54\r\r>"},
		}},
		{"scenario", scripted, replay.Select{}, [][2]string{
			{"ATZ", "ATZ\rELM327 v1.5\r\r>"}, {"ATDPN", "OK\r\r>"}, {"STI", "?\r\r>"}, {"0100", "NO DATA\r\r>"},
			{"0902", "7E8 10 14 49 02 01 31 32 33\r7E8 21 34 35 36 37 38 39 30\r\r>"},
		}},
		{"dialog by number", dialogs, replay.Select{Dialog: 1}, [][2]string{{"ATZ", "\xfc\r\rELM327 v1.5\r\r>"}, {"03", "43 01 04 20\r\r>"}}},
		{"dialog by line", dialogs, replay.Select{Line: 3}, [][2]string{{"03", "43 00\r\r>"}, {"0101", ""}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			rec, err := replay.Parse("x", []byte(row.text), row.pick)
			if err != nil {
				t.Fatal(err)
			}
			if !rec.Foreign || !rec.Header.Started.Equal(time.Unix(0, 0)) {
				t.Errorf("header %+v", rec.Header)
			}
			port := open(t, replay.NewPlayer(rec, replay.Options{Name: "replay:x"}))
			for _, turn := range row.turns {
				if got := ask(t, port, turn[0]); got != turn[1] {
					t.Errorf("%s: %q, want %q", turn[0], got, turn[1])
				}
			}
			if port.Name() != "replay:x" {
				t.Errorf("Name %q", port.Name())
			}
		})
	}
}

func TestDialogMustBeChosen(t *testing.T) {
	for _, pick := range []replay.Select{{}, {Line: 2}, {Dialog: 3}, {Line: 99}} {
		if _, err := replay.Parse("x", []byte(dialogs), pick); errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
			t.Errorf("pick %+v: %v (kind %s), want a usage error with a hint", pick, err, errs.KindOf(err))
		}
	}
}

// TestIdentifiersFollowFromTheTranscript makes the same file give the same identifiers and another one others.
func TestIdentifiersFollowFromTheTranscript(t *testing.T) {
	id := func(text string, pick replay.Select) string {
		rec, err := replay.Parse("x", []byte(text), pick)
		if err != nil {
			t.Fatal(err)
		}
		return replay.NewPlayer(rec, replay.Options{}).NewID().String()
	}
	if a, b := id(arrowLog, replay.Select{}), id(arrowLog, replay.Select{}); a != b || a[14] != '7' {
		t.Errorf("identifiers %s and %s", a, b)
	}
	if a, b := id(dialogs, replay.Select{Dialog: 1}), id(dialogs, replay.Select{Dialog: 2}); a == b {
		t.Errorf("two dialogs share the identifier %s", a)
	}
}
