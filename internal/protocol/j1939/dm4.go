package j1939

import "errors"

// Parameter groups of freeze frames.
const (
	PGNDM4  = 65229 // FECD: the frames with a fixed set of parameters
	PGNDM25 = 64951 // FDB7: expanded frames, laid out by DM24
)

// Frame is one freeze frame of DM4 or DM25: a code and the bytes that were stored with it.
type Frame struct {
	DTC  DTC
	Data []byte
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

// Basic is the fixed part of a DM4 frame (SAE J1939-73, 5.7.4).
type Basic struct {
	TorqueMode  uint8    // SPN 899, four bits
	Boost       Quantity // SPN 102, kPa
	Speed       Quantity // SPN 190, 1/min
	Load        Quantity // SPN 92, %
	Coolant     Quantity // SPN 110, Cel
	VehicleSpd  Quantity // SPN 84, km/h
	MakersBytes []byte
}

// Basic reads the data of a DM4 frame.
func (f Frame) Basic() (Basic, error) {
	d := f.Data
	if len(d) < 8 {
		return Basic{}, short("DM4", d, 8)
	}
	b := Basic{TorqueMode: d[0] & 0xF, Boost: quantity(d[1:2], 2), Speed: quantity(d[2:4], 0.125), Load: quantity(d[4:5], 1),
		Coolant: quantity(d[5:6], 1), VehicleSpd: quantity(d[6:8], 1.0/256), MakersBytes: d[8:]}
	if b.Coolant.Indicator == Valid {
		b.Coolant.Value -= 40
	}
	return b, nil
}
