package uds

// reader takes a message apart from the front. Once a field does not fit it is short, and every
// further field is empty.
type reader struct {
	data  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.short, r.data = true, nil
		return nil
	}
	head := r.data[:n:n]
	r.data = r.data[n:]
	return head
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return 0
}

func (r *reader) uint24() uint32 {
	if b := r.take(3); b != nil {
		return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	}
	return 0
}

func (r *reader) rest() Hex {
	b := r.data
	r.data = nil
	if len(b) == 0 {
		return nil
	}
	return Hex(b)
}

// block is a field behind its own length of two bytes.
func (r *reader) block() Hex { return Hex(r.take(int(r.uint16()))) }

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
