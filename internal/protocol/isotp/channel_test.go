package isotp_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// kernelChannel does what CAN_ISOTP does, as a node of its own on the wire.
type kernelChannel struct {
	node           *linktest.Node
	request, reply can.ID
	frames         isotp.Reassembler
	closed         *int
}

func (k *kernelChannel) Send(ctx context.Context, message []byte) error {
	f := can.New(k.request, append([]byte{byte(len(message))}, message...)...)
	f.Len = 8
	return k.node.Send(ctx, f)
}

func (k *kernelChannel) Receive(ctx context.Context) ([]byte, error) {
	for {
		limited, cancel := context.WithTimeout(ctx, time.Second) // N_Cr
		f, err := k.node.Receive(limited)
		cancel()
		switch {
		case err != nil && ctx.Err() == nil:
			return nil, link.ErrIncomplete
		case err != nil:
			return nil, err
		case f.ID != k.reply:
			continue
		}
		r, err := k.frames.Push(obd.CAN11(f.ID.Raw()), f.Payload(), time.Now())
		if err != nil {
			continue
		}
		if r.Reply {
			if err := k.node.Send(ctx, can.New(k.request, 0x30, 0, 0, 0, 0, 0, 0, 0)); err != nil {
				return nil, err
			}
		}
		if r.Done {
			return r.Message.Data, r.Message.Err
		}
	}
}

func (k *kernelChannel) Close() error { *k.closed++; return nil }

func TestExchangesOverAChannel(t *testing.T) {
	for _, row := range []struct {
		name   string
		rules  []rule
		target obd.Address
		data   string
		want   string
		opened int
	}{
		{"one frame", []rule{{on: "7E0#02010C", reply: []string{"7E8#04410C1AF8"}}}, obd.CAN11(0x7E8), "010C", "7E8 410C1AF8", 1},
		{
			"a long answer takes longer than the wait for its beginning",
			[]rule{{on: "7E0#0322F190", reply: []string{"20ms", "7E8#100962F190010203"}}, {on: "7E0#30", reply: []string{"700ms", "7E8#21040506"}}},
			obd.CAN11(0x7E8), "22F190", "7E8 62F190010203040506", 1,
		},
		{
			"response pending, busy and a stale answer",
			[]rule{{on: "7E0#0322F190", once: true, reply: []string{"7E8#037F2221"}}, {on: "7E0#0322F190", reply: []string{"7E8#0462F18799", "7E8#037F2278", "4s", "7E8#037F2278", "4.9s", "7E8#0462F19042"}}},
			obd.CAN11(0x7E8), "22F190", "7E8 62F19042", 1,
		},
		{"pending without an end", []rule{{on: "7E0#0322F190", reply: []string{"7E8#037F2278"}}}, obd.CAN11(0x7E8), "22F190", "7E8 7F2278 !response pending without an end", 1},
		{"the rest never comes", []rule{{on: "7E0#0322F190", reply: []string{"7E8#101462F190010203"}}}, obd.CAN11(0x7E8), "22F190", "7E8  !reply is incomplete", 1},
		{"nobody answers", nil, obd.CAN11(0x7E8), "22F190", "error no reply from any ECU", 1},
		{"all ECUs are asked by frames", []rule{{on: "7DF#02010C", reply: []string{"7E8#04410C1AF8", "7E9#04410C1AF8"}}}, obd.Functional, "010C", "7E8 410C1AF8; 7E9 410C1AF8", 0},
		{"so is an ECU with an address byte", []rule{{on: "750#0F0322F190", reply: []string{"758#0F0462F19001"}}}, obd.CAN11(0x758).WithExtension(0x0F), "22F190", "758:0F 62F19001", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := linktest.NewWire(500_000)
				ecu(t, w, row.rules...)
				opened, closed := 0, 0
				l := isotp.Attach(w.Node("tester"), isotp.Options{
					Protocol: obd.CAN11x500,
					Channel: func(_ context.Context, request, reply can.ID) (isotp.Channel, error) {
						opened++
						return isotp.GuardChannel(&kernelChannel{node: w.Node("kernel"), request: request, reply: reply, closed: &closed}, link.ReadOnly()), nil
					},
				})
				got := show(l.Exchange(t.Context(), link.Request{Target: row.target, Data: unhex(row.data)}))
				if got != row.want || opened != row.opened || closed != opened {
					t.Errorf("got %q, want %q; %d opened, %d closed", got, row.want, opened, closed)
				}
			})
		})
	}
}

func TestAChannelIsGuarded(t *testing.T) {
	closed := 0
	c := isotp.GuardChannel(&kernelChannel{closed: &closed}, link.ReadOnly())
	for _, message := range []string{"2EF19001", "1101", "1003", "3401", ""} {
		if err := c.Send(t.Context(), unhex(message)); errs.KindOf(err) != errs.Denied {
			t.Errorf("%s: %v", message, err)
		}
	}
	if err := c.Close(); err != nil || closed != 1 {
		t.Error(errors.New("not closed"), err)
	}
}
