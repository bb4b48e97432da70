package text

import (
	"bytes"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// splitFrame reads the frame at the front of a line's digits. word is the length of the line's first
// word, 0 when the line has no blanks. rest holds a second frame where the adapter lost the line end
// between two; it repeats the identifier.
func splitFrame(digits []byte, word int, f Format) (frame canFrame, rest []byte, ok bool) {
	if f.Raw && !f.Headers {
		frame.data = appendPacked(make([]byte, 0, len(digits)/2), digits)
		return frame, nil, len(digits)%2 == 0
	}
	width, ok := idWidth(digits, word, f)
	if !ok && !f.Protocol.Is29Bit() && len(digits) > 3+16 && gluedAt(digits[3:], digits[:3]) > 0 {
		width, ok = 3, true // two odd lines make an even one
	}
	if !ok {
		return frame, nil, false
	}
	id, body := digits[:width], digits[width:]
	frame.from = address(id)
	size := len(body)
	if f.DLC {
		if len(body) == 0 {
			return frame, nil, false
		}
		size, body = 2*int(body[0]), body[1:]
		size = min(size, len(body)) // the digit of a remote frame counts bytes that are not there
	}
	if len(body) > 16 {
		if cut := gluedAt(body, id); cut > 0 {
			rest, size = body[cut:], min(size, cut)
		}
	}
	if size%2 != 0 {
		return frame, nil, false
	}
	if size == 18 && !(body[0] == 0 && body[1] == 8) {
		size = 16 // one stray byte behind a full frame; CAN FD has no frame of nine
	}
	frame.data = appendPacked(make([]byte, 0, size/2), body[:size])
	return frame, rest, true
}

// idWidth decides between 3 and 8 identifier digits: by the blanks where there are, by the number of
// digits otherwise (data comes in pairs, so a line with a 3-digit identifier is odd), and by the
// protocol where a length digit blurs that. An identifier of the other width than the protocol's is
// taken only where its value speaks for itself, so that a line that lost a digit is not.
func idWidth(digits []byte, word int, f Format) (int, bool) {
	usual := 3
	if f.Protocol.Is29Bit() {
		usual = 8
	}
	width := usual
	switch {
	case word == 3:
		width = 3
	case word == 8 || word == 2:
		width = 8
	case !f.DLC && len(digits)%2 == 1:
		width = 3
	case !f.DLC:
		width = 8
	}
	if len(digits) < width+2 {
		return 0, false
	}
	id := number(digits[:width])
	if width == 3 {
		return width, id <= 0x7FF && (width == usual || id >= 0x400)
	}
	return width, id <= 0x1FFFFFFF && (width == usual || id>>16 == 0x18DA || id>>16 == 0x18DB)
}

func address(id []byte) obd.Address {
	if len(id) == 3 {
		return obd.CAN11(number(id))
	}
	return obd.CAN29(number(id))
}

// gluedAt finds where a second frame begins behind the first one's data: at the same identifier once
// more, or behind eight data bytes at another one that ECUs answer with. What follows it must be a
// frame of ISO 15765-2. 0 when there is none.
func gluedAt(body, id []byte) int {
	for at := 2; at+len(id)+2 <= len(body) && at <= 16; at += 2 {
		other := body[at : at+len(id)]
		if !bytes.Equal(other, id) && (at < 16 || !answersAt(other)) {
			continue
		}
		behind := body[at+len(id):]
		packed := appendPacked(make([]byte, 0, 8), behind[:min(len(behind)&^1, 16)])
		if _, err := isotp.Parse(packed, isotp.Normal); err == nil {
			return at
		}
	}
	return 0
}

// answersAt tells an identifier that ECUs usually answer with.
func answersAt(id []byte) bool {
	if len(id) == 3 {
		return number(id) >= 0x7E8 && number(id) <= 0x7EF
	}
	return number(id)>>8 == 0x18DAF1
}
