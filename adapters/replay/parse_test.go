package replay_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
)

const head = "obdctl-recording/1\nstarted: 2026-03-01T08:30:00Z\n\n"

func TestDamagedRecordingNamesLineAndReason(t *testing.T) {
	for _, row := range []struct{ name, text, says string }{
		{"empty", "", "is empty"},
		{"blank", " \n\t\n", "is empty"},
		{"later version", "obdctl-recording/3\n\n", "x:1: the version"},
		{"no header end", "obdctl-recording/1\nstarted: 2026-03-01T08:30:00Z\n", "the header has no end"},
		{"no start", "obdctl-recording/1\ntool: x\n\n", "x:3: the header does not say when"},
		{"header line", "obdctl-recording/1\nstarted\n\n", "x:2: a header line is KEY: VALUE"},
		{"start", "obdctl-recording/1\nstarted: yesterday\n\n", `x:2: header "started"`},
		{"far future", "obdctl-recording/1\nstarted: 0001-01-01T00:00:00Z\n\n", "year 1 is out of range"},
		{"id", "obdctl-recording/1\nid: 17\n\n", `x:2: header "id"`},
		{"dial", "obdctl-recording/1\ndial: {\n\n", `x:2: header "dial" is not JSON`},
		{"no events", head, "holds no event"},
		{"no time", head + "open\n", "x:4: a time and a word"},
		{"time", head + "soon open\n", `x:4: "soon" is not a time`},
		{"negative time", head + "-1.0 open\n", "is not a time"},
		{"huge time", head + "4294967295.0 open\n", "out of range"},
		{"backwards", head + "2.0 open\n1.0 close\n", "x:5: time runs backwards"},
		{"word", head + "0.0 jump\n", `x:4: word "jump" is not known`},
		{"nothing sent", head + "0.0 >\n", "is not complete"},
		{"text behind close", head + "0.0 close it\n", "has too much behind it"},
		{"escape", head + "0.0 open\n0.1 > AT\\q\n", `x:5: escape "\\q" is not known`},
		{"cut escape", head + "0.0 open\n0.1 < 41\\x4\n", "escape"},
		{"binary", "\x7fELF\x02\x01\x01", "x:1: this is neither"},
		{"prose", "Dear diary,\nthe car broke.\n", "x:1: this is neither"},
		{"arrow line", "0.1 >> ATZ\\r\nnonsense\n", "x:2: a line is SECONDS"},
		{"arrow escape", "0.1 >> ATZ\\z\n", "x:1: escape"},
		{"json", "{\n\"commands\": [\n{]\n}\n", "x:"},
		{"scenario without request", `{"commands":[{"response_chunks":["OK"]}]}`, "command 1 has no request"},
		{"json without dialog", `{"cmd":"0100","raw":"41"}`, `x:1: there is no "dialog"`},
		{"broken line", `{"dialog":[]}` + "\n{\"dialog\":[}", "x:2: "},
	} {
		_, err := replay.Parse("x", []byte(row.text), replay.Select{})
		if errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v (kind %s), want %q", row.name, err, errs.KindOf(err), row.says)
		}
	}
}

// TestKilledAnywhere cuts a recording at every byte: the last line may be lost and nothing else.
func TestKilledAnywhere(t *testing.T) {
	body := strings.Index(recording, "0.000000 open\n") + len("0.000000 open\n")
	for n := body; n < len(recording); n++ {
		rec, err := replay.Parse("x", []byte(recording[:n]), replay.Select{})
		if err != nil {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
		if cut := recording[n-1] != '\n'; rec.Truncated != cut {
			t.Errorf("cut at byte %d: Truncated = %v", n, rec.Truncated)
		}
	}
}

// TestEditorsAndMail lets what happens to text files happen: CRLF, comments, empty lines, a later header.
func TestEditorsAndMail(t *testing.T) {
	text := strings.Replace(recording, "\n\n", "\nfuture: thing\n\n# the misfire starts here\n\n", 1)
	port, _ := play(t, strings.ReplaceAll(text, "\n", "\r\n"), replay.Options{Strict: true})
	if got := ask(t, port, "ATZ"); got != "\xfc\r\rELM327 v1.5\r\r>" {
		t.Errorf("answer %q", got)
	}
}

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	if _, err := replay.Load(filepath.Join(folder, "none.rec"), replay.Select{}); errs.KindOf(err) != errs.Usage {
		t.Errorf("Load of a missing file: %v", err)
	}
	if _, err := replay.Load(folder, replay.Select{}); errs.KindOf(err) != errs.BadInput {
		t.Errorf("Load of a folder: %v", err)
	}
	path := filepath.Join(folder, "car.rec")
	if err := os.WriteFile(path, []byte(recording), 0o600); err != nil {
		t.Fatal(err)
	}
	if rec, err := replay.Load(path, replay.Select{}); err != nil || rec.Foreign || rec.Header.Tool != "obdctl 1.0.0" {
		t.Errorf("Load: %+v, %v", rec, err)
	}
}
