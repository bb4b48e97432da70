package isotp

// transfer is a multi-frame message in the making.
type transfer struct {
	length int    // announced
	first  []byte // the first frame's part
	chunk  int    // message bytes of a full consecutive frame
	cut    bool   // the first frame itself lost bytes
}

func newTransfer(f Frame, a Addressing, cut bool) transfer {
	// A cut first frame does not tell the frame length; classical CAN is the only line that adapters cut.
	size := max(f.Size, 8)
	return transfer{length: f.Length, first: f.Data, chunk: size - 1 - a.bytes(), cut: cut}
}

// room returns how many bytes of the message an undamaged first frame carries.
func (t *transfer) room() int {
	if t.cut {
		// chunk counts one control byte, a first frame has two.
		return min(t.length, t.chunk-1)
	}
	return len(t.first)
}

// frames returns how many consecutive frames the message needs.
func (t *transfer) frames() int { return (t.length - t.room() + t.chunk - 1) / t.chunk }

// want returns how many message bytes the n-th consecutive frame carries, counted from 1.
func (t *transfer) want(n int) int { return min(t.chunk, t.length-t.room()-(n-1)*t.chunk) }
