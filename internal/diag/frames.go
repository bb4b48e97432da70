package diag

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// frameBook remembers how many frames the replies to a request took together, so that the adapter can
// stop waiting for more ([link.Request.Frames]). A number is trusted after it was the same twice.
type frameBook map[string]frameCount

// frameCount is what was seen of one request's replies.
type frameCount struct {
	frames, ecus int
	seen         int // times in a row that frames and ecus were the same
}

const (
	trustFrames   = 2   // equal counts in a row before the hint is given
	maxFrameBook  = 512 // requests remembered
	maxFrameDigit = 15  // the count is one hexadecimal digit
)

func frameKey(target obd.Address, data []byte) string { return fmt.Sprintf("%d/%s", target, data) }

// expect returns the known number of frames, 0 when there is none to trust.
func (b frameBook) expect(key string) int {
	if c := b[key]; c.seen >= trustFrames && c.frames <= maxFrameDigit {
		return c.frames
	}
	return 0
}

// learn takes the replies to a request; a failed exchange forgets what was known.
func (b frameBook) learn(key string, replies []link.Reply, err error) {
	now := frameCount{seen: 1, ecus: len(replies)}
	for _, r := range replies {
		if r.Err != nil || r.Frames < 1 {
			err = errMalformed
		}
		now.frames += r.Frames
	}
	if err != nil || len(replies) == 0 {
		delete(b, key)
		return
	}
	if old := b[key]; old.frames == now.frames && old.ecus == now.ecus {
		now.seen = old.seen + 1
	}
	if _, known := b[key]; known || len(b) < maxFrameBook {
		b[key] = now
	}
}

// foresee returns the number of frames to expect of a request that was not sent before: known from the
// bitmaps and the lengths of the PIDs, and believed after it was right for other requests of the service.
func (t *Tester) foresee(q question) int {
	if _, carried := t.dialect.(translator); carried || q.frames > maxFrameDigit || t.foreseen[obd.Service(q.data[0])] < trustFrames {
		return 0
	}
	return q.frames
}

// review holds what came against what was foreseen. One miss, and counts are not believed until they
// were right again without being used.
func (t *Tester) review(q question, replies []link.Reply, err error) {
	if q.frames == 0 {
		return
	}
	frames := 0
	for _, r := range replies {
		if frames += r.Frames; r.Err != nil {
			err = r.Err
		}
	}
	service := obd.Service(q.data[0])
	if err != nil || frames != q.frames {
		t.foreseen[service] = 0
		return
	}
	t.foreseen[service]++
}

// framesOf is how many CAN frames a message takes (ISO 15765-2): 7 bytes in a single frame, otherwise 6
// in the first and 7 in each further one.
func framesOf(length int) int {
	if length <= 7 {
		return 1
	}
	return 1 + (length-6+6)/7
}
