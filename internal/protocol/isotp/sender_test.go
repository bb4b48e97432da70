package isotp_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// message makes a message of n bytes, each different from its neighbours.
func message(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + 1)
	}
	return b
}

func TestSegment(t *testing.T) {
	for _, row := range []struct {
		name   string
		data   string
		format isotp.Format
		want   []string
	}{
		{"request", "01 0C", isotp.OBD(), []string{"02 01 0C 00 00 00 00 00"}},
		{"without padding", "01 0C", isotp.Format{}, []string{"02 01 0C"}},
		{"seven bytes", "01 04 05 0B 0C 0D 0F", isotp.OBD(), []string{"07 01 04 05 0B 0C 0D 0F"}},
		{"eight bytes", "2E F1 90 01 02 03 04 05", isotp.Format{Padded: true, Pad: 0x55},
			[]string{"10 08 2E F1 90 01 02 03", "21 04 05 55 55 55 55 55"}},
		{"extended: six fit", "22 F1 90 F1 87 01", isotp.Format{Addressing: isotp.Extended, Extension: 0x12}, []string{"12 06 22 F1 90 F1 87 01"}},
		{"extended: seven do not", "22 F1 90 F1 87 01 02", isotp.Format{Addressing: isotp.Extended, Extension: 0x12},
			[]string{"12 10 07 22 F1 90 F1 87", "12 21 01 02"}},
		{"CAN FD fills to a length that exists", "22 F1 90 F1 91 F1 92 F1 93", isotp.Format{Size: 64, Pad: 0xCC},
			[]string{"00 09 22 F1 90 F1 91 F1 92 F1 93 CC"}},
		{"a CAN FD size that does not exist is rounded down", "22 F1 90 F1 91 F1 92 F1 93 F1 94 F1 95", isotp.Format{Size: 15},
			[]string{"10 0D 22 F1 90 F1 91 F1 92 F1 93 F1", "21 94 F1 95"}},
	} {
		got, err := isotp.Segment(wire(t, row.data), row.format)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if text := fmt.Sprintf("% X", got); text != fmt.Sprint(row.want) {
			t.Errorf("%s: %s, want %s", row.name, text, row.want)
		}
	}
}

func TestSegmentWrapsTheSequence(t *testing.T) {
	frames, err := isotp.Segment(message(6+7*17), isotp.Format{})
	if err != nil {
		t.Fatal(err)
	}
	if len(frames) != 18 || frames[15][0] != 0x2F || frames[16][0] != 0x20 || frames[17][0] != 0x21 {
		t.Errorf("%d frames, control bytes %02X %02X %02X", len(frames), frames[15][0], frames[16][0], frames[17][0])
	}
}

func TestSegmentLongLength(t *testing.T) {
	frames, err := isotp.Segment(message(isotp.MaxClassic+1), isotp.Format{})
	if err != nil {
		t.Fatal(err)
	}
	if want := wire(t, "10 00 00 00 10 00 01 08"); !bytes.Equal(frames[0], want) {
		t.Errorf("first frame % X, want % X", frames[0], want)
	}
	if _, err := isotp.Segment(nil, isotp.Format{}); err == nil {
		t.Error("an empty message was cut")
	}
}

// A block that is larger than what is left must not make the sender go on (seen in the field: eight
// frames sent where one was left).
func TestSenderStopsAtTheEndOfTheMessage(t *testing.T) {
	s, err := isotp.NewSender(wire(t, "2E F1 90 01 02 03 04 05"), isotp.OBD())
	if err != nil {
		t.Fatal(err)
	}
	if frame, _ := s.Next(); frame != nil {
		t.Fatalf("frame % X before flow control", frame)
	}
	if err := s.Control(isotp.FlowControl{BlockSize: 8, STmin: 20}); err != nil {
		t.Fatal(err)
	}
	frame, gap := s.Next()
	if want := wire(t, "21 04 05 00 00 00 00 00"); !bytes.Equal(frame, want) || gap != 20*time.Millisecond {
		t.Errorf("% X after %v", frame, gap)
	}
	if frame, _ := s.Next(); frame != nil || !s.Done() {
		t.Errorf("frame % X behind the last", frame)
	}
}

func TestSenderKeepsBlocks(t *testing.T) {
	s, _ := isotp.NewSender(message(6+7*5), isotp.OBD())
	sent := 0
	drain := func() int {
		n := 0
		for frame, _ := s.Next(); frame != nil; frame, _ = s.Next() {
			n++
		}
		sent += n
		return n
	}
	for i, want := range []int{2, 2, 1} {
		if err := s.Control(isotp.FlowControl{BlockSize: 2}); err != nil {
			t.Fatal(err)
		}
		if n := drain(); n != want {
			t.Errorf("block %d has %d frames, want %d", i, n, want)
		}
	}
	if sent != 5 || !s.Done() {
		t.Errorf("%d frames, done %v", sent, s.Done())
	}
}

func TestSenderWaitsAndGivesUp(t *testing.T) {
	s, _ := isotp.NewSender(message(20), isotp.OBD())
	wait := isotp.FlowControl{Status: isotp.Wait}
	for range isotp.MaxWaits {
		if err := s.Control(wait); err != nil {
			t.Fatal(err)
		}
	}
	if frame, _ := s.Next(); frame != nil {
		t.Error("a frame was sent while the ECU asked to wait")
	}
	if err := s.Control(wait); !errors.Is(err, isotp.ErrTooManyWaits) {
		t.Errorf("error %v", err)
	}
	if err := s.Control(isotp.FlowControl{}); !errors.Is(err, isotp.ErrTooManyWaits) {
		t.Errorf("a failed transfer went on: %v", err)
	}
}

func TestSenderOverflow(t *testing.T) {
	s, _ := isotp.NewSender(message(20), isotp.OBD())
	if err := s.Control(isotp.FlowControl{Status: isotp.Overflow}); !errors.Is(err, isotp.ErrReceiverOverflow) {
		t.Errorf("error %v", err)
	}
	if frame, _ := s.Next(); frame != nil {
		t.Errorf("frame % X after the overflow", frame)
	}
}
