package j1939

import "errors"

// PGNDM25 holds expanded freeze frames, laid out by DM24.
const PGNDM25 = 64951 // FDB7

// Frame is one freeze frame of DM4 or DM25: a code and the bytes that were stored with it.
type Frame struct {
	DTC  DTC `json:"dtc"`
	Data Hex `json:"data"`
}

var errFrame = errors.New("freeze frame is longer than the message")

// ParseFrames reads DM4 and DM25: each frame begins with the number of bytes that follow, four of them the
// code. What could be read before an error is returned with it.
func ParseFrames(data []byte, legacy uint8) ([]Frame, error) {
	var out []Frame
	for len(data) > 0 {
		size := int(data[0])
		if size == 0 || size == 0xFF {
			break // padding
		}
		if size < 4 || size >= len(data) && len(data) < 5 {
			return out, errFrame
		}
		body := data[1:min(size+1, len(data))]
		if b := [4]byte(body); !isNone(b) {
			out = append(out, Frame{DTC: ParseDTC(b, legacy), Data: append([]byte{}, body[4:]...)})
		}
		if size >= len(data) {
			return out, errFrame
		}
		data = data[size+1:]
	}
	return out, nil
}

// FrameBytes returns the message of some frames; none gives the empty frame of one CAN frame.
func FrameBytes(frames []Frame) []byte {
	if len(frames) == 0 {
		return []byte{0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF}
	}
	var out []byte
	for _, f := range frames {
		b := f.DTC.Bytes()
		out = append(append(append(out, byte(4+len(f.Data))), b[:]...), f.Data...)
	}
	return out
}
