package simulator_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/can"
)

// FuzzBus sends any frames to cars of every kind: nothing may panic or hang, every answer is a valid frame.
func FuzzBus(f *testing.F) {
	for _, seed := range []string{
		"\x07\xDF\x02\x01\x00", "\x07\xE0\x10\x12\x22\xF1\x90\xF1\x90\xF1\x90", "\x07\xE0\x30\x00\x00", "\x07\xE4\x06\x19\x04\x0A\xA6\x1A\xFF",
		"\xEA\x00\xEC\xFE\x00", "\xEC\x00\x11\xFF\x01\xFF\xFF\xEC\xFE\x00", "\xEC\x0B\x10\x1A\x00\x04\xFF\x00\xEF\x00", "\xE3\x00\xF7\x6E\x00\x1F",
	} {
		f.Add(uint8(0), []byte(seed))
	}
	names := []string{"four-ecu", "ev-uds", "obdonuds", "truck", "wwh-truck", "modern", "slow-ecu"}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		b, err := simulator.OpenBus(t.Context(), "sim:"+names[int(which)%len(names)]+"?pace=0")
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		for n := 0; len(data) >= 2 && n < 64; n++ {
			rest := data[2:min(len(data), 10)]
			frames := []can.Frame{can.New(can.ID(data[0])<<8|can.ID(data[1])&0x7FF, rest...)}
			wide := can.Extended | 0x180000F9 | can.ID(data[0])<<16 | can.ID(data[1])<<8
			frames = append(frames, can.New(wide, rest...), can.New(can.Extended|0x18DA00F1|can.ID(data[1])<<8, rest...))
			data = data[min(len(data), 10):]
			for _, f := range frames {
				if err := b.Send(t.Context(), f); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
			for range 200 {
				f, err := b.Receive(ctx)
				if err != nil {
					break
				}
				if f.Len > 8 || f.FD {
					t.Fatalf("frame %+v", f)
				}
			}
			cancel()
		}
	})
}

// FuzzDoIP sends any bytes to an entity, whose answers keep to the framing, whatever it hears.
func FuzzDoIP(f *testing.F) {
	f.Add([]byte("\x02\xFD\x00\x05\x00\x00\x00\x07\x0E\x80\x00\x00\x00\x00\x00\x02\xFD\x80\x01\x00\x00\x00\x06\x0E\x80\x10\x01\x01\x00"))
	f.Add([]byte("\x02\xFD\x80\x01\xFF\xFF\xFF\xFF"))
	f.Add([]byte("\x03\xFC\x00\x08\x00\x00\x00\x02\x0E\x80"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithCancel(t.Context())
		l := make(inbox, 1)
		done := make(chan error)
		go func() { done <- simulator.ServeDoIP(ctx, "sim:four-ecu?pace=0", l, nil) }()
		here, there := net.Pipe()
		l <- there
		go func() {
			_, _ = here.Write(data)
			here.Close()
		}()
		answers, _ := io.ReadAll(io.LimitReader(here, 1<<20))
		for len(answers) >= 8 {
			length := int(answers[4])<<24 | int(answers[5])<<16 | int(answers[6])<<8 | int(answers[7])
			if answers[0]^answers[1] != 0xFF || length > 5000 {
				t.Fatalf("answer % X", answers[:8])
			}
			answers = answers[min(len(answers), 8+length):]
		}
		cancel()
		close(l)
		<-done
	})
}
