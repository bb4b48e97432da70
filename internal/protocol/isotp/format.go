package isotp

// Format says how frames are built for one ECU. The zero Format builds frames of classical CAN with
// normal addressing and without padding.
type Format struct {
	Addressing Addressing
	Extension  byte // the address byte of [Extended] addressing
	// Size is the longest frame in data bytes: 8 on classical CAN (also when 0), 12 to 64 on CAN FD.
	Size int
	// Padded fills frames up to 8 bytes with Pad. Frames above 8 bytes are always filled to the next
	// length that CAN FD has. ISO 15765-4 demands padding for OBD, a few ECUs refuse it.
	Padded bool
	Pad    byte
}

// OBD is the format that ISO 15765-4 asks for: normal addressing, every frame 8 bytes long.
func OBD() Format { return Format{Padded: true} }

// size returns the longest frame that can be used.
func (f Format) size() int {
	if f.Size <= 8 {
		return 8
	}
	if n := fitSize(min(f.Size, 64)); n <= f.Size {
		return n
	}
	for i := len(sizes) - 1; i >= 0; i-- {
		if sizes[i] <= f.Size {
			return sizes[i]
		}
	}
	return 8
}

func (f Format) appendAddress(dst []byte) []byte {
	if f.Addressing == Extended {
		return append(dst, f.Extension)
	}
	return dst
}

// appendPadding fills the frame that begins at start.
func (f Format) appendPadding(dst []byte, start int) []byte {
	n := len(dst) - start
	want := fitSize(n)
	if f.Padded && want < 8 {
		want = 8
	}
	for ; n < want; n++ {
		dst = append(dst, f.Pad)
	}
	return dst
}

// singleRoom returns the longest message of a single frame in classical and in CAN FD form.
func (f Format) singleRoom() (short, long int) {
	short = 7 - f.Addressing.bytes()
	if s := f.size(); s > 8 {
		return short, s - 2 - f.Addressing.bytes()
	}
	return short, short
}
