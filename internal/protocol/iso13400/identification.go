package iso13400

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// EntityID is the EID or GID of an entity, commonly a MAC address.
type EntityID [6]byte

// String prints it as a MAC address.
func (e EntityID) String() string {
	return fmt.Sprintf("%02X:%02X:%02X:%02X:%02X:%02X", e[0], e[1], e[2], e[3], e[4], e[5])
}

// IsSet tells an identifier from the values that stand for none (all 00, all FF).
func (e EntityID) IsSet() bool {
	return e != EntityID{} && e != EntityID{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}
}

// Identify asks every entity to identify itself.
type Identify struct{}

// Type returns 0001.
func (Identify) Type() Type { return TypeIdentify }

// Append appends nothing.
func (Identify) Append(b []byte) []byte { return b }

// IdentifyEID asks the entity with this EID.
type IdentifyEID struct{ EID EntityID }

// Type returns 0002.
func (IdentifyEID) Type() Type { return TypeIdentifyEID }

// Append appends six bytes.
func (i IdentifyEID) Append(b []byte) []byte { return append(b, i.EID[:]...) }

// IdentifyVIN asks the entities of the vehicle with this VIN.
type IdentifyVIN struct{ VIN [17]byte }

// Type returns 0003.
func (IdentifyVIN) Type() Type { return TypeIdentifyVIN }

// Append appends 17 bytes.
func (i IdentifyVIN) Append(b []byte) []byte { return append(b, i.VIN[:]...) }

// Announcement is the vehicle announcement, and the vehicle identification response (payload 0004).
type Announcement struct {
	VIN     [17]byte // all 00 or all FF while the entity does not know it
	Address Address
	EID     EntityID
	GID     EntityID
	Action  Action
	// Sync is the VIN/GID synchronization status, which the first entities leave out.
	Sync    Sync
	HasSync bool
}

// Type returns 0004.
func (Announcement) Type() Type { return TypeAnnouncement }

// Append appends 32 or 33 bytes.
func (a Announcement) Append(b []byte) []byte {
	b = append(b, a.VIN[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(a.Address))
	b = append(b, a.EID[:]...)
	b = append(b, a.GID[:]...)
	b = append(b, byte(a.Action))
	if a.HasSync {
		b = append(b, byte(a.Sync))
	}
	return b
}

func parseAnnouncement(b []byte) Announcement {
	a := Announcement{
		VIN: [17]byte(b), Address: address(b[17:]), EID: EntityID(b[19:]), GID: EntityID(b[25:]), Action: Action(b[31]),
	}
	if len(b) > 32 {
		a.Sync, a.HasSync = Sync(b[32]), true
	}
	return a
}

// Vehicle returns the VIN as text; "" when the entity does not know one or it is not printable.
func (a Announcement) Vehicle() string {
	for _, c := range a.VIN {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	return strings.ToUpper(string(a.VIN[:]))
}

// Action is the further action that an entity asks for.
type Action byte

// The actions (table "further action codes").
const (
	ActionNone            Action = 0x00
	ActionCentralSecurity Action = 0x10 // routing activation with central security
)

// String names the action.
func (a Action) String() string {
	switch {
	case a == ActionNone:
		return "none"
	case a == ActionCentralSecurity:
		return "routing activation required to initiate central security"
	case a > ActionCentralSecurity:
		return fmt.Sprintf("manufacturer's action %02X", byte(a))
	}
	return fmt.Sprintf("reserved action %02X", byte(a))
}

// Sync is the VIN/GID synchronization status.
type Sync byte

// The states.
const (
	SyncDone       Sync = 0x00
	SyncIncomplete Sync = 0x10
)

// String names the state.
func (s Sync) String() string {
	switch s {
	case SyncDone:
		return "synchronized"
	case SyncIncomplete:
		return "not synchronized"
	}
	return fmt.Sprintf("reserved state %02X", byte(s))
}
