package elm327_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// BenchmarkExchange is what the dialogue itself costs per request, with an adapter that answers at once.
func BenchmarkExchange(b *testing.B) {
	port := newScripted(plainCar.answer)
	l, err := elm327.Dial(b.Context(), port, elm327.Options{})
	if err != nil {
		b.Fatal(err)
	}
	req := link.Request{Data: data("010C"), Frames: 1}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Exchange(b.Context(), req); err != nil {
			b.Fatal(err)
		}
		port.sent = port.sent[:0]
	}
}
