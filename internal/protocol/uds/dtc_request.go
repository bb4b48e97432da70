package uds

// The sub-functions of service 19 (table 317).
const (
	CountByStatus        = 0x01
	ByStatus             = 0x02
	SnapshotNumbers      = 0x03
	SnapshotByDTC        = 0x04
	StoredDataByRecord   = 0x05
	ExtendedByDTC        = 0x06
	CountBySeverity      = 0x07
	BySeverity           = 0x08
	SeverityOfDTC        = 0x09
	SupportedDTCs        = 0x0A
	FirstFailed          = 0x0B
	FirstConfirmed       = 0x0C
	LastFailed           = 0x0D
	LastConfirmed        = 0x0E
	MirrorByStatus       = 0x0F
	MirrorExtendedByDTC  = 0x10
	MirrorCountByStatus  = 0x11
	EmissionsCount       = 0x12
	EmissionsByStatus    = 0x13
	FaultCounters        = 0x14
	PermanentDTCs        = 0x15
	ExtendedByRecord     = 0x16
	MemoryByStatus       = 0x17
	MemorySnapshotByDTC  = 0x18
	MemoryExtendedByDTC  = 0x19
	ExtendedSupportedFor = 0x1A
	WWHByMask            = 0x42
	WWHPermanent         = 0x55
	WWHByReadinessGroup  = 0x56
)

// AllRecords asks for every snapshot or extended data record.
const AllRecords = 0xFF

// EmissionsSystems is the functional group of emissions-related ECUs (annex D.5).
const EmissionsSystems = 0x33

// DTCsByStatus asks for the codes with any bit of a mask (19 02).
func DTCsByStatus(mask Status) []byte { return []byte{byte(ReadDTC), ByStatus, byte(mask)} }

// DTCs builds a request without parameters, such as [PermanentDTCs], or with one mask or record number.
func DTCs(subFunction byte, parameters ...byte) []byte {
	return append([]byte{byte(ReadDTC), subFunction}, parameters...)
}

// DTCDetail asks for one code: [SnapshotByDTC], [ExtendedByDTC] and [MirrorExtendedByDTC] with a record
// number, the two of user-defined memory with the memory behind it, [SeverityOfDTC] without either.
func DTCDetail(subFunction byte, code DTC, behind ...byte) []byte {
	return append([]byte{byte(ReadDTC), subFunction, byte(code >> 16), byte(code >> 8), byte(code)}, behind...)
}

// WWHDTCs asks a functional group for the codes with any bit of both masks (19 42).
func WWHDTCs(group byte, status Status, severity Severity) []byte {
	return []byte{byte(ReadDTC), WWHByMask, group, byte(status), byte(severity)}
}

// WWHPermanentDTCs asks a functional group for its permanent codes (19 55).
func WWHPermanentDTCs(group byte) []byte { return []byte{byte(ReadDTC), WWHPermanent, group} }

// ReadinessGroup asks a functional group for the codes of one readiness group (19 56).
func ReadinessGroup(group, readiness byte) []byte {
	return []byte{byte(ReadDTC), WWHByReadinessGroup, group, readiness}
}
