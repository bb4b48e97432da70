package isotp_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/link/linktest"
)

// rule is what a scripted ECU does: a frame that begins so is answered by frames, each after its pause.
type rule struct {
	on    string   // beginning of a frame as candump writes it
	reply []string // frames; "20ms" before one is a pause
	once  bool
}

// ecu runs the rules on a node of the wire until the test ends.
func ecu(t testing.TB, w *linktest.Wire, rules ...rule) {
	t.Helper()
	node := w.Node("ecu")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			f, err := node.Receive(ctx)
			if err != nil {
				return
			}
			text := string(framelog.AppendFrame(nil, &f))
			for i := range rules {
				if r := &rules[i]; r.on != "" && strings.HasPrefix(text, r.on) {
					play(ctx, t, node, r.reply)
					if r.once {
						r.on = ""
					}
					break
				}
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func play(ctx context.Context, t testing.TB, node *linktest.Node, frames []string) {
	for _, s := range frames {
		if d, err := time.ParseDuration(s); err == nil {
			time.Sleep(d)
			continue
		}
		f, err := framelog.ParseFrame(s)
		if err != nil {
			t.Error(err)
			return
		}
		_ = node.Send(ctx, f)
	}
}

// heard collects what the tester sends on a wire.
func heard(w *linktest.Wire) func() []string {
	node := w.Node("ear")
	return func() []string {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		var all []string
		for {
			f, err := node.Receive(ended)
			if err != nil {
				return all
			}
			if id := f.ID.Raw(); id&0xFFF8 == 0x7E0 || id == 0x7D3 || id == 0x7DF || f.ID.IsExtended() && id&0xFF == 0xF1 || id == 0x6F1 || id == 0x750 {
				all = append(all, string(framelog.AppendFrame(nil, &f)))
			}
		}
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}
