package replay_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/link"
)

// recording is a short recording of a made-up car behind a serial clone.
const recording = `obdctl-recording/1
address: serial:///dev/ttyUSB0
started: 2026-03-01T08:30:00.000001+01:00
tool: obdctl 1.0.0
id: 0195508a-2b80-7c3e-8d1f-0123456789ab
speed: 38400
dial: {"protocol":"unknown"}

0.000000 open
0.001000 > ATZ\r
0.700000 < \xfc\r\rELM327 v1.5\r
0.701000 < \r>
0.702000 > ATE0\r
0.710000 < ATE0\rOK\r\r>
0.711000 > 0100\r
1.100000 < SEARCHING...\r7E8 06 41 00 BE 3E B8 11 \r
1.120000 < 7E9 06 41 00 98 18 00 01 \r\r>
1.200000 > 010C\r
1.260000 < 7E8 04 41 0C 0B 54 \r\r>
1.300000 > 010C\r
1.360000 < 7E8 04 41 0C 0C 00 \r\r>
1.400000 > ATSH7E1\r
1.410000 < OK\r\r>
1.420000 > 22F190\r
1.500000 < 7E9 03 7F 22 31 \r\r>
1.600000 close
`

func parse(t *testing.T, text string) *replay.Recording {
	t.Helper()
	rec, err := replay.Parse("car.rec", []byte(text), replay.Select{})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func open(t *testing.T, p *replay.Player) link.Port {
	t.Helper()
	port, err := p.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = port.Close() })
	return port
}

func play(t *testing.T, text string, o replay.Options) (link.Port, *replay.Player) {
	t.Helper()
	p := replay.NewPlayer(parse(t, text), o)
	return open(t, p), p
}

// ask sends a line and returns everything up to the prompt, or to the end of what comes.
func ask(t *testing.T, p link.Port, line string) string {
	t.Helper()
	if _, err := p.Write([]byte(line + "\r")); err != nil {
		t.Fatalf("Write(%q): %v", line, err)
	}
	return hear(t, p)
}

func hear(t *testing.T, p link.Port) string {
	t.Helper()
	if err := p.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	buf := make([]byte, 256)
	for !strings.HasSuffix(got.String(), ">") {
		n, err := p.Read(buf)
		got.Write(buf[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) || link.IsLost(err) || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("Read: %v", err)
		}
	}
	return got.String()
}
