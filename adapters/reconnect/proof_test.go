package reconnect_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/reconnect"
	"github.com/fleetms/obdctl/internal/link"
)

// electric answers one identifier and nothing else.
type electric struct {
	script
	awake bool
}

func (e *electric) Exchange(_ context.Context, req link.Request) ([]link.Reply, error) {
	e.asked = append(e.asked, strings.ToUpper(string(hexOf(req.Data))))
	if e.awake && slices.Equal(req.Data, []byte{0x22, 0xF1, 0x90}) {
		return []link.Reply{{Data: []byte{0x62, 0xF1, 0x90, 0x31}}}, nil
	}
	return nil, link.ErrNoReply
}

// TestAVehicleWithoutService01IsNotGone: a search that finds nothing for long is no reason to connect again.
func TestAVehicleWithoutService01IsNotGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &electric{awake: true}
		var events []string
		l := reconnect.New(car, reconnect.Options{
			Open:   func(context.Context) (link.Link, error) { return &script{}, nil },
			Notify: func(e reconnect.Event) { events = append(events, string(e.Kind)) },
			Rand:   func() float64 { return 1 },
		})
		ask := func(data ...byte) {
			_, _ = l.Exchange(t.Context(), link.Request{Data: data})
			time.Sleep(2 * time.Second)
		}
		ask(0x22, 0xF1, 0x90)
		for did := range byte(20) {
			ask(0x22, 0x01, did)
		}
		if len(events) > 0 {
			t.Errorf("events %q; asked %q", events, car.asked)
		}
		car.awake = false
		for range 5 {
			ask(0x22, 0xF1, 0x90)
		}
		if got := strings.Join(events, " "); got != "silent retry back" {
			t.Errorf("once it sleeps: events %q", got)
		}
	})
}
