package isotp

import (
	"fmt"
	"time"
)

// FlowStatus tells the sender of a long message what to do.
type FlowStatus uint8

// The flow states (ISO 15765-2 table 18).
const (
	ContinueToSend FlowStatus = 0
	Wait           FlowStatus = 1
	Overflow       FlowStatus = 2
)

// FlowControl is the receiver's leave to send more frames.
type FlowControl struct {
	Status FlowStatus
	// BlockSize is how many consecutive frames may follow before the next flow control; 0 is all.
	BlockSize byte
	// STmin is the encoded shortest gap between consecutive frames, see [FlowControl.Gap].
	STmin byte
}

// maxGap is the longest gap that STmin can ask for; reserved values mean it too (clause 9.6.5.5).
const maxGap = 127 * time.Millisecond

// Gap returns the shortest time between two consecutive frames.
func (fc FlowControl) Gap() time.Duration {
	switch {
	case fc.STmin <= 0x7F:
		return time.Duration(fc.STmin) * time.Millisecond
	case fc.STmin >= 0xF1 && fc.STmin <= 0xF9:
		return time.Duration(fc.STmin-0xF0) * 100 * time.Microsecond
	}
	return maxGap
}

// EncodeGap returns the STmin for a gap, rounded up to the next that can be expressed, 127 ms at most.
func EncodeGap(d time.Duration) byte {
	switch {
	case d <= 0:
		return 0
	case d <= 900*time.Microsecond:
		return 0xF0 + byte((d+100*time.Microsecond-1)/(100*time.Microsecond))
	case d >= maxGap:
		return 0x7F
	}
	return byte((d + time.Millisecond - 1) / time.Millisecond)
}

// AppendFlow appends the data bytes of a flow control frame to dst.
func AppendFlow(dst []byte, fc FlowControl, f Format) []byte {
	start := len(dst)
	dst = f.appendAddress(dst)
	dst = append(dst, byte(Flow)<<4|byte(fc.Status)&0x0F, fc.BlockSize, fc.STmin)
	return f.appendPadding(dst, start)
}

func parseFlow(f Frame, data []byte) (Frame, error) {
	if len(data) < 3 {
		return f, fmt.Errorf("%w: flow control of %d bytes", ErrFrame, len(data))
	}
	f.Flow = FlowControl{Status: FlowStatus(data[0] & 0x0F), BlockSize: data[1], STmin: data[2]}
	if f.Flow.Status > Overflow {
		return f, fmt.Errorf("%w: flow status %X", ErrFrame, data[0]&0x0F)
	}
	return f, nil
}
