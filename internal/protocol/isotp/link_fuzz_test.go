package isotp_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// FuzzExchange lets hostile ECUs answer with any frames: an exchange ends in bounded time.
func FuzzExchange(f *testing.F) {
	f.Add([]byte{0x22, 0xF1, 0x90}, []byte{0, 8, 0x10, 0x14, 0x62, 0xF1, 0x90, 1, 2, 3, 0, 8, 0x21, 4, 5, 6, 7, 8, 9, 10}, false)
	f.Add([]byte{0x2E, 0xF1, 0x90, 1, 2, 3, 4, 5, 6}, []byte{0, 3, 0x30, 0, 0xF1, 1, 4, 3, 0x7F, 0x2E, 0x78}, true)
	f.Add([]byte{0x01, 0x00}, []byte{0, 7, 6, 0x41, 0, 1, 2, 3, 4, 1, 4, 3, 0x7F, 1, 0x21}, false)
	f.Fuzz(func(t *testing.T, request, script []byte, physical bool) {
		if len(request) > isotp.MaxClassic || len(script) > 1<<12 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			w := linktest.NewWire(500_000)
			node := w.Node("ecu")
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() {
				defer close(done)
				for rest := script; len(rest) >= 2; {
					if _, err := node.Receive(ctx); err != nil && ctx.Err() != nil {
						return
					}
					for burst := 0; burst <= int(rest[0]>>4) && len(rest) >= 2; burst++ {
						n := min(int(rest[1]&0x0F), len(rest)-2, 8)
						_ = node.Send(ctx, can.New(0x7E8+can.ID(rest[0]&7), rest[2:2+n]...))
						if rest = rest[2+n:]; len(rest) < 2 {
							break
						}
					}
				}
			}()
			l := isotp.Attach(w.Node("tester"), isotp.Options{Protocol: obd.CAN11x500})
			req := link.Request{Data: request}
			if physical {
				req.Target = obd.CAN11(0x7E8)
			}
			start := time.Now()
			replies, _ := l.Exchange(t.Context(), req)
			if took := time.Since(start); took > time.Hour {
				t.Errorf("the exchange took %s", took)
			}
			seen := map[obd.Address]bool{}
			for _, r := range replies {
				if seen[r.ECU] || physical && r.ECU != req.Target {
					t.Errorf("replies %v", replies)
				}
				seen[r.ECU] = true
			}
			cancel()
			<-done
		})
	})
}
