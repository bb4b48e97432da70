package trip

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// name is a UUIDv7 (RFC 9562, 5.7) of a trip's start whose random part follows from vehicle and start:
// finding the same trip again gives the same identifier, on every machine.
func name(vehicle uuid.UUID, start time.Time) uuid.UUID {
	var id uuid.UUID
	hash := sha256.New()
	hash.Write(vehicle[:])
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(start.UnixMicro()))
	hash.Write(at[:])
	copy(id[:], hash.Sum(nil))
	ms := uint64(start.UnixMilli())
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], ms)
	copy(id[:6], stamp[2:])
	id[6] = id[6]&0x0F | 0x70
	id[8] = id[8]&0x3F | 0x80
	return id
}
