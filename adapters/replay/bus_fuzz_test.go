package replay_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/can"
)

// FuzzBus plays any recording or log of frames: it answers or not, and never hangs.
func FuzzBus(f *testing.F) {
	f.Add([]byte("(1.0) can0 7DF#0201000000000000\n(1.1) can0 7E8#0641000000000200\n"), []byte{2, 1, 0}, false)
	f.Add([]byte("obdctl-recording/2\nstarted: 2026-03-01T08:30:00Z\n\n0.0 open\n0.1 tx 7DF#020100\n0.2 rx 7E8#064100BE3FA813\n0.3 timeout\n0.4 lost gone\n"), []byte{2, 1, 0}, true)
	f.Fuzz(func(t *testing.T, data, sent []byte, listen bool) {
		rec, err := replay.Parse("x", data, replay.Select{})
		if err != nil || !rec.HasFrames() {
			return
		}
		p := replay.NewPlayer(rec, replay.Options{Listen: listen})
		b, err := p.OpenBus(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		limited, cancel := context.WithTimeout(t.Context(), 1<<40)
		defer cancel()
		for range 3 {
			for range len(data) + 2 {
				if _, err := b.Receive(limited); err != nil {
					break
				}
			}
			p.Now()
			if err := b.Send(t.Context(), can.New(0x7DF, sent...)); err != nil {
				return
			}
		}
	})
}
