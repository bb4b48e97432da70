package replay

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// identities hands out UUIDv7 values that follow from the session's own: the first is that one, the
// others carry the clock's time and bits that depend on nothing but the session and their number.
type identities struct {
	session uuid.UUID
	given   uint64
}

func (s *identities) next(now time.Time) uuid.UUID {
	n := s.given
	s.given++
	if n == 0 {
		return s.session
	}
	return version7(now, binary.BigEndian.AppendUint64(s.session[:], n))
}

// version7 builds a UUIDv7 (RFC 9562 clause 5.7) whose random bits are the hash of seed.
func version7(at time.Time, seed []byte) uuid.UUID {
	hash := sha256.Sum256(seed)
	id := uuid.UUID(hash[:16])
	ms := uint64(max(at.UnixMilli(), 0))
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], ms<<16)
	copy(id[:6], stamp[:6])
	id[6] = id[6]&0x0F | 0x70
	id[8] = id[8]&0x3F | 0x80
	return id
}
